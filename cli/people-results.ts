import { z } from 'zod';
import { receiptSchema, welcomeSchema } from '../server/schemas/person.ts';

/** What `bespoke people` prints with `--json`, one object for each run. Fields are only ever added. */

export const personErasedResult = receiptSchema;
export type PersonErasedResult = z.infer<typeof personErasedResult>;

export const personExportedResult = z.object({
  exported: z.json(),
  /** Where it was written, with `--out`. */
  file: z.string().nullable(),
});
export type PersonExportedResult = z.infer<typeof personExportedResult>;

export const personWelcomedResult = welcomeSchema;
export type PersonWelcomedResult = z.infer<typeof personWelcomedResult>;
