import { and, eq, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Render, Renders, RenderState } from '../../core/renders.ts';
import type { RenderWarning } from '../../core/render-schema.ts';
import type { Database } from './database.ts';
import { customerLink, dependency, render } from './schema.ts';
import { remake, share } from './viewer-schema.ts';

type RenderRow = typeof render.$inferSelect;

/** @param pathLeft how many clips of its path the row waits for. */
function toRenderState(row: RenderRow, pathLeft: number): RenderState {
  switch (row.state) {
    case 'waiting': {
      const path = new Set(row.path.map(({ clip }) => clip)).size;
      // Each clip of the row is counted once, as rendered for it or as reused.
      const beside = row.clipsRendered + row.clipsReused - path;
      return {
        state: 'waiting',
        path: { done: path - pathLeft, total: path },
        beside: { done: beside - (row.clipsLeft - pathLeft), total: beside },
      };
    }
    case 'done':
      return { state: 'done', clipsRendered: row.clipsRendered, clipsReused: row.clipsReused };
    case 'failed': {
      const code: ErrorCode = row.code ?? 'internal';
      return { state: 'failed', code, message: row.message ?? '' };
    }
    case 'skipped':
      return { state: 'skipped', reason: row.skippedFor ?? 'erased' };
    case 'ready':
    case 'cancelled':
      return { state: row.state };
    default:
      return row.state satisfies never;
  }
}

/** How far a remake is; one that is done takes the render's place in a moment. */
function toRemake(row: RenderRow, pathLeft: number): Render['remake'] {
  const status = toRenderState(row, pathLeft);
  return { status: status.state === 'done' ? { state: 'ready' } : status, path: row.path };
}

/**
 * What is said of a row that was done and is planned again: until it is done again, its links say that the video is being
 * made, as those of one with a remake do.
 */
function madeAgain(row: RenderRow, pathLeft: number): Partial<Render> {
  if (row.endedAt === null || (row.state !== 'waiting' && row.state !== 'ready')) return {};
  const { clipsRendered, clipsReused } = row;
  return {
    key: undefined,
    status: { state: 'done', clipsRendered, clipsReused },
    remake: toRemake(row, pathLeft),
  };
}

/** A row as it was read, with the row of its remake, if there is one. */
export interface ReadRender {
  readonly row: RenderRow;
  readonly made: RenderRow | null;
  /** How many clips of its own path each of the two waits for. */
  readonly rowPathLeft: number;
  readonly madePathLeft: number;
  /** The link of its owner; unset if the render has a link of its own. */
  readonly kept: typeof customerLink.$inferSelect | null;
  /** What that link shows, where it is another render. */
  readonly shown: Pick<RenderRow, 'id' | 'key' | 'warnings'> | null;
}

const isAboutPicture = ({ code }: RenderWarning): boolean => code === 'picture-unavailable';

/** What is said of a render whose link shows another one. */
const toShown = ({ id, key, warnings }: NonNullable<ReadRender['shown']>): Render['shown'] => ({
  id,
  key: key ?? undefined,
  missing: warnings.filter(isAboutPicture),
});

/** Converts a row of the table. */
export function toRender({ row, made, rowPathLeft, madePathLeft, kept, shown }: ReadRender): Render {
  const own = { link: row.link, expiresAt: row.linkExpiresAt };
  const { link, expiresAt } = row.linkOwner === null ? own : (kept ?? { link: null, expiresAt: null });
  return {
    id: row.id,
    campaign: row.campaign,
    row: row.row,
    fileName: row.fileName,
    priority: row.priority,
    key: row.key ?? undefined,
    path: row.path,
    mix: row.mix ?? undefined,
    durationInFrames: row.durationInFrames,
    warnings: row.warnings,
    person: row.person ?? undefined,
    personal: row.personal,
    customerId: row.customerId ?? undefined,
    link: link ?? undefined,
    linkExpiresAt: expiresAt ?? undefined,
    linkOwner: row.linkOwner ?? undefined,
    shownAt: kept?.shownAt,
    // An order that is not done shows nothing yet, whatever its link shows.
    shown: shown === null || row.state !== 'done' ? undefined : toShown(shown),
    segments: row.segments ?? undefined,
    variant: row.variant ?? undefined,
    endedAt: row.endedAt ?? undefined,
    status: toRenderState(row, rowPathLeft),
    coming: row.coming,
    ...madeAgain(row, rowPathLeft),
    ...(made !== null && { remake: toRemake(made, madePathLeft) }),
  };
}

const made = alias(render, 'made');
const shown = alias(render, 'shown');

/** How many clips of its own path a row waits for. Its other waits are for clips that only its page may need. */
const pathLeft = (row: typeof render | typeof made) =>
  sql<number>`case when ${row.state} = 'waiting' then (
      select count(*)::int from ${dependency} w
      where w.render = ${row.id} and strpos(${row.path}, to_json(w.clip)::text) > 0
    ) else 0 end`;

const columns = {
  row: render,
  made,
  rowPathLeft: pathLeft(render),
  madePathLeft: pathLeft(made),
  kept: customerLink,
  shown: { id: shown.id, key: shown.key, warnings: shown.warnings },
};

/** Rows, each with the one of its remake. */
export const readRenders = (database: Database, which: SQL | undefined) =>
  database
    .select(columns)
    .from(render)
    .leftJoin(remake, eq(remake.of, render.id))
    .leftJoin(made, eq(made.id, remake.render))
    .leftJoin(customerLink, eq(customerLink.owner, render.linkOwner))
    .leftJoin(shown, and(eq(shown.id, customerLink.render), ne(shown.id, render.id)))
    .where(which);

/** The render that a link of its owner shows. */
export const isLinked = (link: string): SQL | undefined =>
  or(
    and(eq(render.link, link), isNull(render.linkOwner)),
    sql`${render.id} = (select l.render from ${customerLink} l where l.link = ${link})`,
  );

/** `Renders.linked`. */
export async function findLinked(database: Database, link: string): ReturnType<Renders['linked']> {
  const isShared = sql`${render.id} = (select s.render from ${share} s where s.link = ${link})`;
  const [found] = await readRenders(database, or(isLinked(link), isShared));
  if (found === undefined) return undefined;
  const shown = toRender(found);
  return { render: shown, rights: shown.link === link ? 'owner' : 'play' };
}
