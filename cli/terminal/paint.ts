import type { WriteStream } from 'node:tty';

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

type Colour = keyof typeof codes;

/** Colours text for one stream; leaves it unchanged without colours. */
export type Paint = Readonly<Record<Colour, (text: string) => string>>;

/** Whether a stream shows colours: a terminal that has them, and neither NO_COLOR nor a dumb one. */
export function hasColours(
  stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'hasColors'>>,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '' || environment['FORCE_COLOR'] === '0') return false;
  if ((environment['FORCE_COLOR'] ?? '') !== '') return true;
  return stream.isTTY === true && environment['TERM'] !== 'dumb' && stream.hasColors?.() === true;
}

/** Paints with ANSI codes, or leaves text unchanged. */
export function createPaint(coloured: boolean): Paint {
  const colour =
    ([open, close]: readonly [number, number]) =>
    (text: string): string =>
      coloured && text !== '' ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return Object.fromEntries(Object.entries(codes).map(([name, pair]) => [name, colour(pair)])) as Paint;
}
