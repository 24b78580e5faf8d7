import { createLogUpdate } from 'log-update';
import type { BatchEvent } from '../batch/run-batch.ts';
import { exportedPath } from '../batch/exports.ts';
import { countOf, formatDuration } from '../terminal/quantities.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { CampaignMeter, type Reading } from './campaign-meter.ts';
import { describeClips, describePace, describeRows } from './describe-reading.ts';

/** Shows how a batch goes while it runs. */
export interface ProgressView {
  readonly observe: (event: BatchEvent) => void;
  /** Writes a line that stays. */
  readonly note: (line: string) => void;
  readonly reading: () => Reading;
  /** Takes the moving part away. */
  readonly stop: () => void;
}

interface Options {
  readonly terminal: Terminal;
  readonly now: () => number;
}

const barWidth = 30;

/** A bar of which a fraction is filled. */
export function drawBar(fraction: number, { paint }: Terminal): string {
  const cells = Math.min(barWidth, Math.round(fraction * barWidth));
  return paint.green('━'.repeat(cells)) + paint.dim('─'.repeat(barWidth - cells));
}

/** A bar that is redrawn in place. */
function openBar({ terminal, now }: Options): ProgressView {
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
    const rows = `   ${describeRows(reading)}`;
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
function openLines({ terminal, now }: Options): ProgressView {
  const meter = new CampaignMeter();
  const { say } = terminal;
  let saidAt = now();
  let failed = 0;
  let last = '';

  function sayExported({ render, unchanged }: Extract<BatchEvent, { readonly type: 'exported' }>): void {
    const { status, campaign } = render;
    if (status.state !== 'done' || unchanged) return;
    const clips = `${status.clipsRendered} rendered, ${status.clipsReused} reused`;
    const file = exportedPath('video', campaign?.fileName ?? render.id);
    say(`done      ${file}  ${formatDuration(status.durationInSeconds)}  ${clips}`);
  }

  function sayEvent(event: BatchEvent): void {
    if (event.type === 'exported') return sayExported(event);
    if (event.type !== 'accepted') return;
    if (event.continued) say('continue  an interrupted run of this batch');
    say(`read      ${countOf(event.campaign.rows.total, 'row')}`);
  }

  function sayProgress(reading: Reading): void {
    const line = [describeRows(reading), describeClips(reading), describePace(reading)].join(' · ');
    if (line !== last) say(`progress  ${line}`);
    last = line;
    saidAt = now();
  }

  return {
    observe: (event) => {
      meter.observe(event, now());
      sayEvent(event);
      if (event.type !== 'progress') return;
      const reading = meter.read(now());
      if (reading.rows.failed > failed) {
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
