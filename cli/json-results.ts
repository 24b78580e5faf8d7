import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../errors/catalogue.ts';

/** What `--json` prints on stdout, one object for each run of a command. Fields are only ever added. */

const count = z.int().min(0);
const errorCode = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]);
const day = z.iso.date();
const format = z.enum(['16:9', '9:16', '1:1']);
const quality = z.enum(['draft', 'standard', 'high']);

/** Instead of a result, when a command could not do its work. The exit status is then 2. */
export const errorResult = z.object({
  error: z.object({
    code: errorCode,
    title: z.string(),
    message: z.string(),
    hint: z.string(),
    retryable: z.boolean(),
    /** Path of the log with details. */
    log: z.string().optional(),
  }),
});
export type ErrorReport = z.infer<typeof errorResult>['error'];

const badRow = z.object({
  /** 1-based among the rows of the input. */
  row: z.int().min(1),
  code: errorCode,
  message: z.string(),
});

/** How a CSV was understood. */
export const csvInput = z.object({
  file: z.string(),
  encoding: z.string(),
  delimiter: z.string(),
  idColumn: z.string().nullable(),
  mapping: z.array(z.object({ column: z.string(), field: z.string() })),
  unusedColumns: z.array(z.string()),
});
export type InputResult = z.infer<typeof csvInput>;

export const batchResult = z.object({
  template: z.string(),
  format,
  quality,
  asOf: day,
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
  failedRows: z.array(badRow),
});
export type BatchResult = z.infer<typeof batchResult>;

export const planResult = z.object({
  template: z.string(),
  format,
  quality,
  asOf: day,
  input: csvInput,
  /** `erased`: of people on the suppression list, who are skipped. */
  rows: z.object({ good: count, bad: count, erased: count }),
  /** The first hundred. */
  badRows: z.array(badRow),
  scenes: z.array(
    z.object({
      scene: z.string(),
      distinct: count,
      shared: count,
      personal: count,
      stored: count,
      frames: count,
      seconds: z.number(),
      bytes: count,
      basis: z.enum(['measured', 'assumed']),
    }),
  ),
  clips: z.object({ distinct: count, stored: count, toRender: count }),
  frames: z.object({ toRender: count, withoutSharing: count }),
  seconds: z.number(),
  bytes: count,
  basis: z.enum(['measured', 'assumed']),
});
export type PlanResult = z.infer<typeof planResult>;

export const renderResult = z.object({
  template: z.string(),
  format,
  quality,
  video: z.string(),
  durationInSeconds: z.number(),
  clips: z.object({ rendered: count, reused: count }),
  warnings: z.array(z.object({ code: z.string(), field: z.string(), message: z.string() })),
});
export type RenderResult = z.infer<typeof renderResult>;

export const stillsResult = z.object({
  template: z.string(),
  format,
  files: z.array(
    z.object({ row: z.int().min(1).nullable(), scene: z.string().nullable(), file: z.string() }),
  ),
  sheet: z.string().nullable(),
});
export type StillsResult = z.infer<typeof stillsResult>;

export const templatesResult = z.object({
  templates: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      title: z.string(),
      description: z.string(),
      formats: z.array(format),
      fps: z.number(),
      /** Of the typical fixture. */
      durationInSeconds: z.number(),
      fields: z.array(
        z.object({
          name: z.string(),
          label: z.string(),
          kind: z.string(),
          required: z.boolean(),
          personal: z.boolean(),
          example: z.string(),
          fallback: z.unknown(),
          aliases: z.array(z.string()),
        }),
      ),
    }),
  ),
});
export type TemplatesResult = z.infer<typeof templatesResult>;

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

const listedKey = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(['render', 'read', 'admin'])),
  /** ISO date and time. */
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
};

export const keyCreatedResult = z.object({
  ...listedKey,
  /** The key itself; it is shown here and never again. */
  key: z.string(),
});
export type KeyCreatedResult = z.infer<typeof keyCreatedResult>;

export const keysResult = z.object({ keys: z.array(z.object(listedKey)) });
export type KeysResult = z.infer<typeof keysResult>;

export const keyRevokedResult = z.object({ id: z.string(), revoked: z.literal(true) });
export type KeyRevokedResult = z.infer<typeof keyRevokedResult>;

/** When `bespoke serve` has ended. */
export const serveResult = z.object({
  address: z.string(),
  seconds: z.number(),
  stoppedBy: z.string(),
  /** Whether running work returned to the queue because it took longer than `--grace`. */
  gaveBack: z.boolean(),
});
export type ServeResult = z.infer<typeof serveResult>;
