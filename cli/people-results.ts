import { z } from 'zod';
import { people } from '../worker/guests/people-operations.ts';

/** What `bespoke people` prints with `--json`, one object for each run. Fields are only ever added. */

export const personErasedResult = people['people.erase'].result;
export type PersonErasedResult = z.infer<typeof personErasedResult>;

export const personExportedResult = people['people.export'].result.extend({
  /** Where it was written, with `--out`. */
  file: z.string().nullable(),
});
export type PersonExportedResult = z.infer<typeof personExportedResult>;

export const personWelcomedResult = people['people.welcome'].result;
export type PersonWelcomedResult = z.infer<typeof personWelcomedResult>;
