import { WarningCounter } from '../../data/count-warnings.ts';
import type { SuspectPolicy } from '../../data/suspects.ts';
import { createGiveWay } from '../../data/give-way.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import { viewsOf } from '../../video/story/engine/graph.ts';
import { type Format, frameSize } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { speaks } from '../../video/story/time-scene.ts';
import { qualities } from '../core/campaigns.ts';
import type { ClipDraft, SceneSpeed } from '../core/clips.ts';
import { withStandingCuts } from '../core/cuts.ts';
import { compactKey } from '../core/hmac.ts';
import { type Holdout, isHeldOut } from '../core/holdout.ts';
import { type ImageBudget, resolveImages } from '../core/image-resolver.ts';
import { checkRowValues, judgeSuspects, type IntakeRow, type RowFailure } from '../core/intake.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { createPlanContext } from '../core/plan-context.ts';
import type { CountedPlan } from '../core/plan-render.ts';
import type { Encoding } from '../core/ports.ts';
import { failedRow, type FirstRow, stopsCampaign } from '../core/stop-campaign.ts';
import { splitErasedOfCounted, withPeople } from '../core/suppression.ts';
import { createPlanners, type Variants } from '../core/variants.ts';
import { today } from './place.ts';
import { createSpeechCount } from './plan-speech.ts';
import type { CampaignPlan } from './report-schema.ts';
import {
  type CampaignInput,
  type CampaignRequest,
  describeInput,
  checkLinkPlace,
  requestedFormat,
  requestedGroups,
  orderedTemplateOf,
  requestedTemplate,
  withCampaignInput,
} from './request.ts';

/** A plan but for the request: what counting gives. */
export type Forecast = Pick<
  CampaignPlan,
  | 'rows'
  | 'segments'
  | 'variants'
  | 'stops'
  | 'warnings'
  | 'pictures'
  | 'speech'
  | 'clips'
  | 'frames'
  | 'seconds'
  | 'bytes'
  | 'basis'
  | 'scenes'
>;
type SceneForecast = Forecast['scenes'][number];

/** Sees the rows that would become videos, as they are counted. */
export interface RowObserver {
  readonly see: (row: IntakeRow, plan: CountedPlan, images: ResolvedImages) => void;
  /** After each portion of rows, whatever became of them. */
  readonly counted: () => void;
}

/** What a campaign would be run with. */
interface ForecastRequest {
  readonly entry: RegistryEntry;
  readonly format: Format;
  readonly encoding: Encoding;
  readonly asOf: string;
  readonly rows: AsyncIterable<IntakeRow>;
  readonly suspects?: SuspectPolicy;
  readonly holdout?: Holdout | undefined;
  readonly variants?: Variants | undefined;
  readonly look: LookOptions;
  readonly observer?: RowObserver;
}

/** How the pictures of a forecast are looked at. */
export interface LookOptions {
  readonly budget: ImageBudget;
  readonly signal: AbortSignal;
}

/** Assumed until a scene was rendered once: one of two clips at a time, of simple vector scenes. */
const assumedPixelsPerSecond = 25_000_000;
const assumedBytesPerPixel = 0.012;

interface Tally {
  shared: number;
  personal: number;
  stored: number;
  frames: number;
}

/** An estimate in thousandths: sums of fractions end in digits that mean nothing. */
const toThousandths = (estimate: number): number => Math.round(estimate * 1000) / 1000;

function priceScene(
  scene: string,
  tally: Tally,
  { format, encoding }: ForecastRequest,
  speeds: readonly SceneSpeed[],
  parallelClips: number,
): SceneForecast {
  const { width, height } = frameSize(format);
  const pixels = width * height * encoding.scale ** 2;
  const measured = speeds.find(
    (speed) =>
      speed.scene === scene && speed.format === format && Math.abs(speed.scale - encoding.scale) < 0.001,
  );
  const framesPerSecond = measured?.framesPerSecond ?? Math.min(30, assumedPixelsPerSecond / pixels);
  const bytesPerFrame = measured?.bytesPerFrame ?? assumedBytesPerPixel * pixels;
  return {
    scene,
    distinct: tally.shared + tally.personal,
    ...tally,
    seconds: toThousandths(tally.frames / (framesPerSecond * parallelClips)),
    bytes: Math.round(tally.frames * bytesPerFrame),
    basis: measured === undefined ? 'assumed' : 'measured',
  };
}

type BadRow = IntakeRow & { readonly check: RowFailure };

/**
 * Plans every row and counts what would be rendered. Memory grows with the number of distinct
 * clips, not with the rows.
 *
 * @param onBadRow is called with each row that would fail, in the input's order.
 */
