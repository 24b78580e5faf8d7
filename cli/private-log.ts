import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../worker/core/ports.ts';
import { describeFailure } from './describe-failure.ts';

const daysKept = 30;

/** The log of one process in a workspace. */
export interface PrivateLog extends Log {
  /** Notes an unexpected error. @returns the log's path, or `undefined` where it cannot be written. */
  readonly failure: (error: unknown) => string | undefined;
}

function sweep(folder: string, today: string): void {
  const oldest = new Date(Date.parse(today) - daysKept * 86_400_000).toISOString().slice(0, 10);
  for (const name of readdirSync(folder)) {
    const day = /^bespoke-(\d{4}-\d{2}-\d{2})\.log$/.exec(name)?.[1];
    if (day !== undefined && day < oldest) rmSync(path.join(folder, name), { force: true });
  }
}

/**
 * Writes `<workspace>/logs/bespoke-<day>.log`, readable by its owner only and made when there is
 * something to write. Nothing that was quoted in a message is kept, since it may be about a person.
 * A log that cannot be written never fails a command.
 */
export function openPrivateLog(workspace: string, now: () => Date): PrivateLog {
  const folder = path.join(workspace, 'logs');
  let ready = false;

  function append(level: string, text: string): string | undefined {
    const time = now().toISOString();
    const day = time.slice(0, 10);
    const file = path.join(folder, `bespoke-${day}.log`);
    try {
      if (!ready) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        sweep(folder, day);
        ready = true;
      }
      appendFileSync(file, `${time} ${process.pid} ${level} ${text}\n`, { mode: 0o600 });
      return file;
    } catch {
      return undefined;
    }
  }

  const line =
    (level: string): Log['debug'] =>
    (message, fields = {}) => {
      const values = Object.entries(fields).map(([name, value]) =>
        typeof value === 'string' ? `${name}=${describeFailure(value)}` : `${name}=${value}`,
      );
      append(level, [message, ...values].join(' '));
    };

  return {
    debug: line('debug'),
    warn: line('warn'),
    failure: (error) => append('error', describeFailure(error)),
  };
}
