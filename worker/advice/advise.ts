import { availableParallelism, totalmem } from 'node:os';
import { orderedEntry } from '../../video/story/ordered-template.ts';
import type { Row } from '../../data/csv/check-row.ts';
import type { CustomerFile } from '../../data/csv/read-rows.ts';
import type { Template } from '../../video/story/template.ts';
import {
  type Forecast,
  type LookOptions,
  type OpenForecast,
  type RowObserver,
  withForecast,
} from '../campaigns/plan.ts';
import { type CampaignRequest, requestedTemplate } from '../campaigns/request.ts';
import type { PartsRead } from '../check-health.ts';
import { ImageBudget } from '../core/image-resolver.ts';
import type { IntakeRow } from '../core/intake.ts';
import type { Scope } from '../core/keys.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { namesUsed } from '../people/known-view.ts';
import type { Advice, Saving } from './advice-schema.ts';
import { createDataCounter } from './capture-data.ts';
import { createContentCounter } from './count-content.ts';
import { worstOf } from './criteria.ts';
import { describePrivacy } from './describe-privacy.ts';
import { judgeFactors } from './judge-factors.ts';
import { mayBeLeftOut, recommend } from './recommend.ts';

/** What advice is asked about, besides a campaign. */
export interface AdviceRequest extends CampaignRequest {
  /** When all videos must be done, as ISO 8601 with its offset. */
  readonly by?: string | undefined;
  readonly budget?: number | undefined;
  /** Of an hour of a worker. */
  readonly hourPrice?: number | undefined;
  /** Of both, such as EUR. */
  readonly currency?: string | undefined;
}

/** What the deployment says of itself. */
export interface AdviceContext {
  readonly parts: PartsRead['parts'];
  readonly linkDays: number;
  /** Whether the names of API keys may be shown. */
  readonly namesKeys: boolean;
}

/** Most changes that are counted for one answer: each plans every row again. */
const mostChanges = 8;

const noBadRow = (): void => undefined;

/** Rows as they would be if nobody had a value in this field. */
async function* rowsWithout(
  rows: AsyncIterable<IntakeRow>,
  { record: fields }: Template,
  field: string,
): AsyncGenerator<IntakeRow> {
  for await (const row of rows) {
    const { check } = row;
    const value = fields[field]?.fallback;
    yield check.ok ? { ...row, check: { ok: true, record: { ...check.record, [field]: value } } } : row;
  }
}

/** Rows of a file, each shown to `read` as it is read. */
async function* watched(input: CustomerFile, read: (row: Row) => void): AsyncGenerator<Row> {
  for await (const row of input.rows()) {
    read(row);
    yield row;
  }
}

const workerHours = ({ seconds }: Pick<Forecast, 'seconds'>): number => seconds / 3600;

/** The fields, with what it would save to show each coarser or not at all. Each is counted by planning every row. */
async function countSavings(
  pipeline: Pipeline,
  request: AdviceRequest,
  { entry, input, run }: OpenForecast,
  base: Forecast,
  signal: AbortSignal,
  leftOut: readonly string[],
) {
  const { template } = requestedTemplate(pipeline.registry, request.template);
  const applied = request.coarser ?? [];
  const used = namesUsed(entry.template);
  // What was looked at is known; nothing more is fetched.
  const look = (): LookOptions => ({ budget: new ImageBudget({ pictures: 0, ms: 0 }), signal });
  const savingOf = (changed: Forecast): Saving => ({
    clips: base.clips.toRender - changed.clips.toRender,
    frames: base.frames.toRender - changed.frames.toRender,
    coreHours: (workerHours(base) - workerHours(changed)) * pipeline.parallelClips,
  });
  const countCoarser = async (fields: readonly string[]): Promise<Saving> => {
    const changed = orderedEntry({ ...entry, template }, { coarser: [...applied, ...fields] });
    return savingOf(await run(noBadRow, { entry: changed, look: look() }));
  };
  const candidates = Object.keys(template.coarser ?? {})
    .filter((field) => used.has(field) && !applied.includes(field))
    .slice(0, mostChanges);
  const coarser = new Map<string, Saving>();
  for (const field of candidates) coarser.set(field, await countCoarser([field]));
  const without = new Map<string, Saving>();
  for (const field of leftOut.slice(0, mostChanges - candidates.length)) {
    const rows = rowsWithout(input.rows(), template, field);
    without.set(field, savingOf(await run(noBadRow, { rows, look: look() })));
  }
  return { coarser, without, countCoarser };
}

async function describeResources(
  { clips, keys, workers, parallelClips }: Pipeline,
  template: string,
  forecast: Forecast,
  { format, scale }: { readonly format: Advice['format']; readonly scale: number },
  { parts, namesKeys }: AdviceContext,
): Promise<Advice['resources']> {
  const [running, all, speeds] = await Promise.all([
    workers.alive(),
    keys.list(),
    clips.sceneSpeeds(template),
  ]);
  const inUse = all.filter(({ revokedAt }) => revokedAt === undefined);
  const scopes: readonly Scope[] = ['render', 'read', 'conversions', 'admin'];
  return {
    parts: { ...parts },
    cores: availableParallelism(),
    memory: { available: process.availableMemory(), total: totalmem() },
    parallelClips,
    // A machine that owns its tables renders itself when something is ordered.
    workers: { running, counted: Math.max(running, workers.alone ? 1 : 0) },
    // The speed of what is stored already matters to nobody.
    speed: forecast.scenes
      .filter(({ frames }) => frames > 0)
      .map(({ scene, basis }) => {
        const measured = speeds.find(
          (speed) =>
            speed.scene === scene && speed.format === format && Math.abs(speed.scale - scale) < 0.001,
        );
        return {
          scene,
          framesPerSecond: measured?.framesPerSecond ?? null,
          basis: measured ? 'measured' : basis,
        };
      }),
    keys: inUse.length,
    roles: scopes.map((scope) => {
      const own = inUse.filter((key) => key.scopes.includes(scope));
      return { scope, keys: own.length, names: namesKeys ? own.map(({ name }) => name) : null };
    }),
  };
}

