import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const daysKept = 30;

/** One file for each day; old ones are removed. */
export interface DailyFile {
  /** Never throws. */
  readonly write: (line: string) => void;
  /** The file of the last line; `undefined` if it could not be written. */
  readonly file: () => string | undefined;
}

function sweep(folder: string, today: string): void {
  const oldest = new Date(Date.parse(today) - daysKept * 86_400_000).toISOString().slice(0, 10);
  for (const name of readdirSync(folder)) {
    const day = /^bespoke-(\d{4}-\d{2}-\d{2})\.log$/.exec(name)?.[1];
    if (day !== undefined && day < oldest) rmSync(path.join(folder, name), { force: true });
  }
}

/**
 * Appends lines to `<folder>/bespoke-<day>.log`, readable by its owner only and created with the first line.
 * Lines are written at once: the last one before a crash matters most. A log that cannot be written never makes
 * its caller fail.
 */
export function openDailyFile(folder: string, now: () => Date): DailyFile {
  let written: string | undefined;
  let sweptOn: string | undefined;
  return {
    write: (line) => {
      const day = now().toISOString().slice(0, 10);
      const file = path.join(folder, `bespoke-${day}.log`);
      try {
        if (sweptOn !== day) {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          sweep(folder, day);
          sweptOn = day;
        }
        appendFileSync(file, line, { mode: 0o600 });
        written = file;
      } catch {
        written = undefined;
      }
    },
    file: () => written,
  };
}
