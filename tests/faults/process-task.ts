import { z } from 'zod';
import type { Deployment } from '../e2e/deployment.ts';

/** Where a process stops for ever in the middle of something, so that it can be ended right there. */
export const holdPoint = z.enum([
  /** A clip is being drawn that has no end. */
  'clip',
  /** Half of a video has been joined. */
  'assembly',
  /** A video is done, and its teaser is being made. */
  'teaser',
  /** A video is so large that it is sent in parts. Whoever wants it held holds the store. */
  'large-video',
  /** A video is done, and its order does not know. */
  'settle',
  /** A webhook has been sent, and the tables do not know. */
  'note',
  /** An order is in the tables, and its planning is not in the queue. */
  'queue',
  /** A person may not come back, and the tables still hold them. */
  'erase',
  /** The tables hold nothing of a person any more, and no file is removed. */
  'remove',
]);
export type HoldPoint = z.infer<typeof holdPoint>;

/** What a pipeline process is to do: run a CSV of the deployment's folder, serve the API, or work for others. */
export const processTask = z.object({
  deployment: z.custom<Deployment>(),
  csv: z.string().optional(),
  /** Serves the API on a free port, and does not work. */
  api: z.literal(true).optional(),
  /** Records so many chunks of rows and no more: it hangs at the next one. */
  chunks: z.number().optional(),
  hold: holdPoint.optional(),
});
export type ProcessTask = z.infer<typeof processTask>;

/** What a pipeline process tells. */
export const processEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('working') }),
  z.object({ type: z.literal('listening'), address: z.string() }),
  z.object({ type: z.literal('hanging') }),
  z.object({ type: z.literal('render'), clip: z.string(), scene: z.string(), inputs: z.unknown() }),
  z.object({ type: z.literal('stored'), clip: z.string() }),
  z.object({ type: z.literal('joined'), video: z.string() }),
  z.object({
    type: z.literal('report'),
    rows: z.number(),
    done: z.number(),
    failed: z.number(),
    skipped: z.number(),
    cancelled: z.number(),
  }),
  z.object({ type: z.literal('stopped'), code: z.string() }),
]);
export type ProcessEvent = z.infer<typeof processEvent>;
