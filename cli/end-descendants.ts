import { readdirSync, readFileSync } from 'node:fs';

/** Parents by process, from Linux's `/proc`; empty on other systems. */
function readParents(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  let entries: readonly string[];
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return parents;
  }
  for (const entry of entries) {
    try {
      // The name, in parentheses, can itself contain spaces and parentheses.
      const fields = readFileSync(`/proc/${entry}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      parents.set(Number(entry), Number(fields[1]));
    } catch {
      // The process has ended since.
    }
  }
  return parents;
}

/**
 * Ends everything that a process has started, and what those have started, without waiting. Without
 * `/proc` only the exit handlers of their parents end them.
 */
export function endDescendants(pid: number): void {
  const parents = readParents();
  const doomed = new Set([pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [child, parent] of parents) {
      if (doomed.has(child) || !doomed.has(parent)) continue;
      doomed.add(child);
      grown = true;
    }
  }
  doomed.delete(pid);
  for (const each of doomed) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has already ended.
    }
  }
}
