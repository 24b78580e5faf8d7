import { readRows } from '../../data/csv/read-rows.ts';
import { readOptions } from '../core/erasure.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import { findTemplate } from '../../video/story/registry.ts';
import { type Render, renderStatus } from '../core/renders.ts';
import type { Campaign } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { renderLinks, type LinkOptions } from '../campaigns/links.ts';
import type { Subject } from '../core/people.ts';
import type { PersonExport } from './people-schema.ts';
import { findSubject, type Named } from './subject.ts';

type ExportedVideo = PersonExport['videos'][number];

type Cells = Readonly<Record<string, string>>;

/** Cells of some rows of a campaign's file, by number and column. */
async function readCells(
  { registry, store }: Pipeline,
  { template, source }: Campaign,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Cells>> {
  const found = new Map<number, Cells>();
  const fields = findTemplate(registry, template)?.template.record;
  if (source.kind !== 'csv' || fields === undefined) return found;
  try {
    const file = await store.fetch('inputs', source.file);
    const { header, rows } = await readRows(file, readOptions(fields, source));
    for await (const { row, cells } of rows()) {
      if (!wanted.has(row)) continue;
      found.set(row, Object.fromEntries(header.map((title, index) => [title, cells[index] ?? ''])));
      if (found.size === wanted.size) break;
    }
  } catch (error) {
    // What was deleted by hand is not held any more.
    if (!hasCode(error, 'stored-file-missing')) throw error;
  }
  return found;
}

async function exportScenes(pipeline: Pipeline, { path }: Render): Promise<ExportedVideo['scenes']> {
  const drafts = await pipeline.clips.find([...new Set(path.map(({ clip }) => clip))]);
  const clips = new Map(drafts.map((clip) => [clip.key, clip]));
  return path.flatMap(({ node, clip }) => {
    const draft = clips.get(clip);
    if (draft === undefined) return [];
    const { scene, inputs, personal } = draft;
    return [{ node, scene, inputs, personal }];
  });
}

async function exportSessions({ viewers }: Pipeline, render: string): Promise<ExportedVideo['sessions']> {
  const sessions = await viewers.sessionsOf(render);
  return sessions.map(({ session: { rights, createdAt }, events }) => ({
    rights,
    begunAt: createdAt.toISOString(),
    events: events.map(({ at, entry }) => ({ at: at.toISOString(), entry })),
  }));
}

async function exportPages({ viewerEvents }: Pipeline, render: string): Promise<ExportedVideo['pages']> {
  const watching = await viewerEvents.watchingOf([render]);
  return watching.flatMap(({ viewer: { rights }, pages }) =>
    pages.map(({ openedAt, device, events }) => ({
      ...{ rights, device },
      openedAt: openedAt.toISOString(),
      events: events.map(({ ms, content }) => ({
        at: new Date(openedAt.getTime() + ms).toISOString(),
        event: content,
      })),
    })),
  );
}

async function exportConversions(
  { conversions }: Pick<Pipeline, 'conversions'>,
  subject: Subject,
): Promise<PersonExport['conversions']> {
  const kept = await conversions.of(subject);
  return kept.map(({ name, value, currency, at, receivedAt }) => ({
    ...{ name, value, currency },
    at: at.toISOString(),
    receivedAt: receivedAt.toISOString(),
  }));
}

/**
 * Gathers all that is held about a person: their records, what was made from them, and where it is.
 *
 * @param terms of the links; without them there are none.
 */
export async function exportPerson(
  pipeline: Pipeline,
  named: Named,
  terms: LinkOptions | undefined,
): Promise<PersonExport> {
  const { people, campaigns, renders, registry, hmac, clock } = pipeline;
  const subject = await findSubject(pipeline, named);
  const recorded = await people.renders(subject);
  const byCampaign = new Map<string, (typeof recorded)[number][]>();
  for (const render of recorded) {
    byCampaign.set(render.campaign, [...(byCampaign.get(render.campaign) ?? []), render]);
  }
  const exported: ExportedVideo[] = [];
  for (const [id, theirs] of byCampaign) {
    const campaign = await campaigns.find(id);
    const cells =
      campaign === undefined ? new Map<number, Cells>() : await readCells(pipeline, campaign, rowsOf(theirs));
    for (const { id: render, row } of theirs) {
      const entry = await renders.find(render);
      if (entry === undefined) continue;
      const fps = findTemplate(registry, campaign?.template ?? '')?.template.fps ?? Infinity;
      exported.push({
        id: render,
        order: id,
        row,
        customerId: entry.customerId,
        template: campaign?.template,
        orderedAt: campaign?.createdAt.toISOString(),
        endedAt: entry.endedAt?.toISOString(),
        state: renderStatus(entry, fps).state,
        record: campaign?.source.kind === 'record' ? campaign.source.record : cells.get(row),
        current: (await renders.source(render))?.record,
        ...{ segments: entry.segments && [...entry.segments], variant: entry.variant },
        sessions: await exportSessions(pipeline, render),
        pages: await exportPages(pipeline, render),
        externalId: campaign?.kind === 'render' ? campaign.externalId : undefined,
        metadata: campaign?.kind === 'render' ? campaign.metadata : {},
        scenes: await exportScenes(pipeline, entry),
        warnings: entry.warnings.map(({ message }) => message),
        links: terms && renderLinks(hmac, entry, terms, clock.now()),
      });
    }
  }
  return {
    exportedAt: clock.now().toISOString(),
    videos: [...exported, ...(await unplannedRenders(pipeline, subject, recorded))],
    conversions: await exportConversions(pipeline, subject),
  };
}

const rowsOf = (renders: readonly { readonly row: number }[]): ReadonlySet<number> =>
  new Set(renders.map(({ row }) => row));

/** Renders that are ordered and whose row is not recorded yet. */
async function unplannedRenders(
  { people }: Pipeline,
  subject: Awaited<ReturnType<typeof findSubject>>,
  recorded: readonly { readonly id: string }[],
): Promise<ExportedVideo[]> {
  const known = new Set(recorded.map(({ id }) => id));
  const renders = await people.singleRenders(subject);
  return renders
    .filter(({ id }) => !known.has(id))
    .map(({ id, template, createdAt, source, metadata, customerId, externalId }) => ({
      id,
      order: id,
      row: 1,
      customerId,
      externalId,
      template,
      orderedAt: createdAt.toISOString(),
      endedAt: undefined,
      state: 'queued',
      record: source.kind === 'record' ? source.record : undefined,
      current: undefined,
      pages: [],
      sessions: [],
      metadata,
      scenes: [],
      warnings: [],
      links: undefined,
    }));
}
