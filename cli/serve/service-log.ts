import type { Log } from '../../worker/core/ports.ts';
import { describeFailure } from '../describe-failure.ts';
import type { Terminal } from '../terminal/terminal.ts';

type Fields = Readonly<Record<string, unknown>>;
type Level = 'info' | 'warn' | 'error';

/** What a process that runs for long tells its operator while it does. */
export interface ServiceLog {
  readonly info: (fields: Fields, message: string) => void;
  readonly error: (fields: Fields, message: string) => void;
  /** For what the core notes: kept in the workspace's log as well. */
  readonly core: Log;
}

const inWords = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Lines of words on a terminal, of JSON elsewhere. Strings of the core may quote; quotations are left out. */
export function openServiceLog(
  { live, say, paint }: Terminal,
  workspaceLog: Log,
  now: () => Date,
): ServiceLog {
  function write(level: Level, fields: Fields, message: string): void {
    const time = now().toISOString();
    if (!live) {
      say(JSON.stringify({ level, time, msg: message, ...fields }));
      return;
    }
    const facts = Object.entries(fields)
      .filter(([name]) => name !== 'requestId')
      .map(([name, value]) => `${paint.dim(`${name}=`)}${inWords(value)}`);
    const words = level === 'info' ? message : paint.yellow(message);
    say([paint.dim(time.slice(11, 19)), words, ...facts].join(' '));
  }

  const cleaned = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? describeFailure(value) : value,
      ]),
    );

  return {
    info: (fields, message) => write('info', fields, message),
    error: (fields, message) => write('error', fields, message),
    core: {
      debug: workspaceLog.debug,
      warn: (message, fields = {}) => {
        workspaceLog.warn(message, fields);
        write('warn', cleaned(fields), message);
      },
    },
  };
}
