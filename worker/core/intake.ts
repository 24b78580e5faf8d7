import { randomBytes } from 'node:crypto';
import { createGiveWay } from '../../data/give-way.ts';
import type { AnyRecord, FieldIssue } from '../../data/record.ts';
import { isSuspicion, type SuspectPolicy } from '../../data/suspects.ts';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { runTemplateCode, tryTemplate, type TemplateFailure } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import type { NewCampaign } from './campaigns.ts';
import { checkGlyphs } from './check-glyphs.ts';
import { checkLinks } from './check-links.ts';
import type { ClipDraft } from './clips.ts';
import type { CutUse, Proof } from './cuts.ts';
import { resolveImages } from './image-resolver.ts';
import { traceOf } from './jobs/guard.ts';
import { queueRowMessages } from './settle.ts';
import { type Holdout, isHeldOut } from './holdout.ts';
import type { Pipeline } from './pipeline.ts';
import type { Planner } from './plan-render.ts';
import type { Priority } from './ports.ts';
import type { RenderWarning } from './render-schema.ts';
import type { SpeechBook } from './speech.ts';
import { erasedRender, type NewRender, type RowPlan } from './renders.ts';
import { splitErased, withPeople } from './suppression.ts';
import type { RenderSource } from './viewers.ts';

/** A row as it comes in: a record that passed its checks, or why it did not. */
export interface IntakeRow {
  /** 1-based among the rows of the input. */
  readonly row: number;
  readonly fileName: string;
  /** The customer's id, where the input names one; HMACs of it are all that is kept. */
  readonly customerId?: string | undefined;
  /** Its HMAC, where nothing else is known. */
  readonly person?: string | undefined;
  /** Whether its person was erased, so that the input no longer contains the row. */
  readonly erased?: boolean | undefined;
  readonly warnings: readonly RenderWarning[];
  readonly check:
    | { readonly ok: true; readonly record: AnyRecord }
    | { readonly ok: false; readonly code: ErrorCode; readonly message: string };
}

/** The first chunk is small, so that rendering starts while the rest is being read. */
const firstChunk = 20;
const laterChunk = 500;

/** Rows in the portions that are taken in at a time. */
export async function* chunksOf(rows: AsyncIterable<IntakeRow>): AsyncGenerator<readonly IntakeRow[]> {
  let chunk: IntakeRow[] = [];
  let size = firstChunk;
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
    size = laterChunk;
  }
  if (chunk.length > 0) yield chunk;
}

/** What all rows of a campaign have in common. */
export interface IntakeContext {
  readonly campaign: Pick<NewCampaign, 'id' | 'rowEvents'>;
  /** Whose link the render of a person takes; unset: one of its own. */
  readonly linkOwner: (person: string | undefined) => string | undefined;
  readonly template: Template;
  /** Plans the row of a person, by the HMAC of their id: each variant of the story has a planner of its own. */
  readonly plannerFor: (person: string | undefined) => Planner;
  /** Of its planners. Unset: no scene of the template speaks. */
  readonly book?: SpeechBook | undefined;
  /** What becomes of suspect pictures; rows come in judged by what can be known without them. */
  readonly suspects?: SuspectPolicy | undefined;
  readonly holdout?: Holdout | undefined;
  readonly priority: Priority;
  readonly videoId: (row: number) => string;
  /** Chooses what is proven of a render's parts of cut scenes. */
  readonly proofsOf: (render: string, uses: readonly CutUse[]) => readonly Proof[];
}

type Checked = IntakeRow & { readonly check: { readonly ok: true } };

/** Why a row is failed. */
export type RowFailure = Extract<IntakeRow['check'], { readonly ok: false }>;

/** A row without the suspicions that are accepted; failed, where the campaign is strict and others are left. */
export function judgeSuspects(row: IntakeRow, { strict = false, accept = [] }: SuspectPolicy): IntakeRow {
  if (!row.check.ok || row.warnings.length === 0) return row;
  const accepted: ReadonlySet<string> = new Set(accept);
  const warnings = row.warnings.filter(({ code }) => !accepted.has(code));
  const suspects = strict ? warnings.filter(({ code }) => isSuspicion(code)) : [];
  if (suspects.length === 0) return { ...row, warnings };
  const message = suspects.map((each) => each.message).join(' ');
  return {
    ...row,
    warnings: warnings.filter((each) => !suspects.includes(each)),
    check: { ok: false, code: 'row-suspect', message },
  };
}

