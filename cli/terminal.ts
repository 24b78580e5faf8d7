import type { WriteStream } from 'node:tty';

type Stream = NodeJS.WriteStream;

/** The output of a command: results on one stream, everything else on the other. */
export interface Terminal {
  /** Writes a result as text, unless `--json` is set. */
  readonly result: (text: string) => void;
  /** Writes the result object, if `--json` is set. */
  readonly json: (result: object) => void;
  /** Writes lines for people beside the result. */
  readonly say: (text?: string) => void;
  readonly wantsJson: boolean;
  /** Whether lines beside the result may be redrawn in place. */
  readonly live: boolean;
  /** For results. */
  readonly paintResult: Paint;
  /** For lines beside the result. */
  readonly paint: Paint;
  /** Characters in a line beside the result; 100 if unknown. */
  readonly columns: () => number;
  /** Characters in a line of a result; unlimited where it goes to a file or a program. */
  readonly resultColumns: () => number;
  /** The stream of lines beside the result, for what redraws itself. */
  readonly stream: Stream;
  /** Resolves when everything was written. */
  readonly flush: () => Promise<void>;
}

/** A reader that has closed its end (`| head`) is not a failure: further output is dropped. */
function writer(stream: Stream): (text: string) => void {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    gone = true;
  });
  return (text) => {
    if (!gone) stream.write(text);
  };
}

const flushed = (stream: Stream): Promise<void> =>
  stream.writableLength === 0 || stream.destroyed
    ? Promise.resolve()
    : new Promise((resolve) => stream.write('', () => resolve()));

/** The terminal of this process. Create it once: it listens for closed readers. */
export function openTerminal(
  { stdout, stderr, env }: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>,
  wantsJson: boolean,
): Terminal {
  const [out, beside] = [writer(stdout), writer(stderr)];
  return {
    result: (text) => {
      if (!wantsJson) out(`${text}\n`);
    },
    json: (result) => {
      if (wantsJson) out(`${JSON.stringify(result, null, 2)}\n`);
    },
    say: (text = '') => beside(`${text}\n`),
    wantsJson,
    // A terminal without a size, as containers can have, shows nothing that is redrawn.
    live: stderr.isTTY && stderr.columns > 0 && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '',
    paintResult: createPaint(hasColours(stdout, env)),
    paint: createPaint(hasColours(stderr, env)),
    columns: () => stderr.columns || 100,
    resultColumns: () => stdout.columns || Number.POSITIVE_INFINITY,
    stream: stderr,
    flush: async () => {
      await Promise.all([flushed(stdout), flushed(stderr)]);
    },
  };
}

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
function hasColours(
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

/**
 * Text from outside (cells, headers, file names) made safe to print: one line, no control characters
 * that could move the cursor or reorder the text around it.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
}

/** Text of at most `length` characters: what is longer ends with `…`, after a word unless that word is very long. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const kept = characters.slice(0, length - 1);
  const space = characters.slice(0, length).lastIndexOf(' ');
  const cut = space > length / 2 ? kept.slice(0, space) : kept;
  return `${cut.join('').replace(/[\s,;:.]+$/u, '')}…`;
}

/** Breaks text into lines of at most `width` characters; longer words, such as paths, stay whole. */
export function wrapWords(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && [...line].length + 1 + [...word].length > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}
