import path from 'node:path';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Format } from '../../video/story/format.ts';
import type { Quality } from '../../worker/core/quality.ts';
import type { Registry } from '../../video/story/registry.ts';
import type { Operations, RenderOutcome, WatchedEvent } from '../../worker/guests/operations.ts';
import { typedPath } from '../batch-summary.ts';
import { exitCodes } from '../exit-codes.ts';
import { FailedRow } from '../failed-row.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { RenderResult } from '../json-results.ts';
import { chooseFormat, chooseTemplate } from '../options/choose-template.ts';
import { today } from '../options/csv-options.ts';
import { checkPath } from '../options/check-path.ts';
import { readRecord, type RecordOptions } from '../options/read-record.ts';
import { openProgressView } from '../progress/progress-view.ts';
import type { Setting } from '../setting.ts';
import { plain } from '../terminal/plain.ts';
import { countOf, formatDuration } from '../terminal/quantities.ts';
import { withOperations } from '../with-operations.ts';

/** The flags of `bespoke render`, parsed. */
export interface RenderOptions extends RecordOptions {
  readonly template?: string;
  readonly format?: Format;
  readonly quality: Quality;
  readonly asOf?: string;
  readonly customerId?: string;
  readonly concurrency?: number;
  readonly out?: string;
  readonly path?: readonly string[];
  readonly session?: string;
}

/** A video that is to be made, by one of the pipeline's operations. */
interface Wish {
  readonly out: string;
  /** For lines about videos on the way; unknown before a session is read. */
  readonly fps: number | undefined;
  readonly make: (
    operations: Operations,
    observe: (event: WatchedEvent) => void,
    signal: AbortSignal,
  ) => Promise<RenderOutcome & { readonly template: string; readonly format: Format }>;
}

const conflicting = ['template', 'format', 'record', 'recordFile', 'asOf', 'path', 'customerId'] as const;

/** @throws BespokeError `usage-invalid` where something is given that the session says itself. */
function wishForSession(session: string, options: RenderOptions): Wish {
  const given = conflicting.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new BespokeError('usage-invalid', `A session says its --${flag} itself; leave that out.`);
  }
  const out = path.resolve(options.out ?? 'session.mp4');
  const { quality } = options;
  return {
    out,
    fps: undefined,
    make: (operations, observe, signal) =>
      operations['render.session']({ session, quality, out }, observe, signal),
  };
}

/** @throws FailedRow when the record cannot be used. */
async function wishForRecord(registry: Registry, options: RenderOptions): Promise<Wish> {
  const entry = chooseTemplate(registry, options.template);
  const { template } = entry;
  const format = chooseFormat(entry, options.format);
  const reading = await readRecord(template.record, options);
  if (!reading.ok) {
    const message = reading.issues.map((issue) => plain(issue.message)).join('\n');
    throw new FailedRow(new BespokeError('record-invalid', message));
  }
  const { record } = reading;
  const out = path.resolve(options.out ?? `${template.id}.mp4`);
  const asOf = options.asOf ?? today();
  const { quality, customerId, path: steps } = options;
  if (steps !== undefined) checkPath(template, record, steps, asOf);
  const request = {
    ...{ template: template.id, format, quality, asOf, record, out },
    ...(customerId !== undefined && customerId.trim() !== '' && { customerId }),
    ...(steps !== undefined && { path: steps }),
  };
  return {
    out,
    fps: template.fps,
    make: async (operations, observe, signal) => ({
      ...(await operations.render(request, observe, signal)),
      template: template.id,
      format,
    }),
  };
}

/**
 * Makes one video from one record, or of what was watched in a session.
 *
 * @returns 1 when the record cannot be used or its video failed.
 */
export async function runRenderCommand(setting: Setting, options: RenderOptions): Promise<number> {
  const { deployment, terminal } = setting;
  const { say, paint } = terminal;
  const registry = await deployment.loadRegistry();
  const { session } = options;
  const { out, fps, make } =
    session === undefined ? await wishForRecord(registry, options) : wishForSession(session, options);
  const view = openProgressView({ terminal, now: () => performance.now(), fps: fps ?? 30, single: true });
  const observe = (event: WatchedEvent): void => {
    if (event.type !== 'delivered' || fps !== undefined) view.observe(event);
  };
  const interrupts = watchInterrupts(terminal, () =>
    view.note('  Stopping; what is finished is kept. Press Ctrl-C again to stop at once.'),
  );
  const began = performance.now();
  try {
    const video = await withOperations(
      setting,
      registry,
      {
        renders: true,
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
        say: (line) => view.note(`  ${line}`),
        signal: interrupts.signal,
      },
      (operations, signal) => make(operations, observe, signal),
    );
    view.stop();
    if (video.status.state === 'failed') {
      throw new FailedRow(new BespokeError(video.status.code, video.status.message));
    }
    if (video.status.state === 'skipped' && video.status.reason === 'erased') {
      throw new FailedRow(
        new BespokeError('person-erased', 'This customer was erased, so nothing was made.'),
      );
    }
    for (const { message } of video.warnings) say(`${paint.yellow('Note')}   ${plain(message)}`);
    const seconds = (performance.now() - began) / 1000;
    const { template, format } = video;
    const rate = chooseTemplate(registry, template).template.fps;
    say(`${paint.green('Done')}   ${describeVideo(video, rate)} · ${formatDuration(seconds)}`);
    terminal.result(typedPath(out));
    terminal.json({
      template,
      format,
      quality: options.quality,
      video: out,
      durationInSeconds: video.durationInFrames / rate,
      clips: clipsOf(video),
      warnings: [...video.warnings],
    } satisfies RenderResult);
    return exitCodes.ok;
  } catch (error) {
    view.stop();
    if (findInterrupted(error, interrupts.signal) === undefined) throw error;
    say('  Stopped. The same command continues from here.');
    throw interrupts.signal.reason;
  } finally {
    interrupts.dispose();
  }
}

function clipsOf({ status, clips }: RenderOutcome): RenderResult['clips'] {
  return status.state === 'done'
    ? { rendered: status.clipsRendered, reused: status.clipsReused }
    : { rendered: 0, reused: clips };
}

function describeVideo(video: RenderOutcome, fps: number): string {
  const length = `${formatDuration(video.durationInFrames / fps)} of video`;
  if (video.status.state === 'skipped') return `${length}, unchanged`;
  const { rendered, reused } = clipsOf(video);
  return `${length}, ${countOf(rendered, 'clip')} rendered, ${reused} reused`;
}
