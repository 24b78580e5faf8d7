import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Client, Render } from '../../client/api-client.ts';
import { ApiError } from '../../client/transport.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Format } from '../../video/story/format.ts';
import type { Quality } from '../../worker/core/campaigns.ts';
import { exportVideo, requireTarget } from '../batch/exports.ts';
import { withClient } from '../client/with-client.ts';
import { FailedRow, exitCodes, type CommandContext } from '../context.ts';
import { checkChoice, readRecord, type RecordOptions } from '../input.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { RenderResult } from '../json-results.ts';
import { countOf, formatDuration, typedPath } from '../layout.ts';
import type { Settings } from '../set-option.ts';
import { openRenderView } from '../progress.ts';
import { plain } from '../terminal.ts';

/** The flags of `bespoke render`, parsed. */
export interface RenderOptions extends RecordOptions {
  readonly template?: string;
  readonly format?: Format;
  readonly quality: Quality;
  readonly asOf?: string;
  readonly customerId?: string;
  readonly concurrency?: number;
  readonly out?: string;
  readonly coarser?: readonly string[];
  readonly set?: Settings;
  readonly path?: readonly string[];
  readonly session?: string;
}

/** A video that is to be made. */
interface Wanted {
  /** Absolute path of its file. */
  readonly out: string;
  readonly order: (client: Client) => Promise<Render>;
}

const conflicting = ['template', 'format', 'record', 'recordFile', 'asOf', 'path', 'customerId'] as const;

/** @throws BespokeError `usage-invalid` for an option that the session determines. */
function fromSession(session: string, { quality, ...options }: RenderOptions): Wanted {
  const given = conflicting.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw errors.flagWithSession({ flag });
  }
  return {
    out: path.resolve(options.out ?? 'session.mp4'),
    order: async (client) =>
      (await client.createSessionRender({ session, quality }, { idempotencyKey: randomUUID() })).render,
  };
}

/** Every field that is invalid. */
function explainRefusal(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 'record-invalid' || error.parts.length === 0)
    return error;
  const messages = error.parts.map(({ message }) => plain(message));
  return new FailedRow(new BespokeError('record-invalid', messages.join('\n')));
}

async function fromRecord(context: CommandContext, options: RenderOptions): Promise<Wanted> {
  const { quality, customerId, asOf, path: steps, coarser, set } = options;
  const choice = await checkChoice(context, options);
  const record = await readRecord(options);
  const request = {
    ...choice,
    quality,
    record,
    ...(asOf !== undefined && { asOf }),
    ...(customerId !== undefined && customerId.trim() !== '' && { customerId }),
    ...(steps !== undefined && { path: [...steps] }),
    ...(coarser !== undefined && { coarser: [...coarser] }),
    ...(set !== undefined && { settings: { ...set } }),
  };
  return {
    out: path.resolve(options.out ?? `${choice.template}.mp4`),
    order: async (client) => {
      try {
        return (await client.createRender(request, { idempotencyKey: randomUUID() })).render;
      } catch (error) {
        throw explainRefusal(error);
      }
    },
  };
}

/** Orders a video and follows it to its end. When the command is interrupted, it cancels the render. */
async function makeVideo(
  client: Client,
  { out, order }: Wanted,
  observe: (render: Render) => void,
  signal: AbortSignal,
): Promise<Render> {
  signal.throwIfAborted();
  // Waits for the answer even if it is interrupted: an order of which the id is not known cannot be cancelled.
  let render = await order(client);
  try {
    for await (const now of client.watchRender(render.id, { signal })) observe((render = now));
  } catch (error) {
    if (signal.aborted) await client.cancelRender(render.id).catch(() => undefined);
    throw error;
  }
  if (render.status.state === 'done') await exportVideo(client, render, out, signal);
  return render;
}

type Done = Extract<Render['status'], { readonly state: 'done' }>;

/** @throws FailedRow when there is no video. */
function requireDone({ status }: Render): Done {
  switch (status.state) {
    case 'done':
      return status;
    case 'failed':
      throw new FailedRow(new BespokeError(status.code, status.message));
    case 'skipped':
      throw new FailedRow(
        status.reason === 'erased' ? errors.customerErased() : errors.renderDeletedElsewhere(),
      );
    case 'cancelled':
      throw new FailedRow(errors.renderCancelledElsewhere());
    case 'queued':
    case 'rendering':
      throw new Error('The render has not ended.');
    default:
      return status satisfies never;
  }
}

/**
 * Renders one video from one record, or what a viewer watched in a session.
 *
 * @returns 1 when the record is invalid or its video failed.
 */
export async function runRenderCommand(context: CommandContext, options: RenderOptions): Promise<number> {
  const { terminal } = context;
  const { say, paint } = terminal;
  const { session, concurrency, quality } = options;
  const wanted = session === undefined ? await fromRecord(context, options) : fromSession(session, options);
  const { out } = wanted;
  await requireTarget(out);
  const view = openRenderView(terminal);
  const interrupts = watchInterrupts(terminal, () =>
    view.note('  Stopping; finished clips are kept. Press Ctrl-C again to stop at once.'),
  );
  const began = performance.now();
  try {
    const render = await withClient(
      context,
      {
        renders: true,
        ...(concurrency !== undefined && { concurrency }),
        say: (line) => view.note(`  ${line}`),
        signal: interrupts.signal,
      },
      ({ client }, signal) => makeVideo(client, wanted, view.observe, signal),
    );
    view.stop();
    const { durationInSeconds, clipsRendered, clipsReused, warnings } = requireDone(render);
    for (const { message } of warnings) say(`${paint.yellow('Note')}   ${plain(message)}`);
    const seconds = (performance.now() - began) / 1000;
    const clips = `${countOf(clipsRendered, 'clip')} rendered, ${clipsReused} reused`;
    const video = `${formatDuration(durationInSeconds)} of video, ${clips}`;
    say(`${paint.green('Done')}   ${video} · ${formatDuration(seconds)}`);
    terminal.result(typedPath(out));
    const { template, format } = render;
    terminal.json({
      template,
      format,
      quality,
      video: out,
      durationInSeconds,
      clips: { rendered: clipsRendered, reused: clipsReused },
      warnings,
    } satisfies RenderResult);
    return exitCodes.ok;
  } catch (error) {
    view.stop();
    if (findInterrupted(error, interrupts.signal) === undefined) throw error;
    say('  Stopped. Run the same command again; finished clips are not rendered twice.');
    throw interrupts.signal.reason;
  } finally {
    interrupts.dispose();
  }
}
