import { familyCovers } from './coverage.ts';

/** Text that is drawn with one CSS font: what has to be decoded before a frame is captured. */
export interface FontUse {
  /** As CSS has it: family names in order, quoted or not. */
  readonly fontFamily: string;
  readonly weight: string;
  readonly style: string;
  readonly text: string;
}

const loaded = new Set<string>();
const listeners = new Set<() => void>();
let version = 0;

/** Grows whenever faces were loaded, so that what was measured before is measured again. */
export const fontVersion = (): number => version;

/** Calls the listener whenever {@link fontVersion} grows. @returns a way to stop that. */
export function onFontVersion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Makes everyone who measures text measure again. */
export function bumpFontVersion(): void {
  version += 1;
  for (const listener of listeners) listener();
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const joiners = /[\u200c\u200d\ufe00-\ufe0f\s]/gu;

/**
 * The family that draws a grapheme, as the browser picks it: the first that has all of its letters.
 * A family that the kit does not know (a brand's own) may or may not draw it, so it is wanted too.
 */
function drawingFamilies(grapheme: string, families: readonly string[]): readonly string[] {
  const codePoints = [...grapheme.replace(joiners, '')].map((letter) => letter.codePointAt(0) ?? 0);
  const wanted: string[] = [];
  for (const family of families) {
    const covers = codePoints.map((codePoint) => familyCovers(family, codePoint));
    if (covers.includes(undefined)) wanted.push(family);
    else if (covers.every(Boolean)) return [...wanted, family];
  }
  return wanted;
}

const keyOf = (use: FontUse, family: string, text: string): string =>
  `${family}|${use.weight}|${use.style}|${text}`;

const familiesOf = (fontFamily: string): readonly string[] =>
  fontFamily.split(',').map((family) => family.trim().replaceAll(/["']/g, ''));

interface Face {
  readonly shorthand: string;
  readonly family: string;
  text: string;
}

/** Faces that the uses need and that are not loaded yet. */
function missingFaces(uses: readonly FontUse[]): {
  readonly faces: readonly Face[];
  readonly keys: readonly string[];
} {
  const faces = new Map<string, Face>();
  const keys: string[] = [];
  for (const use of uses) {
    const whole = keyOf(use, use.fontFamily, use.text);
    if (loaded.has(whole)) continue;
    keys.push(whole);
    const families = familiesOf(use.fontFamily);
    for (const { segment } of graphemes.segment(use.text)) {
      for (const family of drawingFamilies(segment, families)) {
        const key = keyOf(use, family, segment);
        if (loaded.has(key)) continue;
        keys.push(key);
        const shorthand = `${use.style} ${use.weight} 48px "${family}"`;
        const face = faces.get(shorthand) ?? { shorthand, family, text: '' };
        face.text += segment;
        faces.set(shorthand, face);
      }
    }
  }
  return { faces: [...faces.values()], keys };
}

function assertDeclared(family: string): void {
  for (const face of document.fonts) {
    if (face.family.replaceAll(/["']/g, '') === family) return;
  }
  throw new Error(
    `No @font-face declares the family "${family}". Import its style sheet and set text with fontStack().`,
  );
}

/**
 * Decodes the faces that draw these texts.
 *
 * @returns `undefined` when all of them are there already, so that a frame need not wait.
 * The promise rejects when a family is not declared or its file cannot be read.
 */
export function loadFaces(uses: readonly FontUse[]): Promise<void> | undefined {
  const { faces, keys } = missingFaces(uses);
  if (faces.length === 0) {
    for (const key of keys) loaded.add(key);
    return undefined;
  }
  const load = async (): Promise<void> => {
    await Promise.all(
      faces.map(async ({ shorthand, family, text }) => {
        assertDeclared(family);
        await document.fonts.load(shorthand, text).catch((cause: unknown) => {
          throw new Error(`The font "${family}" could not be loaded.`, { cause });
        });
      }),
    );
    for (const key of keys) loaded.add(key);
    bumpFontVersion();
  };
  return load();
}