export async function forecastCampaign(
  pipeline: Pipeline,
  request: ForecastRequest,
  onBadRow: (row: BadRow) => void,
): Promise<Forecast> {
  const { template } = request.entry;
  const { suspects = {}, holdout, variants } = request;
  const planContext = await createPlanContext(pipeline, request.entry, request);
  const plannerFor = createPlanners(planContext, pipeline.hmac, variants);
  const { book } = planContext;
  const voice = book && pipeline.speech && { book, pricePerMillion: pipeline.speech.pricePerMillion };
  const speech = speaks(template) ? createSpeechCount(pipeline.hmac, voice) : undefined;
  const seen = new Set<string>();
  // Of a scene that is only shown in parts, these parts are counted.
  const inParts = new Set(
    Object.entries(template.scenes).flatMap(([scene, { part }]) =>
      part === undefined ? [] : [scene, part.scene],
    ),
  );
  const shown = new Set(
    Object.keys(template.story.nodes).flatMap((node) =>
      viewsOf(template.story, node).map(({ scene }) => scene),
    ),
  );
  const tallies = new Map<string, Tally>(
    Object.keys(template.scenes).flatMap((scene) =>
      inParts.has(scene) && !shown.has(scene)
        ? []
        : [[scene, { shared: 0, personal: 0, stored: 0, frames: 0 }]],
    ),
  );
  const rows = { good: 0, bad: 0, erased: 0, heldOut: 0 };
  const bySegment = new Map(Object.keys(template.segments).map((name) => [name, { good: 0, heldOut: 0 }]));
  const byVariant = new Map((variants?.names ?? []).map((name) => [name, { good: 0 }]));
  const warnings = new WarningCounter<CampaignPlan['warnings'][number]['code']>();
  const giveWay = createGiveWay();
  let withoutSharing = 0;
  /** As a campaign would see them; what only drawing shows is not known. */
  const first: FirstRow[] = [];

  function countIn(group: 'good' | 'heldOut', segments: readonly string[]): void {
    for (const name of segments) {
      const counts = bySegment.get(name);
      if (counts !== undefined) counts[group] += 1;
    }
  }

  async function count(chunk: readonly IntakeRow[]): Promise<void> {
    const good: (IntakeRow & { readonly check: { readonly ok: true } })[] = [];
    const bad: BadRow[] = [];
    const people = (holdout ?? variants) ? withPeople(pipeline, chunk) : chunk;
    const { present, erased } = await splitErasedOfCounted(pipeline, people);
    const heldOut = new Set<number>();
    for (const each of present) {
      const row = checkRowValues(pipeline, template, judgeSuspects(each, suspects));
      const { check } = row;
      if (!check.ok) {
        bad.push({ ...row, check });
      } else if (holdout && isHeldOut(pipeline.hmac, holdout, row.person)) {
        const { record } = check;
        const segments = tryTemplate(() => plannerFor(row.person).segments(record));
        if (segments.ok) {
          heldOut.add(row.row);
          countIn('heldOut', segments.value);
        } else {
          bad.push({ ...row, check: segments });
        }
      } else {
        good.push({ ...row, check });
      }
    }
    const resolved = await resolveImages(
      pipeline,
      template.record,
      good.map(({ check }) => check.record),
      { ...request.look, needed: false },
    );
    await speech?.look(
      good.map((row, index) => {
        const { images = {} } = resolved[index] ?? {};
        const texts = tryTemplate(() => plannerFor(row.person).texts(row.check.record, images));
        return { row: row.row, texts: texts.ok ? texts.value : [] };
      }),
      request.look.signal,
    );
    const fresh: ClipDraft[] = [];
    for (const [index, row] of good.entries()) {
      const pause = giveWay();
      if (pause !== undefined) await pause;
      const { images = {}, warnings: ofImages = [] } = resolved[index] ?? {};
      const judged = judgeSuspects({ ...row, warnings: [...row.warnings, ...ofImages] }, suspects);
      if (!judged.check.ok) {
        bad.push({ ...judged, check: judged.check });
        continue;
      }
      const planner = plannerFor(row.person);
      const plan = tryTemplate(() => planner.clips(row.check.record, images));
      if (!plan.ok) {
        bad.push({ ...row, check: plan });
        continue;
      }
      warnings.add(row.row, [...judged.warnings, ...plan.value.warnings]);
      countIn('good', plan.value.segments);
      const variant = byVariant.get(planner.terms.variant?.name ?? '');
      if (variant !== undefined) variant.good += 1;
      request.observer?.see(judged, plan.value, images);
      for (const clip of [...plan.value.clips, ...plan.value.beside]) {
        withoutSharing += clip.durationInFrames;
        const name = compactKey(clip.key);
        if (seen.has(name)) continue;
        seen.add(name);
        fresh.push(clip);
      }
    }
    rows.good += present.length - bad.length - heldOut.size;
    rows.heldOut += heldOut.size;
    rows.bad += bad.length;
    rows.erased += erased.length;
    for (const row of bad.toSorted((a, b) => a.row - b.row)) onBadRow(row);
    if (first.length === 0) {
      const failures = new Map(bad.map(({ row, check }) => [row, failedRow(check)]));
      for (const { row } of present) if (!heldOut.has(row)) first.push(failures.get(row) ?? 'good');
    }
    const stored = await pipeline.clips.stored(fresh.map(({ key }) => key));
    for (const clip of fresh) {
      const tally = tallies.get(clip.scene);
      if (tally === undefined) continue;
      tally[clip.personal ? 'personal' : 'shared'] += 1;
      if (stored.has(clip.key)) tally.stored += 1;
      else tally.frames += clip.durationInFrames;
    }
    request.observer?.counted();
  }

  let chunk: IntakeRow[] = [];
  for await (const row of request.rows) {
    chunk.push(row);
    if (chunk.length < 2000) continue;
    await count(chunk);
    chunk = [];
  }
  await count(chunk);

  const stops = stopsCampaign(first);
  const speeds = await pipeline.clips.sceneSpeeds(template.id);
  const scenes = [...tallies].map(([scene, tally]) =>
    priceScene(scene, tally, request, speeds, pipeline.parallelClips),
  );
  const sum = (value: (scene: SceneForecast) => number): number =>
    scenes.reduce((total, each) => total + value(each), 0);
  const stored = sum((scene) => scene.stored);
  return {
    rows,
    segments: [...bySegment].map(([segment, counts]) => ({ segment, ...counts })),
    variants: [...byVariant].map(([variant, counts]) => ({ variant, ...counts })),
    ...(stops !== undefined && { stops: { code: stops.code, message: stops.message } }),
    warnings: warnings.list(),
    pictures: request.look.budget.counts(),
    ...(speech !== undefined && { speech: speech.counted() }),
    scenes,
    clips: { distinct: seen.size, stored, toRender: seen.size - stored },
    frames: { toRender: sum(({ frames }) => frames), withoutSharing },
    seconds: toThousandths(sum(({ seconds }) => seconds)),
    bytes: sum(({ bytes }) => bytes),
    basis: scenes.some(({ frames, basis }) => frames > 0 && basis === 'assumed') ? 'assumed' : 'measured',
  };
}

