import { readdirSync, readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';

/** Command lines of processes that work for a folder: browsers and encoders name files in it. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command.includes(folder) ? [command] : [];
    } catch {
      return [];
    }
  });
}

/** Expects that nothing which was started for a folder outlives it by more than a few seconds. */
export const expectNoOrphans = (folder: string): Promise<void> =>
  vi.waitFor(() => expect(processesOf(folder)).toEqual([]), { timeout: 5_000, interval: 100 });
