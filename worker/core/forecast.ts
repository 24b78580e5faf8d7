import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { type Format, frameSizes } from '../../video/story/format.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { foreseeImages } from './image-resolver.ts';
import { checkRowGlyphs, type IntakeRow, type RowFailure } from './intake.ts';
import type { ClipDraft, SceneSpeed } from './clips.ts';
import type { Pipeline } from './pipeline.ts';
import { createPlanContext } from './plan-context.ts';
import { createPlanner } from './plan-render.ts';
import type { Encoding } from './ports.ts';
import { splitErasedOfCounted } from './suppression.ts';

/** The clips of one scene that a campaign needs. Counts are of distinct clips. */
export interface SceneForecast {
  readonly scene: string;
  readonly shared: number;
  readonly personal: number;
  /** Of these, how many are on the store already. */
  readonly stored: number;
  /** Of the clips that are still to be rendered. */
  readonly frames: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Whether time and bytes come from earlier renders of this scene or from an assumption. */
  readonly basis: 'measured' | 'assumed';
}

/** What a campaign would take. Nothing was rendered, fetched or queued to know it. */
export interface Forecast {
  readonly rows: {
    readonly good: number;
    readonly bad: number;
    /** Of people who were erased: nothing is made for them. */
    readonly erased: number;
  };
  readonly scenes: readonly SceneForecast[];
  readonly clips: { readonly distinct: number; readonly stored: number; readonly toRender: number };
  readonly frames: { readonly toRender: number; readonly withoutSharing: number };
  readonly seconds: number;
  readonly bytes: number;
  readonly basis: 'measured' | 'assumed';
}

/** What a campaign would be run with. */
export interface ForecastRequest {
  readonly entry: RegistryEntry;
  readonly format: Format;
  readonly encoding: Encoding;
  readonly asOf: string;
  readonly rows: AsyncIterable<IntakeRow>;
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

/** A 64-digit hex key as 16 characters: 128 bits distinguish any number of clips with a third of the memory. */
const compact = (key: string): string => Buffer.from(key.slice(0, 32), 'hex').toString('latin1');

function priceScene(
  scene: string,
  tally: Tally,
  { format, encoding }: ForecastRequest,
  speeds: readonly SceneSpeed[],
  parallelClips: number,
): SceneForecast {
  const { width, height } = frameSizes[format];
  const pixels = width * height * encoding.scale ** 2;
  const measured = speeds.find(
    (speed) =>
      speed.scene === scene && speed.format === format && Math.abs(speed.scale - encoding.scale) < 0.001,
  );
  const framesPerSecond = measured?.framesPerSecond ?? Math.min(30, assumedPixelsPerSecond / pixels);
  const bytesPerFrame = measured?.bytesPerFrame ?? assumedBytesPerPixel * pixels;
  return {
    scene,
    ...tally,
    seconds: tally.frames / (framesPerSecond * parallelClips),
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
  const planner = createPlanner(await createPlanContext(pipeline, request.entry, request), pipeline.hmac);
  const seen = new Set<string>();
  const tallies = new Map<string, Tally>(
    Object.keys(template.scenes).map((scene) => [scene, { shared: 0, personal: 0, stored: 0, frames: 0 }]),
  );
  const rows = { good: 0, bad: 0, erased: 0 };
  let withoutSharing = 0;

  async function count(chunk: readonly IntakeRow[]): Promise<void> {
    const good: (IntakeRow & { readonly check: { readonly ok: true } })[] = [];
    const bad: BadRow[] = [];
    const { present, erased } = await splitErasedOfCounted(pipeline, chunk);
    for (const each of present) {
      const row = checkRowGlyphs(template, each);
      const { check } = row;
      if (check.ok) good.push({ ...row, check });
      else bad.push({ ...row, check });
    }
    const images = await foreseeImages(
      pipeline,
      template.record,
      good.map(({ check }) => check.record),
    );
    const fresh: ClipDraft[] = [];
    for (const [index, row] of good.entries()) {
      // As in intake: other work of this process gets its turn before the chunk is done.
      await nextTurn();
      const plan = tryTemplate(() => planner.clips(row.check.record, images[index] ?? {}));
      if (!plan.ok) {
        bad.push({ ...row, check: plan });
        continue;
      }
      for (const clip of [...plan.value.clips, ...plan.value.beside]) {
        withoutSharing += clip.durationInFrames;
        const name = compact(clip.key);
        if (seen.has(name)) continue;
        seen.add(name);
        fresh.push(clip);
      }
    }
    rows.good += present.length - bad.length;
    rows.bad += bad.length;
    rows.erased += erased.length;
    for (const row of bad.toSorted((a, b) => a.row - b.row)) onBadRow(row);
    const stored = await pipeline.clips.stored(fresh.map(({ key }) => key));
    for (const clip of fresh) {
      const tally = tallies.get(clip.scene);
      if (tally === undefined) continue;
      tally[clip.personal ? 'personal' : 'shared'] += 1;
      if (stored.has(clip.key)) tally.stored += 1;
      else tally.frames += clip.durationInFrames;
    }
  }

  let chunk: IntakeRow[] = [];
  for await (const row of request.rows) {
    chunk.push(row);
    if (chunk.length < 2000) continue;
    await count(chunk);
    chunk = [];
  }
  await count(chunk);

  const speeds = await pipeline.clips.sceneSpeeds(template.id);
  const scenes = [...tallies].map(([scene, tally]) =>
    priceScene(scene, tally, request, speeds, pipeline.parallelClips),
  );
  const sum = (value: (scene: SceneForecast) => number): number =>
    scenes.reduce((total, each) => total + value(each), 0);
  const stored = sum((scene) => scene.stored);
  return {
    rows,
    scenes,
    clips: { distinct: seen.size, stored, toRender: seen.size - stored },
    frames: { toRender: sum(({ frames }) => frames), withoutSharing },
    seconds: sum(({ seconds }) => seconds),
    bytes: sum(({ bytes }) => bytes),
    basis: scenes.some(({ frames, basis }) => frames > 0 && basis === 'assumed') ? 'assumed' : 'measured',
  };
}
