import { createRequire } from 'node:module';
import { writeFile } from 'node:fs/promises';
import * as fontkit from 'fontkit';

/** Writes `label-glyphs.json`: ASCII of Inter (SIL Open Font Licence 1.1) as outlines for `contact-sheet.ts`. */
const file = createRequire(import.meta.url).resolve(
  '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
);
const font = await fontkit.open(file);
if (!('glyphForCodePoint' in font)) throw new Error(`${file} is no single font.`);
const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const glyphs = Object.fromEntries(
  characters.map((character) => {
    const glyph = font.glyphForCodePoint(character.codePointAt(0) ?? 32);
    const path = glyph.path.toSVG().replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number))));
    return [character, { advance: Math.round(glyph.advanceWidth), path }];
  }),
);
await writeFile(
  new URL('label-glyphs.json', import.meta.url),
  `${JSON.stringify({ unitsPerEm: font.unitsPerEm, glyphs })}\n`,
);
