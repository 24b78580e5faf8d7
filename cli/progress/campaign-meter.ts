import type { Campaign } from '../../client/api-client.ts';
import type { BatchEvent } from '../batch/run-batch.ts';

/** How far a batch is, measured only from what was observed. */
export interface Reading {
  /** Whether the campaign is under way: engines, templates and browser take a while to start. */
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
  /** All clips are there, but some videos are not yet put together. */
  readonly assembling: boolean;
}

interface Sample {
  readonly atMs: number;
  readonly frames: number;
}

/** Long enough that single clips do not make the speed jump, short enough to follow the machine. */
const windowMs = 30_000;
/** Of the bar: what is left to do for a row when its frames are drawn. */
const rowShare = 0.1;

/** Turns a batch's events into how far it is, how fast, and how long it will still take. */
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
      assembling: progress?.state === 'rendering' && framesLeft === 0 && ended < total,
    };
  }

  /** Over the window up to now, so that a standstill shows; a wait no longer than usual is not one. */
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
