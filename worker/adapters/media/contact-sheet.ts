import { readFile } from 'node:fs/promises';
import sharp, { type OverlayOptions } from 'sharp';
import { z } from 'zod';

/**
 * `label-glyphs.json`: ASCII of Inter (SIL Open Font Licence 1.1) as outlines, because without a browser there may be
 * no font.
 */
const glyphsSchema = z.object({
  unitsPerEm: z.number(),
  glyphs: z.record(z.string(), z.object({ advance: z.number(), path: z.string() })),
});
type Glyphs = z.infer<typeof glyphsSchema>;

/** A row of the sheet: title, notes and pictures in order. */
export interface SheetRow {
  /** ASCII; other characters are left out. */
  readonly title: string;
  /** ASCII, under the title; each on its own line. */
  readonly notes: readonly string[];
  /** PNG files of one size. */
  readonly frames: readonly string[];
}

const margin = 24;
const gap = 10;
const labelWidth = 190;
const longestSide = 320;
const background = '#15171c';

async function loadGlyphs(): Promise<Glyphs> {
  return glyphsSchema.parse(
    JSON.parse(await readFile(new URL('label-glyphs.json', import.meta.url), 'utf8')),
  );
}

/** One line of text as an SVG group whose baseline starts at `x`, `y`. */
function drawLine(
  { unitsPerEm, glyphs }: Glyphs,
  text: string,
  { x, y, size, colour }: { x: number; y: number; size: number; colour: string },
): string {
  const scale = size / unitsPerEm;
  let at = 0;
  const paths = [...text].flatMap((character) => {
    const glyph = glyphs[character];
    if (glyph === undefined) return [];
    const path = `<path transform="translate(${at} 0)" d="${glyph.path}"/>`;
    at += glyph.advance;
    return [path];
  });
  return `<g fill="${colour}" transform="translate(${x} ${y}) scale(${scale} ${-scale})">${paths.join('')}</g>`;
}

function drawLabel(glyphs: Glyphs, { title, notes }: SheetRow, height: number): Buffer {
  const lines = [
    drawLine(glyphs, title, { x: 0, y: 22, size: 20, colour: '#ffffff' }),
    ...notes.map((note, index) =>
      drawLine(glyphs, note, { x: 0, y: 46 + index * 19, size: 13, colour: '#9aa3b2' }),
    ),
  ];
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${labelWidth}" height="${height}">${lines.join('')}</svg>`,
  );
}

/**
 * Writes pictures as a table into one PNG, a line for each row.
 *
 * @throws Error when there is no picture.
 */
export async function drawContactSheet(rows: readonly SheetRow[], file: string): Promise<void> {
  const sample = rows.flatMap(({ frames }) => frames)[0];
  if (sample === undefined) throw new Error('A contact sheet needs at least one picture.');
  const { width, height } = await sharp(sample).metadata();
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const cell = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const columns = Math.max(...rows.map(({ frames }) => frames.length));
  const glyphs = await loadGlyphs();

  const layers: OverlayOptions[] = [];
  for (const [line, row] of rows.entries()) {
    const top = margin + line * (cell.height + gap);
    layers.push({ input: drawLabel(glyphs, row, cell.height), left: margin, top });
    for (const [column, frame] of row.frames.entries()) {
      layers.push({
        input: await sharp(frame).resize(cell.width, cell.height).png().toBuffer(),
        left: margin + labelWidth + gap + column * (cell.width + gap),
        top,
      });
    }
  }
  await sharp({
    create: {
      width: 2 * margin + labelWidth + columns * (cell.width + gap),
      height: 2 * margin + rows.length * (cell.height + gap) - gap,
      channels: 3,
      background,
    },
  })
    .composite(layers)
    .png()
    .toFile(file);
}
