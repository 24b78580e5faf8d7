import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../../errors/catalogue.ts';
import { people } from './people-operations.ts';

const count = z.int().min(0);
const format = z.enum(['16:9', '9:16', '1:1']);
const quality = z.enum(['draft', 'standard', 'high']);
const errorCode = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]);
const scope = z.enum(['render', 'read', 'admin']);
/** Dates travel as ISO text. */
const moment = z.iso.datetime();

const clipsDone = z.object({ done: count, total: count });

const rowState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting'), path: clipsDone, beside: clipsDone }),
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('done'), clipsRendered: count, clipsReused: count }),
  z.object({ state: z.literal('failed'), code: errorCode, message: z.string() }),
  z.object({ state: z.literal('skipped'), reason: z.enum(['unchanged', 'erased']) }),
  z.object({ state: z.literal('cancelled') }),
]);

const warning = z.object({ code: z.string(), field: z.string(), message: z.string() });

const shownRow = z.object({
  row: z.int().min(1),
  fileName: z.string(),
  durationInFrames: count,
  status: rowState,
  warnings: z.array(warning).readonly(),
});
/** What is shown of a row that was recorded. */
export type ShownRow = z.output<typeof shownRow>;

const badRow = z.object({ row: z.int().min(1), code: errorCode, message: z.string() });
/** A row that was refused or has failed, and why. */
export type BadRow = z.output<typeof badRow>;

const progress = z.object({
  rows: z.object({
    waiting: count,
    ready: count,
    done: count,
    failed: count,
    skipped: count,
    cancelled: count,
  }),
  clips: z.object({ wanted: count, stored: count, failed: count }),
  frames: z.object({ wanted: count, stored: count }),
  coming: count,
});

const watchedEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), continued: z.boolean() }),
  z.object({ type: z.literal('taken-in'), rows: count, complete: z.boolean() }),
  z.object({
    type: z.literal('delivered'),
    video: shownRow.pick({ fileName: true, durationInFrames: true, status: true }),
  }),
  z.object({ type: z.literal('progress'), progress }),
]);
/** What a person who watches a campaign is shown of its events. */
export type WatchedEvent = z.output<typeof watchedEvent>;

const reading = {
  /** Absolute, as all paths are: the owner works in another folder. */
  csv: z.string(),
  template: z.string(),
  format,
  quality,
  map: z
    .array(z.object({ column: z.string(), field: z.string() }))
    .readonly()
    .optional(),
  idColumn: z.string().optional(),
  limit: z.int().min(1).optional(),
};

const batch = {
  request: z.object({
    ...reading,
    asOf: z.iso.date().optional(),
    out: z.string(),
    /** Has `results.csv` hold links that lead there; unset: paths. */
    links: z.object({ publicUrl: z.string(), linkDays: z.int().min(1) }).optional(),
  }),
  event: watchedEvent,
  result: z.object({
    campaign: z.object({ template: z.string(), format, asOf: z.iso.date() }),
    rows: count,
    done: count,
    failed: count,
    skipped: count,
    erased: count,
    cancelled: count,
    resultsFile: z.string(),
    failedFile: z.string(),
    /** The first rows, and the first that failed. */
    sample: z.object({ rows: z.array(shownRow).readonly(), failures: z.array(badRow).readonly() }),
  }),
};
/** What became of every row of a batch. */
export type BatchOutcome = z.output<typeof batch.result>;

const render = {
  request: z.object({
    template: z.string(),
    format,
    quality,
    asOf: z.iso.date(),
    /** The customer whom the record is about. */
    customerId: z.string().min(1).optional(),
    /** Checked already. */
    record: z.record(z.string(), z.unknown()),
    /** Steps that the viewer takes, as `chosenPlaythrough` reads them; unset: the viewer only watches. */
    path: z.array(z.string()).readonly().optional(),
    out: z.string(),
  }),
  event: watchedEvent,
  result: shownRow.extend({ clips: count }),
};
const renderSession = {
  request: z.object({ session: z.string(), quality, out: z.string() }),
  event: watchedEvent,
  result: render.result.extend({ template: z.string(), format }),
};

/** What became of a single video. */
export type RenderOutcome = z.output<typeof render.result>;

const basis = z.enum(['measured', 'assumed']);
const plan = {
  request: z.object({ ...reading, asOf: z.iso.date() }),
  event: z.never(),
  result: z.object({
    forecast: z.object({
      rows: z.object({ good: count, bad: count, erased: count }),
      scenes: z
        .array(
          z.object({
            scene: z.string(),
            shared: count,
            personal: count,
            stored: count,
            frames: count,
            seconds: z.number(),
            bytes: z.number(),
            basis,
          }),
        )
        .readonly(),
      clips: z.object({ distinct: count, stored: count, toRender: count }),
      frames: z.object({ toRender: count, withoutSharing: count }),
      seconds: z.number(),
      bytes: z.number(),
      basis,
    }),
    /** The first ones. */
    badRows: z.array(badRow).readonly(),
  }),
};

const listedKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope).readonly(),
  createdAt: moment,
  revokedAt: moment.nullable(),
});
/** What is shown of an API key; its text is shown once, when it is made. */
export type ListedKey = z.output<typeof listedKey>;

const contracts = {
  batch,
  render,
  'render.session': renderSession,
  plan,
  ...people,
  'keys.create': {
    request: z.object({ name: z.string().min(1).max(100), scopes: z.array(scope).min(1).readonly() }),
    event: z.never(),
    result: listedKey.extend({ text: z.string() }),
  },
  'keys.list': {
    request: z.object({}),
    event: z.never(),
    result: z.object({ keys: z.array(listedKey).readonly() }),
  },
  'keys.revoke': {
    request: z.object({ id: z.string() }),
    event: z.never(),
    result: z.object({ revoked: z.boolean() }),
  },
};

export type OperationName = keyof typeof contracts;

/** What goes into each operation, what happens meanwhile, and what comes out. */
export type Shapes = {
  readonly [N in OperationName]: {
    readonly [P in 'request' | 'event' | 'result']: z.output<(typeof contracts)[N][P]>;
  };
};

/**
 * Work on a pipeline that may be this process's own or another's: everything that goes in and comes
 * out is plain data.
 */
export type Operations = {
  readonly [N in OperationName]: (
    request: Shapes[N]['request'],
    observe: (event: Shapes[N]['event']) => void,
    signal: AbortSignal,
  ) => Promise<Shapes[N]['result']>;
};

type Contracts = {
  readonly [N in OperationName]: {
    readonly [P in 'request' | 'event' | 'result']: z.ZodType<Shapes[N][P]>;
  };
};

/** Schemas of what passes between processes. */
export const operationContracts: Contracts = contracts;

export const operationNames = Object.keys(contracts) as readonly OperationName[];

/**
 * Names the schemas' present form, so that a guest and an owner with other ones know it at once.
 */
export function nameProtocol(): string {
  const forms = Object.entries(contracts).map(([name, { request, event, result }]) => [
    name,
    ...[request, event, result].map((schema) => z.toJSONSchema(schema)),
  ]);
  return createHash('sha256').update(JSON.stringify(forms)).digest('hex').slice(0, 16);
}