const keptBadRows = 100;

/** A request whose input is open, to be forecast as it is or with something changed. */
export interface OpenForecast extends Pick<CampaignInput, 'input'> {
  readonly entry: RegistryEntry;
  readonly encoding: Encoding;
  readonly terms: Pick<CampaignPlan, 'template' | 'format' | 'quality' | 'asOf'> & {
    readonly input: CampaignPlan['input'];
  };
  readonly run: (
    onBadRow: (row: BadRow) => void,
    change?: Partial<Pick<ForecastRequest, 'entry' | 'rows' | 'look' | 'observer'>>,
  ) => Promise<Forecast>;
}

/**
 * Opens the input of a request for forecasts.
 *
 * @throws BespokeError as `planCampaign` does.
 */
export async function withForecast<T>(
  pipeline: Pipeline,
  request: CampaignRequest,
  look: LookOptions,
  use: (open: OpenForecast) => Promise<T>,
): Promise<T> {
  const found = requestedTemplate(pipeline.registry, request.template);
  const entry = orderedTemplateOf(await withStandingCuts(pipeline, found), request);
  const format = requestedFormat(entry, request.format);
  checkLinkPlace(entry, request.link);
  const quality = request.quality ?? 'standard';
  const asOf = request.asOf ?? today(pipeline);
  return withCampaignInput(
    pipeline.store,
    entry.template.record,
    { ...request, asOf },
    async ({ fileName, hash, table, input }) => {
      const groups = requestedGroups(entry.template, request, { hash, input });
      const template = entry.template.id;
      const encoding = qualities[quality];
      return use({
        ...{ entry, input, encoding },
        terms: { template, format, quality, asOf, input: describeInput(fileName, table, input) },
        run: (onBadRow, change = {}) =>
          forecastCampaign(
            pipeline,
            {
              ...{ entry, format, encoding, asOf, suspects: request, look },
              ...groups,
              rows: input.rows(),
              ...change,
            },
            onBadRow,
          ),
      });
    },
  );
}

/**
 * Says what a campaign would take. Renders and queues nothing. Looks at its pictures as far as the budget reaches; what
 * was looked at is known for a day, so the next forecast looks at others and the campaign does not fetch it again.
 *
 * @throws BespokeError as `placeCampaign` does, and `bundle-failed` when the templates' code cannot be read.
 */
export async function planCampaign(
  pipeline: Pipeline,
  request: CampaignRequest,
  look: LookOptions,
): Promise<CampaignPlan> {
  return withForecast(pipeline, request, look, async ({ terms, run }) => {
    const badRows: CampaignPlan['badRows'][number][] = [];
    const forecast = await run(({ row, check: { code, message } }) => {
      if (badRows.length < keptBadRows) badRows.push({ row, code, message });
    });
    return { ...terms, ...forecast, badRows };
  });
}
