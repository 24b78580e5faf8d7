import { readRows } from '../../data/csv/read-rows.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import type { LogEntry } from '../../video/story/engine/session.ts';
import { findTemplate } from '../../video/story/registry.ts';
import type { VideoEntry } from '../core/renders.ts';
import type { OrderEntry } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { videoStatus } from '../core/video-status.ts';
import { videoAddresses, type LinkTerms, type VideoAddresses } from '../orders/links.ts';
import { findSubject, type Named } from './subject.ts';

/** A scene that a person's video shows, and what it was given. */
export interface ExportedScene {
  readonly node: string;
  readonly scene: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Whether it was made for this person, or shows the same to everybody alike. */
  readonly personal: boolean;
}

/** What one viewer did. */
export interface ExportedSession {
  readonly rights: 'owner' | 'play';
  readonly begunAt: Date;
  readonly events: readonly { readonly at: Date; readonly entry: LogEntry }[];
}

/** One video and what it was made from. */
export interface ExportedVideo {
  readonly id: string;
  /** The campaign whose row this is, or the render itself. */
  readonly order: string;
  readonly row: number;
  readonly template: string | undefined;
  readonly orderedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly state: string;
  /** By field of a record, or by column of an uploaded file. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
  /** The record as it is now, with what its viewer changed, by field. */
  readonly current: Readonly<Record<string, unknown>> | undefined;
  /** What viewers did, in order. */
  readonly sessions: readonly ExportedSession[];
  /** What the client said beside. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly scenes: readonly ExportedScene[];
  readonly warnings: readonly string[];
  /** Where the files are, while there are any and their links work. */
  readonly links: VideoAddresses | undefined;
}

/** All that is held about a person. */
export interface PersonExport {
  readonly exportedAt: Date;
  readonly videos: readonly ExportedVideo[];
}

type Cells = Readonly<Record<string, string>>;

/** Cells of some rows of a campaign's file, by number and column. */
async function readCells(
  { registry, store }: Pipeline,
  { template, source }: OrderEntry,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Cells>> {
  const found = new Map<number, Cells>();
  const fields = findTemplate(registry, template)?.template.record;
  if (source.kind !== 'csv' || fields === undefined) return found;
  const { file, fileName, map, idColumn } = source;
  const reading = { name: fileName, fields, map, ...(idColumn !== undefined && { idColumn }) };
  try {
    const { header, rows } = await readRows(await store.fetch('inputs', file), reading);
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

async function exportScenes(pipeline: Pipeline, { path }: VideoEntry): Promise<readonly ExportedScene[]> {
  const drafts = await pipeline.clips.find([...new Set(path.map(({ clip }) => clip))]);
  const clips = new Map(drafts.map((clip) => [clip.key, clip]));
  return path.flatMap(({ node, clip }) => {
    const draft = clips.get(clip);
    if (draft === undefined) return [];
    const { scene, inputs, personal } = draft;
    return [{ node, scene, inputs, personal }];
  });
}

async function exportSessions({ viewers }: Pipeline, video: string): Promise<readonly ExportedSession[]> {
  const sessions = await viewers.sessionsOf(video);
  return sessions.map(({ session: { rights, createdAt }, events }) => ({
    rights,
    begunAt: createdAt,
    events: events.map(({ at, entry }) => ({ at, entry })),
  }));
}

/**
 * Gathers all that is held about a person: their records, what was made from them, and where it is.
 *
 * @param terms of the links; without them none are told.
 */
export async function exportPerson(
  pipeline: Pipeline,
  named: Named,
  terms: LinkTerms | undefined,
): Promise<PersonExport> {
  const { people, campaigns, renders, registry, keyring, clock } = pipeline;
  const subject = await findSubject(pipeline, named);
  const recorded = await people.videos(subject);
  const byCampaign = new Map<string, (typeof recorded)[number][]>();
  for (const video of recorded) {
    byCampaign.set(video.campaign, [...(byCampaign.get(video.campaign) ?? []), video]);
  }
  const videos: ExportedVideo[] = [];
  for (const [campaign, theirs] of byCampaign) {
    const order = await campaigns.find(campaign);
    const cells =
      order === undefined ? new Map<number, Cells>() : await readCells(pipeline, order, rowsOf(theirs));
    for (const { id, row } of theirs) {
      const entry = await renders.find(id);
      if (entry === undefined) continue;
      const fps = findTemplate(registry, order?.template ?? '')?.template.fps ?? Infinity;
      videos.push({
        id,
        order: campaign,
        row,
        template: order?.template,
        orderedAt: order?.createdAt,
        endedAt: entry.endedAt,
        state: videoStatus(entry, fps).state,
        record: order?.source.kind === 'record' ? order.source.record : cells.get(row),
        current: (await renders.source(id))?.record,
        sessions: await exportSessions(pipeline, id),
        metadata: order?.kind === 'render' ? order.metadata : {},
        scenes: await exportScenes(pipeline, entry),
        warnings: entry.warnings.map(({ message }) => message),
        links: terms && videoAddresses(keyring, entry, terms, clock.now()),
      });
    }
  }
  return {
    exportedAt: clock.now(),
    videos: [...videos, ...(await unplannedRenders(pipeline, subject, recorded))],
  };
}

const rowsOf = (videos: readonly { readonly row: number }[]): ReadonlySet<number> =>
  new Set(videos.map(({ row }) => row));

/** Renders that are ordered and whose row is not recorded yet. */
async function unplannedRenders(
  { people }: Pipeline,
  subject: Awaited<ReturnType<typeof findSubject>>,
  recorded: readonly { readonly id: string }[],
): Promise<readonly ExportedVideo[]> {
  const known = new Set(recorded.map(({ id }) => id));
  const renders = await people.renders(subject);
  return renders
    .filter(({ id }) => !known.has(id))
    .map(({ id, template, createdAt, source, metadata }) => ({
      id,
      order: id,
      row: 1,
      template,
      orderedAt: createdAt,
      endedAt: undefined,
      state: 'queued',
      record: source.kind === 'record' ? source.record : undefined,
      current: undefined,
      sessions: [],
      metadata,
      scenes: [],
      warnings: [],
      links: undefined,
    }));
}
