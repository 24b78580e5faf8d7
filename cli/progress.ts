import { createLogUpdate } from 'log-update';
import type { Campaign, Render } from '../client/api-client.ts';
import { exportedPath } from './batch/exports.ts';
import type { BatchEvent } from './batch/run-batch.ts';
import { countOf, formatCount, formatDuration, formatEstimate } from './layout.ts';
import { plain, type Terminal } from './terminal.ts';

/** The progress of a batch, measured from its events. */
export interface Reading {
  /** Whether the campaign has started: engines, templates and browser take a while. */
  readonly started: boolean;
  /** Whether all rows are planned, so that the number of frames is final. */
  readonly planned: boolean;
  readonly rows: {
    readonly total: number;
    readonly ended: number;
    readonly failed: number;
    readonly skipped: number;
  };
  readonly clips: { readonly rendered: number; readonly reused: number };
  /** Frames of finished clips per second; `undefined` until a clip was finished. */
  readonly framesPerSecond: number | undefined;
  /** `undefined` while nothing was measured. A lower bound while rows are still being planned. */
  readonly secondsLeft: number | undefined;
  /** 0 to 1, by frames and rows. */
  readonly fraction: number;
  /** All clips are rendered, but some videos are not joined yet. */
  readonly assembling: boolean;
  /** What is still to be drawn again before its cuts are proven. */
  readonly proofs: number;
  /** Scenes that have been drawn for long. */
  readonly slow: SlowScenes;
}

type SlowScenes = NonNullable<Campaign['slow']>;

interface Sample {
  readonly atMs: number;
  readonly frames: number;
}

/** Long enough that single clips do not make the speed jump, short enough to follow the machine. */
const windowMs = 30_000;
/** Of the bar: what is left to do for a row when its frames are drawn. */
const rowShare = 0.1;

/** Turns a batch's events into its progress, speed and remaining time. */
export class CampaignMeter {
  private progress: Campaign | undefined;
  private first: Campaign | undefined;
  private reused = 0;
  /** One per change of the number of stored frames, oldest first. */
  private samples: Sample[] = [];

  observe(event: BatchEvent, nowMs: number): void {
    switch (event.type) {
      case 'accepted':
        this.first = event.campaign;
        return this.note(event.campaign, nowMs);
      case 'exported': {
        const { status } = event.render;
        if (status.state === 'done' && !event.unchanged) this.reused += status.clipsReused;
        return;
      }
      case 'progress':
        return this.note(event.campaign, nowMs);
      default:
        event satisfies never;
    }
  }

  private note(campaign: Campaign, nowMs: number): void {
    this.progress = campaign;
    const frames = campaign.frames.stored;
    if (this.samples.at(-1)?.frames !== frames) this.samples.push({ atMs: nowMs, frames });
    while (this.samples.length > 2 && (this.samples[1]?.atMs ?? nowMs) < nowMs - windowMs) {
      this.samples.shift();
    }
  }

  read(nowMs: number): Reading {
    const { progress, first } = this;
    const { total = 0, done = 0, failed = 0, skipped = 0, cancelled = 0 } = progress?.rows ?? {};
    const ended = done + failed + skipped + cancelled;
    const wanted = progress?.frames.wanted ?? 0;
    const stored = progress?.frames.stored ?? 0;
    const framesPerSecond = this.speed(nowMs);
    const framesLeft = Math.max(0, wanted - stored);
    return {
      started: progress !== undefined,
      planned: progress !== undefined && progress.state !== 'planning',
      rows: { total, ended, failed, skipped },
      clips: {
        rendered: (progress?.clips.stored ?? 0) - (first?.clips.stored ?? 0),
        reused: this.reused,
      },
      framesPerSecond,
      secondsLeft: framesPerSecond === undefined ? undefined : framesLeft / framesPerSecond,
      fraction: fractionOf(wanted === 0 ? undefined : stored / wanted, total === 0 ? 0 : ended / total),
      proofs: progress?.proofs?.open ?? 0,
      slow: progress?.slow ?? [],
      assembling: progress?.state === 'rendering' && framesLeft === 0 && ended < total,
    };
  }

  /** Over the window up to now, so that a pause longer than usual lowers it. */
  private speed(nowMs: number): number | undefined {
    const [oldest] = this.samples;
    const newest = this.samples.at(-1);
    if (oldest === undefined || newest === undefined || newest === oldest) return undefined;
    const span = newest.atMs - oldest.atMs;
    const usualGap = span / (this.samples.length - 1);
    const waited = nowMs - newest.atMs;
    const ms = waited > 2 * usualGap ? span + waited : span;
    return ms <= 0 ? undefined : ((newest.frames - oldest.frames) * 1000) / ms;
  }
}

function fractionOf(frames: number | undefined, rows: number): number {
  return frames === undefined ? rows : frames * (1 - rowShare) + rows * rowShare;
}

/** `18 of 40 rows · 2 failed`. */
export function describeRows({ rows }: Reading): string {
  const { total, ended, failed, skipped } = rows;
  const parts = [`${formatCount(ended)} of ${countOf(total, 'row')}`];
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (skipped > 0) parts.push(`${formatCount(skipped)} skipped`);
  return parts.join(' · ');
}

