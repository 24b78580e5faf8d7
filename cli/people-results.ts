import { z } from 'zod';

/** What `bespoke people` prints with `--json`, one object for each run. Fields are only ever added. */

const count = z.int().min(0);

/** Holds nothing about the person. */
export const personErasedResult = z.object({
  id: z.string(),
  erasedAt: z.string(),
  barred: z.boolean(),
  removed: z.object({
    videos: count,
    records: count,
    inputRows: count,
    clips: count,
    files: count,
    images: count,
    handedOver: count,
    webhooks: count,
    sessions: count,
    events: count,
    idempotencyKeys: count,
    jobs: count,
  }),
  unreadInputs: count,
  notReached: z.array(z.string()),
});
export type PersonErasedResult = z.infer<typeof personErasedResult>;

export const personExportedResult = z.object({
  exported: z.json(),
  /** Where it was written, with `--out`. */
  file: z.string().nullable(),
});
export type PersonExportedResult = z.infer<typeof personExportedResult>;

export const personWelcomedResult = z.object({ welcome: z.boolean() });
export type PersonWelcomedResult = z.infer<typeof personWelcomedResult>;
