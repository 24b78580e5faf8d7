import { createLogUpdate } from 'log-update';
import type { Render } from '../../client/api-client.ts';
import { countOf } from '../terminal/quantities.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { drawBar } from './progress-view.ts';

/** Shows how far a single video is. */
export interface RenderView {
  readonly observe: (render: Render) => void;
  /** Writes a line that stays. */
  readonly note: (line: string) => void;
  /** Takes the moving part away. */
  readonly stop: () => void;
}

function describe({ status }: Render, terminal: Terminal): string {
  const { paint } = terminal;
  if (status.state === 'queued') return `  ${paint.dim('Planning the video …')}`;
  const { done, total } = status.state === 'rendering' ? status : { done: 1, total: 1 };
  const bar = drawBar(total === 0 ? 1 : done / total, terminal);
  return `  ${bar} ${done} of ${countOf(total, 'clip')}`;
}

/** A bar on a terminal, nothing elsewhere: a single video takes seconds. */
export function openRenderView(terminal: Terminal): RenderView {
  if (!terminal.live) return { observe: () => undefined, note: terminal.say, stop: () => undefined };
  const redraw = createLogUpdate(terminal.stream, { showCursor: true });
  redraw(`  ${terminal.paint.dim('Starting engines and templates …')}`);
  return {
    observe: (render) => redraw(describe(render, terminal)),
    note: (line) => {
      redraw.clear();
      terminal.say(line);
    },
    stop: () => {
      redraw.clear();
      redraw.done();
    },
  };
}