const invalid = (row: IntakeRow, issues: readonly FieldIssue[]): IntakeRow => {
  const message = issues.map((issue) => issue.message).join(' ');
  return { ...row, check: { ok: false, code: 'row-invalid', message } };
};

/** Rows whose text can be drawn and whose links are allowed pass on; the others have become failed. */
export function checkRowValues(
  { linkOrigins }: Pick<Pipeline, 'linkOrigins'>,
  template: Template,
  row: IntakeRow,
): IntakeRow {
  const { check } = row;
  if (!check.ok) return row;
  const links = checkLinks(template.record, check.record, linkOrigins);
  if (links.length > 0) return invalid(row, links);
  const code = { subject: `\`glyphs\` of template "${template.id}"`, personal: true };
  const checked = tryTemplate(() =>
    runTemplateCode(code, () => checkGlyphs(template.record, check.record, template.glyphs)),
  );
  if (!checked.ok) return { ...row, check: checked };
  const glyphs = checked.value;
  if (!glyphs.ok) return invalid(row, glyphs.issues);
  return {
    ...row,
    warnings: [...row.warnings, ...glyphs.warnings],
    check: { ok: true, record: glyphs.record },
  };
}

/** What planning makes of a record. */
export interface PlannedRow {
  readonly plan: RowPlan;
  readonly clips: readonly ClipDraft[];
  readonly cutUses?: readonly CutUse[];
  readonly segments?: readonly string[];
  readonly warnings?: readonly RenderWarning[];
}

function templateFailure(
  { log }: Pick<Pipeline, 'log'>,
  row: Pick<IntakeRow, 'row'>,
  { code, message, cause }: TemplateFailure,
): PlannedRow {
  log.warn('the template does not work for a row', { row: row.row, trace: traceOf(cause) });
  return { plan: { state: 'failed', code, message }, clips: [] };
}

/** What planning makes of a row of the control group: nothing is rendered, but it fails as one with a video would. */
function planHeldOut(
  pipeline: Pick<Pipeline, 'log'>,
  { plannerFor }: IntakeContext,
  row: Checked,
): PlannedRow {
  const segments = tryTemplate(() => plannerFor(row.person).segments(row.check.record));
  if (!segments.ok) return templateFailure(pipeline, row, segments);
  return { plan: { state: 'held-out' }, clips: [], segments: segments.value };
}

/** What planning makes of a row's record. */
export function planRow(
  pipeline: Pick<Pipeline, 'log'>,
  { plannerFor }: Pick<IntakeContext, 'plannerFor'>,
  row: Pick<IntakeRow, 'row' | 'person'>,
  { record, images }: Pick<RenderSource, 'record' | 'images'>,
): PlannedRow {
  const planned = tryTemplate(() => plannerFor(row.person).render(record, images));
  if (!planned.ok) return templateFailure(pipeline, row, planned);
  const { clips, segments, warnings, cutUses, ...render } = planned.value;
  const beside = render.beside.map((clip) => clip.key);
  const plan = { state: 'planned', ...render, beside } as const;
  return { plan, clips: [...clips, ...render.beside], segments, warnings, cutUses };
}

type SpokenRow = Pick<IntakeRow, 'row' | 'person'> & Pick<RenderSource, 'record' | 'images'>;

