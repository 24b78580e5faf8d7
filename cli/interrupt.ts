import { readFileSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import type { Terminal } from './terminal.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof signals)[number];

const exitCodeOf = (signal: Signal): number => 128 + constants.signals[signal];

/** Thrown through a command that was asked to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly by: Signal;
  readonly exitCode: number;

  constructor(signal: Signal) {
    super(`Stopped by ${signal}.`);
    this.by = signal;
    this.exitCode = exitCodeOf(signal);
  }
}

/** A watch for Ctrl-C, from the start of a command to its end. */
export interface Interrupts {
  /** Aborted, with an `Interrupted` as its reason, at the first signal. */
  readonly signal: AbortSignal;
  readonly dispose: () => void;
}

/**
 * Watches for Ctrl-C and its like. The first one asks the command to stop cleanly; the second one
 * ends the process, and the browsers and encoders it started, at once.
 */
export function watchInterrupts(terminal: Terminal, onFirst: () => void): Interrupts {
  const controller = new AbortController();
  const handlers = signals.map((signal) => {
    const handle = (): void => {
      if (!controller.signal.aborted) {
        onFirst();
        controller.abort(new Interrupted(signal));
        return;
      }
      terminal.say('Stopped at once.');
      endDescendants(process.pid);
      process.exit(exitCodeOf(signal));
    };
    process.on(signal, handle);
    return () => process.off(signal, handle);
  });
  return { signal: controller.signal, dispose: () => handlers.forEach((off) => off()) };
}

/** The interruption behind an error, however deep. */
export function findInterrupted(error: unknown, signal?: AbortSignal): Interrupted | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 10; each = each.cause, depth += 1) {
    if (each instanceof Interrupted) return each;
  }
  return signal?.aborted === true && signal.reason instanceof Interrupted ? signal.reason : undefined;
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

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
function endDescendants(pid: number): void {
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
