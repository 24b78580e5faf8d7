import { randomUUID } from 'node:crypto';
import type { AnyRecord } from '../../data/record.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import { checkGlyphs } from './check-glyphs.ts';
import { resolveImages } from './image-resolver.ts';
import type { Campaign, ClipDraft, RowPlan, VideoDraft } from './ledger.ts';
import type { Pipeline } from './pipeline.ts';
import type { Planner } from './plan-video.ts';
import type { Template } from '../../video/story/template.ts';
import type { Destination, Priority } from './ports.ts';
import type { VideoWarning } from './video.ts';

/** A row as it comes in: a record that passed its checks, or why it did not. */
export interface IntakeRow {
  /** 1-based among the rows of the input. */
  readonly row: number;
  readonly fileName: string;
  readonly warnings: readonly VideoWarning[];
  readonly check:
    | { readonly ok: true; readonly record: AnyRecord }
    | { readonly ok: false; readonly code: ErrorCode; readonly message: string };
}

/** What all rows of a campaign have in common. */
export interface IntakeContext {
  readonly campaign: Campaign;
  readonly template: Template;
  readonly planner: Planner;
  readonly destination: Destination;
  readonly priority: Priority;
}

type Checked = IntakeRow & { readonly check: { readonly ok: true } };

/** Rows whose text can be drawn pass on; the others have become failed. */
export function checkRowGlyphs(template: Template, row: IntakeRow): IntakeRow {
  if (!row.check.ok) return row;
  const glyphs = checkGlyphs(template.record, row.check.record, template.glyphs);
  if (!glyphs.ok) {
    const message = glyphs.issues.map((issue) => issue.message).join(' ');
    return { ...row, check: { ok: false, code: 'row-invalid', message } };
  }
  return {
    ...row,
    warnings: [...row.warnings, ...glyphs.warnings],
    check: { ok: true, record: glyphs.record },
  };
}

/** A planned row is skipped where the destination holds exactly this video already. */
async function planRow(
  { planner, destination }: IntakeContext,
  row: Checked,
  images: ResolvedImages,
  heldKey: string | undefined,
): Promise<{ readonly plan: RowPlan; readonly clips: readonly ClipDraft[] }> {
  const { key, path, clips, mix, durationInFrames, personal } = planner.video(row.check.record, images);
  if (heldKey === key && (await destination.holds(row.fileName))) {
    return { plan: { state: 'skipped', key, durationInFrames }, clips: [] };
  }
  return { plan: { state: 'planned', key, path, mix, durationInFrames, personal }, clips };
}

/** Plans a chunk of rows, records them, and queues what they want. Rows recorded before are passed over. */
export async function takeIn(
  pipeline: Pipeline,
  context: IntakeContext,
  rows: readonly IntakeRow[],
  signal: AbortSignal,
): Promise<void> {
  const { ledger, queue } = pipeline;
  const { campaign, template, destination, priority } = context;
  const recorded = await ledger.recordedRows(
    campaign.id,
    rows.map(({ row }) => row),
  );
  const fresh = rows.filter(({ row }) => !recorded.has(row)).map((row) => checkRowGlyphs(template, row));
  const good = fresh.filter((row): row is Checked => row.check.ok);
  const [resolved, held] = await Promise.all([
    resolveImages(
      pipeline,
      template.record,
      good.map(({ check }) => check.record),
      signal,
    ),
    ledger.delivered(
      destination.name,
      good.map(({ fileName }) => fileName),
    ),
  ]);

  const resolutions = new Map(good.map((row, index) => [row.row, resolved[index]]));
  const clips = new Map<string, ClipDraft>();
  const drafts: VideoDraft[] = [];
  for (const row of fresh) {
    const warnings: VideoWarning[] = [...row.warnings];
    let plan: RowPlan;
    if (row.check.ok) {
      const resolution = resolutions.get(row.row);
      warnings.push(...(resolution?.warnings ?? []));
      const planned = await planRow(
        context,
        row as Checked,
        resolution?.images ?? {},
        held.get(row.fileName),
      );
      for (const clip of planned.clips) clips.set(clip.key, clip);
      plan = planned.plan;
    } else {
      plan = { state: 'failed', code: row.check.code, message: row.check.message };
    }
    drafts.push({ id: randomUUID(), row: row.row, fileName: row.fileName, priority, warnings, plan });
  }
  const wanted = await ledger.submit(campaign.id, drafts, [...clips.values()]);
  await queue.add([
    ...wanted.clips.map((clip) => ({ job: { name: 'render-clip', clip } as const, priority })),
    ...wanted.videos.map((video) => ({ job: { name: 'assemble-video', video } as const, priority })),
  ]);
}
