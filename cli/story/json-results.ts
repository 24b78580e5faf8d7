import { z } from 'zod';
import { findingKinds, type FindingCode } from '../../video/story/check/finding.ts';
import { csvInput } from '../json-results.ts';

const count = z.int().min(0);

/** A problem of a story, for all viewers or for some. */
const finding = z.object({
  code: z.enum(Object.keys(findingKinds) as [FindingCode, ...FindingCode[]]),
  severity: z.enum(['error', 'warning']),
  node: z.string().nullable(),
  choice: z.string().nullable(),
  message: z.string(),
  remedy: z.string(),
  /** Ids of the rows that have it; empty where it does not depend on them. */
  customers: z.array(z.string()),
});

export const storyCheckResult = z.object({
  template: z.string(),
  asOf: z.iso.date(),
  /** `null` without a CSV; bad rows are not checked. */
  input: csvInput.extend({ rows: z.object({ good: count, bad: count }) }).nullable(),
  findings: z.array(finding),
  search: z.object({ records: count, states: count, complete: z.boolean() }),
  walks: z.object({
    count,
    seed: count,
    ended: count,
    /** How often each node was entered. */
    hits: z.record(z.string(), count),
  }),
  /** How many clips each node can require; `null` where viewers can answer anything. */
  clips: z.array(
    z.object({
      node: z.string(),
      scene: z.string(),
      which: z.enum(['own', 'generic']),
      personal: z.boolean(),
      justInTime: z.boolean(),
      perCustomer: count.nullable(),
      /** For all customers of the CSV, at most. */
      total: count.nullable(),
    }),
  ),
});
export type StoryCheckResult = z.infer<typeof storyCheckResult>;

export const storyGraphResult = z.object({ template: z.string(), file: z.string() });
export type StoryGraphResult = z.infer<typeof storyGraphResult>;