/** `61 clips rendered, 140 reused`. */
function describeClips({ clips }: Pick<Reading, 'clips'>): string {
  return `${countOf(clips.rendered, 'clip')} rendered, ${formatCount(clips.reused)} reused`;
}

/** `drawing greeting for 45 s, offer for 31 s`; empty if no scene is slow. */
function describeSlow(slow: SlowScenes): string {
  const scenes = slow.map(({ scene, since }) => {
    const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000);
    return `${plain(scene)} for ${formatDuration(seconds)}`;
  });
  return scenes.length === 0 ? '' : `drawing ${scenes.join(', ')}`;
}

/** Says once of each slow scene that it is. */
function sayOnce(say: (line: string) => void): (slow: SlowScenes | undefined) => void {
  const said = new Set<string>();
  return (slow = []) => {
    const fresh = slow.filter(({ scene, since }) => !said.has(`${scene} ${since}`));
    for (const { scene, since } of fresh) said.add(`${scene} ${since}`);
    if (fresh.length > 0) say(`slow      ${describeSlow(fresh)}`);
  };
}

function describeSpeed(framesPerSecond: number): string {
  return `${framesPerSecond < 10 ? framesPerSecond.toFixed(1) : Math.round(framesPerSecond)} frames/s`;
}

/** Speed and time left, once a clip was finished. */
export function describePace(reading: Reading): string {
  const { framesPerSecond, secondsLeft, rows, planned, assembling, proofs } = reading;
  if (rows.ended === rows.total)
    return proofs > 0 ? `proving cuts, ${formatCount(proofs)} left` : 'finishing';
  if (assembling) return 'joining the last videos';
  if (framesPerSecond === undefined || secondsLeft === undefined) return 'measuring the speed';
  const left = formatEstimate(secondsLeft);
  const bound = secondsLeft < 5 ? left : planned ? `about ${left}` : `more than ${left}`;
  return `${describeSpeed(framesPerSecond)} · ${bound} left`;
}

/** Shows the progress of a batch. */
export interface ProgressView {
  readonly observe: (event: BatchEvent) => void;
  /** Writes a line that stays. */
  readonly note: (line: string) => void;
  readonly reading: () => Reading;
  /** Removes the moving part. */
  readonly stop: () => void;
}

interface Options {
  readonly terminal: Terminal;
  readonly now: () => number;
}

const barWidth = 30;

/** A bar of which a fraction is filled. */
function drawBar(fraction: number, { paint }: Terminal): string {
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
        `  ${terminal.paint.dim(`${describeClips(reading)} · ${describePace(reading)}`)}` +
        (reading.slow.length === 0 ? '' : `\n  ${terminal.paint.yellow(describeSlow(reading.slow))}`),
    );
  }

  // While a clip takes long there are no events, and the estimate would be outdated.
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

/** A line per event, and from time to time the overall progress. */
function openLines({ terminal, now }: Options): ProgressView {
  const meter = new CampaignMeter();
  const { say } = terminal;
  const saySlow = sayOnce(say);
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
      saySlow(reading.slow);
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

/** Shows the progress of a single video. */
export interface RenderView {
  readonly observe: (render: Render) => void;
  /** Writes a line that stays. */
  readonly note: (line: string) => void;
  /** Removes the moving part. */
  readonly stop: () => void;
}

const slowOf = (status: Render['status']): SlowScenes =>
  status.state === 'queued' || status.state === 'rendering' ? (status.slow ?? []) : [];

function describe({ status }: Render, terminal: Terminal): string {
  const { paint } = terminal;
  const slow = slowOf(status);
  const below = slow.length === 0 ? '' : `\n  ${paint.yellow(describeSlow(slow))}`;
  if (status.state === 'queued') return `  ${paint.dim('Planning the video …')}${below}`;
  const { done, total } = status.state === 'rendering' ? status : { done: 1, total: 1 };
  const bar = drawBar(total === 0 ? 1 : done / total, terminal);
  return `  ${bar} ${done} of ${countOf(total, 'clip')}${below}`;
}

/** A bar on a terminal, elsewhere only what takes long: a single video takes seconds. */
export function openRenderView(terminal: Terminal): RenderView {
  if (!terminal.live) {
    const saySlow = sayOnce(terminal.say);
    return { observe: ({ status }) => saySlow(slowOf(status)), note: terminal.say, stop: () => undefined };
  }
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

/** Counts up, to a known total if there is one, in place on a terminal and silently elsewhere. */
export interface Counter {
  readonly step: () => void;
  readonly stop: () => void;
}

/** Shows how many of `total` things, called `one` each, are drawn; silent without a terminal. */
export function openCounter(
  { stream, live, paint }: Terminal,
  total: number | undefined,
  one: string,
): Counter {
  if (!live) return { step: () => undefined, stop: () => undefined };
  const redraw = createLogUpdate(stream, { showCursor: true });
  let done = 0;
  const draw = (): void =>
    redraw(
      `  ${paint.dim(total === undefined ? `${countOf(done, one)} drawn` : `${done} of ${countOf(total, one)} drawn`)}`,
    );
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
