import { z } from 'zod';
import type { Deployment } from '../e2e/deployment.ts';

/** What a pipeline process is to do: run a CSV of the deployment's folder, or work for others. */
export const processTask = z.object({
  deployment: z.custom<Deployment>(),
  csv: z.string().optional(),
  /** Records so many chunks of rows and no more: it hangs at the next one. */
  chunks: z.number().optional(),
});
export type ProcessTask = z.infer<typeof processTask>;

/** What a pipeline process tells. */
export const processEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('working') }),
  z.object({ type: z.literal('hanging') }),
  z.object({ type: z.literal('render'), clip: z.string(), scene: z.string(), inputs: z.unknown() }),
  z.object({ type: z.literal('stored'), clip: z.string() }),
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
