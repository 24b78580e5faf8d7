import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const daysKept = 30;

/** A file for each day, of which old ones are removed. */
export interface DailyFile {
  /** Never throws. */
  readonly write: (line: string) => void;
  /** What the last line was written to; `undefined` where it could not be. */
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
 * Appends lines to `<folder>/bespoke-<day>.log`, readable by its owner only and made when there is
 * something to write. Written at once: the last line before a crash is the one that matters. A log
 * that cannot be written never fails whoever writes to it.
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
