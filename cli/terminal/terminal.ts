import { createPaint, hasColours, type Paint } from './paint.ts';

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
    live: stderr.isTTY && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '',
    paintResult: createPaint(hasColours(stdout, env)),
    paint: createPaint(hasColours(stderr, env)),
    columns: () => stderr.columns ?? 100,
    resultColumns: () => stdout.columns ?? Number.POSITIVE_INFINITY,
    stream: stderr,
    flush: async () => {
      await Promise.all([flushed(stdout), flushed(stderr)]);
    },
  };
}