function describeTime(
  forecast: Forecast,
  { by, budget, hourPrice, currency }: AdviceRequest,
  { workers, parallelClips }: Advice['resources'],
  now: Date,
): Advice['time'] {
  const { seconds: alone, basis } = forecast;
  const seconds = alone / Math.max(1, workers.counted);
  const hours = workerHours(forecast);
  const left = by === undefined ? 0 : (Date.parse(by) - now.getTime()) / 1000;
  return {
    seconds,
    workerHours: hours,
    coreHours: hours * parallelClips,
    finishedAt: new Date(now.getTime() + seconds * 1000).toISOString(),
    basis,
    by:
      by === undefined
        ? null
        : {
            at: new Date(by).toISOString(),
            workers: left <= 0 ? null : Math.max(1, Math.ceil(alone / left)),
            inTime: seconds <= left,
          },
    money:
      hourPrice === undefined
        ? null
        : { hourPrice, currency: currency ?? null, cost: hours * hourPrice, budget: budget ?? null },
  };
}

/** Workers and cost when a setting saves so much. */
function whenApplied(
  forecast: Forecast,
  { coreHours }: Saving,
  { by, money, seconds, finishedAt }: Advice['time'],
  { parallelClips }: Pick<Pipeline, 'parallelClips'>,
): Pick<NonNullable<Advice['apply']>, 'workers' | 'cost'> {
  const hours = workerHours(forecast) - coreHours / parallelClips;
  const now = Date.parse(finishedAt) - seconds * 1000;
  const left = by === null ? 0 : (Date.parse(by.at) - now) / 1000;
  return {
    workers: left <= 0 ? null : Math.max(1, Math.ceil((hours * 3600) / left)),
    cost: money === null ? null : hours * money.hourPrice,
  };
}

/** `2026-12-04T09:00:00+01:00` as `2026-12-04 09:00 (+01:00)`. */
function readMoment(by: string): string {
  const [, day = '', time = '', zone = ''] = /^(\S{10})T(\d\d:\d\d)\S*?(Z|[+-]\d\d:\d\d)$/.exec(by) ?? [];
  return day === '' ? by : `${day} ${time} (${zone === 'Z' ? 'UTC' : zone})`;
}

/**
 * Says whether a file, a template and this deployment are ready for a campaign, and what to do with each field. Renders
 * and queues nothing. The rows are planned once as they are, and once more for each change whose saving is stated.
 *
 * @throws BespokeError as `planCampaign` does.
 */
export async function adviseCampaign(
  pipeline: Pipeline,
  request: AdviceRequest,
  look: LookOptions,
  context: AdviceContext,
): Promise<Advice> {
  return withForecast(pipeline, request, look, async (open) => {
    const { entry, terms, input, run } = open;
    const { template } = entry;
    const used = namesUsed(template);
    const dataCounter = createDataCounter(template, used, input.mapping, request.accept);
    const contentCounter = createContentCounter(template, used);
    const observer: RowObserver = {
      see: (row, plan, images) => {
        dataCounter.see(row, images, new Set(plan.clips.map(({ scene }) => scene)));
        contentCounter.see(plan);
      },
      counted: dataCounter.forget,
    };
    const forecast = await run(noBadRow, { rows: watched(input, dataCounter.read), observer });
    const data = dataCounter.result();
    const leftOut = mayBeLeftOut(template, data.fields);
    const savings = await countSavings(pipeline, request, open, forecast, look.signal, leftOut);
    const resources = await describeResources(
      pipeline,
      template.id,
      forecast,
      { format: terms.format, scale: open.encoding.scale },
      context,
    );
    const time = describeTime(forecast, request, resources, pipeline.clock.now());
    const { linkDays } = context;
    const privacy = describePrivacy(template, used, { preview: request.preview, linkDays });
    const content = contentCounter.result(forecast.clips.distinct);
    const factors = judgeFactors({
      ...{ asOf: terms.asOf, input: terms.input, rows: forecast.rows, pictures: forecast.pictures },
      ...{ data, content, privacy, resources, time, template, used, linkDays },
      byWords: request.by && readMoment(request.by),
    });
    const recommendations = recommend({
      ...{ template, used, fields: data.fields, rows: forecast.rows.good },
      frames: forecast.frames.toRender,
      coarser: savings.coarser,
      without: savings.without,
      fits: factors.find(({ factor }) => factor === 'time')?.level !== 'not-yet',
    });
    const fields = recommendations.flatMap(({ field, apply }) => (apply === 'setting' ? [field] : []));
    const [first] = fields;
    const one = first === undefined || fields.length > 1 ? undefined : savings.coarser.get(first);
    const saving = fields.length === 0 ? undefined : (one ?? (await savings.countCoarser(fields)));
    return {
      ...terms,
      coarser: [...(template.coarsened ?? [])],
      rows: forecast.rows,
      pictures: forecast.pictures,
      clips: forecast.clips,
      level: worstOf(factors.map(({ level }) => level)),
      ...{ factors, data, content, privacy, resources, time, recommendations },
      apply:
        saving === undefined
          ? null
          : {
              coarser: [...(template.coarsened ?? []), ...fields],
              saving,
              ...whenApplied(forecast, saving, time, pipeline),
            },
    };
  });
}
