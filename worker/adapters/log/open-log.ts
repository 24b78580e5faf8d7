import { type Logger, pino } from 'pino';
import type { Log, LogLine } from '../../core/ports.ts';

const longestMessage = 300;

/** The first line of a message without anything quoted, which may be about a person. */
function withoutQuotations(message: string): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/(["'`])(?:(?!\1).)*\1/gu, '$1…$1')
    .replace(/[“„«‹].*?[”“»›]/gu, '“…”')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/giu, '<url>')
    .replace(/\S+@\S+/gu, '<address>')
    .slice(0, longestMessage);
}

function describeStack(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [withoutQuotations(stack), ...frames].join('\n');
}

/** An error, or the text of one, for a log without personal data: kind, place and causes. */
export function describeFailure(failure: unknown): string {
  if (typeof failure === 'string') return describeStack(failure);
  if (!(failure instanceof Error)) return `a thrown ${typeof failure}`;
  const { code } = failure as NodeJS.ErrnoException;
  const own = describeStack(failure.stack ?? `${failure.name}: ${failure.message}`);
  const cause = failure.cause === undefined ? '' : `\n  caused by ${describeFailure(failure.cause)}`;
  return `${code === undefined ? '' : `[${code}] `}${own}${cause}`;
}

/** Where lines go, from which level on, and the clock. */
export interface LogOptions {
  /** Receives one line at a time, its end included. Must not throw. */
  readonly destination: { readonly write: (line: string) => void };
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly now: () => Date;
}

type Fields = Readonly<Record<string, unknown>>;
type FieldsLine = (fields: Fields, message: string) => void;

/** A log of lines of JSON, with an interface for the core and one for the server. */
export interface StructuredLog extends Log {
  /** Notes an unexpected error by its kind, place and causes. */
  readonly failure: (error: unknown) => void;
  /** For the HTTP server, which puts fields first. */
  readonly server: { readonly info: FieldsLine; readonly error: FieldsLine };
}

/** Lists are places in our code; all other text may contain quotations. */
function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return describeFailure(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return cleanedFields(value);
}

function cleanedFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleaned(value)]));
}

/**
 * Opens a log of structured lines: `level`, `time`, `pid`, `msg` and fields. Quotations in fields, URLs and
 * addresses are removed, because they may be about a person.
 */
export function openLog({ destination, level, now }: LogOptions): StructuredLog {
  const logger: Logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: cleanedFields },
    },
    destination,
  );
  const line =
    (name: 'debug' | 'info' | 'warn'): LogLine =>
    (message, fields = {}) =>
      logger[name](fields, message);
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    failure: (error) => logger.error({ failure: describeFailure(error) }, 'unexpected failure'),
    server: {
      info: (fields, message) => logger.info(fields, message),
      error: (fields, message) => logger.error(fields, message),
    },
  };
}
