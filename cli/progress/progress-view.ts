import { createLogUpdate } from 'log-update';
import type { WatchedEvent } from '../../worker/guests/operations.ts';
import { countOf, formatDuration } from '../terminal/quantities.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { CampaignMeter, type Reading } from './campaign-meter.ts';
import { describeClips, describePace, describeRows } from './describe-reading.ts';

type Delivered = Extract<WatchedEvent, { readonly type: 'delivered' }>['video'];

/** Shows how a batch goes while it runs. */
export interface ProgressView {
  readonly observe: (event: WatchedEvent) => void;
  /** Writes a line that stays. */
  readonly note: (line: string) => void;
  readonly reading: () => Reading;
  /** Takes the moving part away. */
  readonly stop: () => void;
}

interface Options {
  readonly terminal: Terminal;
  readonly now: () => number;
  readonly fps: number;
  /** One video is made, so that rows mean nothing to the reader. */
  readonly single?: true;
}

const barWidth = 30;

function drawBar(fraction: number, { paint }: Terminal): string {
  const cells = Math.min(barWidth, Math.round(fraction * barWidth));
  return paint.green('━'.repeat(cells)) + paint.dim('─'.repeat(barWidth - cells));
}

/** A bar that is redrawn in place. */
function openBar({ terminal, now, single }: Options): ProgressView {
  const meter = new CampaignMeter();
  const redraw = createLogUpdate(terminal.stream, { showCursor: true });
  let stopped = false;

  function draw(): void {
    if (stopped) return;
    const reading = meter.read(now());
    if (!reading.started) {
      redraw(`  ${terminal.paint.dim('Starting engines and templates …')}`);
      return;
    }
    const percent = `${Math.floor(reading.fraction * 100)} %`.padStart(5);
    const rows = single === true ? '' : `   ${describeRows(reading)}`;
    redraw(
      `  ${drawBar(reading.fraction, terminal)} ${percent}${rows}\n` +
        `  ${terminal.paint.dim(`${describeClips(reading)} · ${describePace(reading)}`)}`,
    );
  }

  // Where a clip takes long, events alone would leave a number standing that is no longer true.
  const timer = setInterval(draw, 1000);
  return {
    observe: (event) => {
      meter.observe(event, now());
      if (event.type === 'progress') draw();
    },
    note: (line) => {
      redraw.clear();
      terminal.say(line);
      draw();
    },
    reading: () => meter.read(now()),
    stop: () => {
      stopped = true;
      clearInterval(timer);
      redraw.clear();
      redraw.done();
    },
  };
}

const quietMs = 15_000;

/** A line per event, and now and then how far all is. */
function openLines({ terminal, now, fps, single }: Options): ProgressView {
  const meter = new CampaignMeter();
  const { say } = terminal;
  let saidAt = now();
  let failed = 0;
  let last = '';

  function sayDelivered({ fileName, durationInFrames, status }: Delivered): void {
    if (status.state !== 'done') return;
    const { rendered, reused } = { rendered: status.clipsRendered, reused: status.clipsReused };
    const clips = `${rendered} rendered, ${reused} reused`;
    say(`done      videos/${fileName}.mp4  ${formatDuration(durationInFrames / fps)}  ${clips}`);
  }

  function sayEvent(event: WatchedEvent): void {
    if (event.type === 'opened' && event.continued) say('continue  an interrupted run of this batch');
    if (event.type === 'taken-in' && event.complete) say(`read      ${countOf(event.rows, 'row')}`);
    if (event.type === 'delivered') sayDelivered(event.video);
  }

  function sayProgress(reading: Reading): void {
    const rows = single === true ? [] : [describeRows(reading)];
    const line = [...rows, describeClips(reading), describePace(reading)].join(' · ');
    if (line !== last) say(`progress  ${line}`);
    last = line;
    saidAt = now();
  }

  return {
    observe: (event) => {
      meter.observe(event, now());
      if (single !== true) sayEvent(event);
      if (event.type !== 'progress') return;
      const reading = meter.read(now());
      if (reading.rows.failed > failed && single !== true) {
        say(`failed    ${countOf(reading.rows.failed, 'row')} so far`);
      }
      failed = reading.rows.failed;
      if (reading.rows.total > 0 && now() - saidAt >= quietMs) sayProgress(reading);
    },
    note: say,
    reading: () => meter.read(now()),
    stop: () => {
      if (last !== '') sayProgress(meter.read(now()));
    },
  };
}

/** A bar on a terminal, plain lines elsewhere. */
export function openProgressView(options: Options): ProgressView {
  return options.terminal.live ? openBar(options) : openLines(options);
}
