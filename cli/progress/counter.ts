import { createLogUpdate } from 'log-update';
import type { Terminal } from '../terminal/terminal.ts';
import { countOf } from '../terminal/quantities.ts';

/** Counts up to a known total, in place on a terminal and silently elsewhere. */
export interface Counter {
  readonly step: () => void;
  readonly stop: () => void;
}

/** Shows how many of `total` things, called `one` each, are drawn; silent without a terminal. */
export function openCounter({ stream, live, paint }: Terminal, total: number, one: string): Counter {
  if (!live) return { step: () => undefined, stop: () => undefined };
  const redraw = createLogUpdate(stream, { showCursor: true });
  let done = 0;
  const draw = (): void => redraw(`  ${paint.dim(`${done} of ${countOf(total, one)} drawn`)}`);
  draw();
  return {
    step: () => {
      done += 1;
      draw();
    },
    stop: () => {
      redraw.clear();
      redraw.done();
    },
  };
}
