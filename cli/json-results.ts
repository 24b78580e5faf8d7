import { z } from 'zod';
import { timelineSchema } from '../worker/people/timeline-schema.ts';
import { campaignReportSchema } from '../worker/measurement/report-schema.ts';
import { campaignPlanSchema, campaignSchema, renderSchema } from '../worker/campaigns/report-schema.ts';
import { adviceSchema } from '../worker/advice/advice-schema.ts';
import { inputSchema } from '../worker/campaigns/input-schema.ts';
import { brokenTemplateSchema, templateSchema } from '../worker/campaigns/template-schema.ts';
import { errorCodeSchema, warningSchema } from '../worker/core/render-schema.ts';
import { createdKeySchema, keyListSchema } from '../server/schemas/key.ts';
import { linkPageSchema } from '../server/schemas/links.ts';
import { receiptSchema } from '../worker/people/people-schema.ts';
import { welcomeSchema } from '../server/schemas/person.ts';
import { findingKinds, type FindingCode } from '../video/story/check/finding.ts';

/** What `--json` prints on stdout, one object for each run of a command. Fields are only ever added. */

const count = z.int().min(0);
/** What a video is made as, as the API says it. */
const made = renderSchema.pick({ template: true, format: true, quality: true });

/** Instead of a result, when a command could not do its work. The exit status is then 2. */
export const errorResult = z.object({
  error: z.object({
    code: errorCodeSchema,
    title: z.string(),
    message: z.string(),
    hint: z.string(),
    retryable: z.boolean(),
    /** Path of the log with details. */
    log: z.string().optional(),
  }),
});
export type ErrorReport = z.infer<typeof errorResult>['error'];

/** How a CSV was understood. */
const csvInput = inputSchema
  .omit({ fileName: true, unfilledFields: true })
  .extend({ file: z.string(), idColumn: z.string().nullable() });
export type InputResult = z.infer<typeof csvInput>;

export const batchResult = made.extend({
  asOf: campaignSchema.shape.asOf,
  /** Whether an interrupted run was continued. */
  continued: z.boolean(),
  input: csvInput,
  /** `total` is the sum of the others. */
  rows: z.object({ total: count, done: count, failed: count, skipped: count, cancelled: count }),
  /** Of the skipped rows: those of people who were erased. */
  erased: count,
  clips: z.object({ rendered: count, reused: count }),
  seconds: z.number(),
  out: z.string(),
  results: z.string(),
  /** `null` when no row failed. */
  failed: z.string().nullable(),
  /** The first hundred. */
  failedRows: campaignPlanSchema.shape.badRows,
  cuts: templateSchema.shape.cuts,
});
export type BatchResult = z.infer<typeof batchResult>;

/** What the API answers, with the file as it is named here. */
export const planResult = campaignPlanSchema.extend({
  input: csvInput,
  /** The smallest lift that the control group can show in 4 of 5 campaigns; `null`: none, however large. */
  smallestLifts: z.array(z.object({ baseRate: z.number(), lift: z.number().nullable() })),
  /** When its report judges, with `--days` or `--base-rate`, and how many conversions of the control group that takes. */
  measure: z.object({ days: z.int().min(1), conversions: z.int().min(1).nullable() }).nullable(),
});
export type PlanResult = z.infer<typeof planResult>;

/** What the API answers, with the file as it is named here. */
export const adviceResult = adviceSchema.extend({
  input: csvInput,
  /** Orders the campaign with the advice applied. */
  command: z.string(),
  /** The HTML file, with `--html`. */
  page: z.string().nullable(),
});
export type AdviceResult = z.infer<typeof adviceResult>;

export const renderResult = made.extend({
  video: z.string(),
  durationInSeconds: z.number(),
  clips: z.object({ rendered: count, reused: count }),
  warnings: z.array(warningSchema),
});
export type RenderResult = z.infer<typeof renderResult>;

export const stillsResult = made.omit({ quality: true }).extend({
  files: z.array(
    z.object({ row: z.int().min(1).nullable(), scene: z.string().nullable(), file: z.string() }),
  ),
  sheet: z.string().nullable(),
});
export type StillsResult = z.infer<typeof stillsResult>;

/** A template as `--json` shows it. */
export const templateResult = templateSchema
  .pick({
    id: true,
    version: true,
    title: true,
    description: true,
    formats: true,
    fps: true,
    fields: true,
    settings: true,
    cuts: true,
  })
  .extend({
    /** Of the longest sample record. */
    durationInSeconds: z.number(),
  });

export const templatesResult = z.object({
  templates: z.array(templateResult),
  broken: z.array(brokenTemplateSchema),
});
export type TemplatesResult = z.infer<typeof templatesResult>;

export const initResult = z.object({
  folder: z.string(),
  /** Those that were written, as seen from the folder. */
  files: z.array(z.string()),
});
export type InitResult = z.infer<typeof initResult>;

export const importResult = z.object({
  compositions: z.array(
    z.object({
      id: z.string(),
      width: z.number(),
      height: z.number(),
      fps: z.number(),
      durationInFrames: z.number(),
      /** Whether `calculateMetadata` computes its length or props. */
      isComputed: z.boolean(),
      props: z.array(z.string()),
    }),
  ),
  /** Those that were written. */
  templates: z.array(
    z.object({
      id: z.string(),
      fields: z.array(z.string()),
      /** Props that keep their defaults. */
      kept: z.array(z.string()),
    }),
  ),
});
export type ImportResult = z.infer<typeof importResult>;