/** Has everything synthesized that rows say. @returns why rows cannot be spoken, by row. */
export async function speakRows(
  { book, plannerFor }: Pick<IntakeContext, 'book' | 'plannerFor'>,
  rows: readonly SpokenRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, BespokeError>> {
  if (book === undefined) return new Map();
  const wanted = rows.map(({ row, person, record, images }) => {
    const texts = tryTemplate(() => plannerFor(person).texts(record, images));
    // One for which the template does not work fails when it is planned.
    return { row, texts: texts.ok ? texts.value : [] };
  });
  const failed = await book.learn(
    wanted.flatMap(({ texts }) => texts),
    { signal, make: true },
  );
  return new Map(
    wanted.flatMap(({ row, texts }) => {
      const why = texts.map((text) => failed.get(book.hashOf(text))).find((each) => each !== undefined);
      return why === undefined ? [] : [[row, why] as const];
    }),
  );
}

/** A row's public addresses are made from it; nobody can guess it. */
const newLink = (): string => randomBytes(16).toString('base64url');

/** Rows that the campaign has not recorded yet, and whose they are. */
async function unrecorded(
  { renders, hmac }: Pipeline,
  { campaign }: IntakeContext,
  rows: readonly IntakeRow[],
): Promise<readonly IntakeRow[]> {
  const recorded = await renders.recordedRows(
    campaign.id,
    rows.map(({ row }) => row),
  );
  const fresh = rows.filter(({ row }) => !recorded.has(row));
  return withPeople({ hmac }, fresh);
}

function draftOf(
  { priority, videoId, linkOwner, plannerFor }: IntakeContext,
  { row, fileName, person, customerId }: IntakeRow,
  plan: RowPlan,
  warnings: readonly RenderWarning[],
  made: Pick<NewRender, 'segments' | 'source' | 'proofs'> = {},
): NewRender {
  const variant = plan.state === 'held-out' ? undefined : plannerFor(person).terms.variant?.name;
  return {
    ...{ id: videoId(row), row, fileName, priority, link: newLink(), linkOwner: linkOwner(person) },
    ...{ person, customerId, warnings, plan, variant, ...made },
  };
}

/** Rows of people who were erased are recorded as no more than that. */
async function withoutErased(
  pipeline: Pick<Pipeline, 'people'>,
  context: IntakeContext,
  rows: readonly IntakeRow[],
): Promise<{ readonly present: readonly IntakeRow[]; readonly erased: readonly NewRender[] }> {
  const { present, erased } = await splitErased(pipeline, rows);
  const drafts = erased.map((row) => erasedRender(draftOf(context, row, { state: 'erased' }, [])));
  return { present, erased: drafts };
}

/** Records rows and queues what they want. */
async function record(
  pipeline: Pipeline,
  { campaign, template, priority }: IntakeContext,
  drafts: readonly NewRender[],
  clips: ReadonlyMap<string, ClipDraft>,
): Promise<void> {
  const { renders, queue, metrics } = pipeline;
  const wanted = await renders.record(campaign.id, drafts, [...clips.values()]);
  for (const { plan } of drafts) {
    if (plan.state !== 'planned')
      metrics.renderEnded(plan.state === 'erased' || plan.state === 'held-out' ? 'skipped' : plan.state);
  }
  for (const [scene, { hits, misses }] of countWants(drafts, clips, wanted.begun)) {
    metrics.clipWanted(template.id, scene, 'hit', hits);
    metrics.clipWanted(template.id, scene, 'miss', misses);
  }
  const recorded = new Set(wanted.recorded);
  await queue.add([
    ...wanted.clips.map((clip) => ({
      job: { name: 'render-clip', clip } as const,
      priority,
      isNew: recorded.has(clip),
    })),
    ...wanted.renders.map((render) => ({ job: { name: 'assemble-video', render } as const, priority })),
  ]);
  if (campaign.rowEvents === true) {
    const failed = drafts.filter(({ plan }) => plan.state === 'failed').length;
    if (failed > 0) await queueRowMessages(pipeline, [campaign.id], failed);
  }
}

/** Plans a chunk of rows, records them, and queues what they want. Rows recorded before are passed over. */
export async function takeIn(
  pipeline: Pipeline,
  context: IntakeContext,
  rows: readonly IntakeRow[],
  signal: AbortSignal,
): Promise<void> {
  const { template } = context;
  const { present, erased } = await withoutErased(
    pipeline,
    context,
    await unrecorded(pipeline, context, rows),
  );
  const fresh = present.map((row) => checkRowValues(pipeline, template, row));
  const heldOut = new Set(
    fresh.filter(({ check, person }) => {
      const { holdout } = context;
      // The control group has only rows that would have become videos, or it could not be compared.
      return holdout !== undefined && check.ok && isHeldOut(pipeline.hmac, holdout, person);
    }),
  );
  const good = fresh.filter((row): row is Checked => row.check.ok && !heldOut.has(row));
  const resolved = await resolveImages(
    pipeline,
    template.record,
    good.map(({ check }) => check.record),
    { signal, needed: true },
  );

  const resolutions = new Map(good.map((row, index) => [row.row, resolved[index]]));
  const unspoken = await speakRows(
    context,
    good.map(({ row, person, check }, index) => {
      return { row, person, record: check.record, images: resolved[index]?.images ?? {} };
    }),
    signal,
  );
  const clips = new Map<string, ClipDraft>();
  const drafts: NewRender[] = [...erased];
  const giveWay = createGiveWay();
  for (const row of fresh) {
    // Drawing, requests and lock renewals get their turn before the chunk is done.
    const pause = giveWay();
    if (pause !== undefined) await pause;
    signal.throwIfAborted();
    if (!row.check.ok) {
      const { code, message } = row.check;
      drafts.push(draftOf(context, row, { state: 'failed', code, message }, row.warnings));
      continue;
    }
    if (heldOut.has(row)) {
      const { plan, segments } = planHeldOut(pipeline, context, row as Checked);
      drafts.push(draftOf(context, row, plan, [], { segments }));
      continue;
    }
    const { images = {}, warnings = [] } = resolutions.get(row.row) ?? {};
    const judged = judgeSuspects(
      { ...row, warnings: [...row.warnings, ...warnings] },
      context.suspects ?? {},
    );
    if (!judged.check.ok) {
      const { code, message } = judged.check;
      drafts.push(draftOf(context, row, { state: 'failed', code, message }, judged.warnings));
      continue;
    }
    const why = unspoken.get(row.row);
    if (why !== undefined) {
      const { code, message } = why;
      drafts.push(draftOf(context, row, { state: 'failed', code, message }, judged.warnings));
      continue;
    }
    const { record } = row.check;
    const planned = planRow(pipeline, context, row, { record, images });
    for (const clip of planned.clips) {
      // Another row may want the same clip without the pictures that this one needs of it.
      if (clip.stills.length > 0 || !clips.has(clip.key)) clips.set(clip.key, clip);
    }
    const source = { terms: context.plannerFor(row.person).terms, record, images };
    const { plan, segments, warnings: ofSpeech = [], cutUses = [] } = planned;
    const proofs = context.proofsOf(context.videoId(row.row), cutUses);
    const all = [...judged.warnings, ...ofSpeech];
    drafts.push(draftOf(context, row, plan, all, { segments, source, proofs }));
  }
  await record(pipeline, context, drafts, clips);
}

/** Records rows that nobody needs any more, without reading them. Rows recorded before stay as they are. */
export async function takeInCancelled(
  pipeline: Pipeline,
  context: IntakeContext,
  rows: readonly IntakeRow[],
): Promise<void> {
  const { present, erased } = await withoutErased(
    pipeline,
    context,
    await unrecorded(pipeline, context, rows),
  );
  const cancelled = present.map((row) => draftOf(context, row, { state: 'cancelled' }, row.warnings));
  await record(pipeline, context, [...erased, ...cancelled], new Map());
}

/** How many clips rows need, by scene; each new clip was missing once. */
function countWants(
  drafts: readonly NewRender[],
  clips: ReadonlyMap<string, ClipDraft>,
  begun: readonly string[],
): ReadonlyMap<string, { hits: number; misses: number }> {
  const counts = new Map<string, { hits: number; misses: number }>();
  const missing = new Set(begun);
  for (const { plan } of drafts) {
    if (plan.state !== 'planned') continue;
    for (const key of new Set([...plan.path.map(({ clip }) => clip), ...(plan.beside ?? [])])) {
      const scene = clips.get(key)?.scene ?? '';
      const count = counts.get(scene) ?? { hits: 0, misses: 0 };
      count[missing.delete(key) ? 'misses' : 'hits'] += 1;
      counts.set(scene, count);
    }
  }
  return counts;
}