export const sliceResult = z.object({
  template: z.string(),
  scenes: z.array(
    z.object({
      scene: z.string(),
      durationInFrames: count,
      /** Drawn on this machine, at standard quality. */
      framesPerSecond: z.number(),
      parts: z.array(
        z.object({
          from: count,
          /** Exclusive. */
          until: count,
          /** Names of inputs. */
          reads: z.array(z.string()),
          personal: z.boolean(),
          /** How many clips of it 1,000 people need. */
          clipsPerThousand: count,
        }),
      ),
      /** Frames that differ between two drawings with the same inputs. */
      unsteady: z.array(count),
      /** Inputs of which no other value can be drawn; all frames count as reading them. */
      failed: z.array(z.object({ input: z.string(), why: z.string() })),
      /** Inputs of which some values make the scene fail. */
      passedOver: z.array(z.object({ input: z.string(), why: z.string() })),
    }),
  ),
  /** Scenes that cannot be cut. */
  whole: z.array(z.object({ scene: z.string(), why: z.string() })),
  /** The file that the cuts were written to. */
  written: z.string().nullable(),
});
export type SliceResult = z.infer<typeof sliceResult>;

export const checkResult = z.object({
  ...made.pick({ template: true, format: true }).shape,
  /** Scenes with different inputs that were drawn. */
  drawn: count,
  findings: z.array(
    z.object({
      kind: z.enum(['fails', 'unsteady', 'reads-clock']),
      /** `null` where the fixture has no path. */
      scene: z.string().nullable(),
      fixtures: z.array(z.string()),
      /** The first that is wrong. */
      frame: count.nullable(),
      why: z.string(),
    }),
  ),
  /** What components play, by scene. */
  plays: z.record(z.string(), z.array(z.string())),
});
export type CheckResult = z.infer<typeof checkResult>;

export const doctorResult = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ok', 'warn', 'fail']),
      found: z.string(),
      advice: z.string().nullable(),
    }),
  ),
  ok: z.boolean(),
});
export type DoctorResult = z.infer<typeof doctorResult>;

export const workerResult = z.object({
  concurrency: count,
  seconds: z.number(),
  stoppedBy: z.string(),
  /** Whether running clips returned to the queue because they took longer than `--grace`. */
  gaveBack: z.boolean(),
});
export type WorkerResult = z.infer<typeof workerResult>;

export const studioResult = z.object({ url: z.string() });
export type StudioResult = z.infer<typeof studioResult>;

export const keyCreatedResult = createdKeySchema;
export type KeyCreatedResult = z.infer<typeof keyCreatedResult>;

export const keysResult = keyListSchema;
export type KeysResult = z.infer<typeof keysResult>;

export const keyRevokedResult = z.object({ id: z.string(), revoked: z.literal(true) });
export type KeyRevokedResult = z.infer<typeof keyRevokedResult>;

/** Without an id, `bespoke links list` answers the campaigns there are. */
export const campaignsResult = z.object({
  campaigns: z.array(
    campaignSchema.pick({ id: true, createdAt: true, template: true, rows: true, linkKey: true }),
  ),
});
export type CampaignsResult = z.infer<typeof campaignsResult>;

/** `links` is empty where no server is known that answers them. */
export const linksResult = linkPageSchema.pick({ links: true });
export type LinksResult = z.infer<typeof linksResult>;

export const linksChangedResult = z.object({
  id: z.string(),
  of: z.enum(['campaign', 'render']),
  /** How many have links. */
  videos: count,
});
export type LinksChangedResult = z.infer<typeof linksChangedResult>;

export const reportResult = campaignReportSchema.extend({
  /** Where it was written as a page, with `--html`. */
  page: z.string().nullable(),
});
export type ReportResult = z.infer<typeof reportResult>;

export const answersResult = z.object({ campaign: z.string(), file: z.string() });

/** When `bespoke serve` has ended. */
export const serveResult = z.object({
  address: z.string(),
  seconds: z.number(),
  stoppedBy: z.string(),
  /** Whether running work returned to the queue because it took longer than `--grace`. */
  gaveBack: z.boolean(),
});
export type ServeResult = z.infer<typeof serveResult>;

export const personErasedResult = receiptSchema;
export type PersonErasedResult = z.infer<typeof personErasedResult>;

export const personExportedResult = z.object({
  exported: z.json(),
  /** Where it was written, with `--out`. */
  file: z.string().nullable(),
});
export type PersonExportedResult = z.infer<typeof personExportedResult>;

export const timelineResult = timelineSchema;

export const personWelcomedResult = welcomeSchema;
export type PersonWelcomedResult = z.infer<typeof personWelcomedResult>;

/** Where a part of a conversion comes from. */
const conversionSource = z.union([z.object({ column: z.string() }), z.object({ constant: z.string() })]);

export const conversionsImportedResult = z.object({
  file: z.string(),
  columns: z.partialRecord(z.enum(['id', 'name', 'value', 'currency', 'at', 'key']), conversionSource),
  rows: z.object({ total: count, accepted: count, repeated: count, refused: count }),
  /** Rows of customers whom a campaign or a render is about; `null` where the key may not read. */
  known: count.nullable(),
  /** The first 1,000. */
  refused: z.array(z.object({ row: count, reason: z.string() })),
});
export type ConversionsImportedResult = z.infer<typeof conversionsImportedResult>;

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
  asOf: campaignSchema.shape.asOf,
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
