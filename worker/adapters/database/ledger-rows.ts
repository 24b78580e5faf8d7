import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { ClipDraft, RowState, VideoEntry } from '../../core/ledger.ts';
import type { clip, video } from './schema.ts';

type ClipRow = typeof clip.$inferSelect;
type VideoRow = typeof video.$inferSelect;

/** The draft as it was handed in. */
export function toClipDraft(row: ClipRow): ClipDraft {
  const { state, campaign, bytes, renderMs, code, message, ...draft } = row;
  return draft;
}

/** @param pathLeft how many clips of its path the row waits for. */
function toRowState(row: VideoRow, pathLeft: number): RowState {
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
      return { state: 'skipped', reason: row.erased ? 'erased' : 'unchanged' };
    case 'ready':
    case 'cancelled':
      return { state: row.state };
    default:
      return row.state satisfies never;
  }
}

/** A row as which a film is made anew; one that is done takes the film's place in a moment. */
function toRemake(row: VideoRow, pathLeft: number): VideoEntry['remake'] {
  const status = toRowState(row, pathLeft);
  return { status: status.state === 'done' ? { state: 'ready' } : status, path: row.path };
}

/** A row as it was read, with the row that remakes its film, if there is one. */
export interface ReadVideo {
  readonly film: VideoRow;
  readonly made: VideoRow | null;
  /** How many clips of its own path each of the two waits for. */
  readonly filmPathLeft: number;
  readonly madePathLeft: number;
}

/** Converts a row of the table of videos for the ledger. */
export function toVideoEntry({ film: row, made, filmPathLeft, madePathLeft }: ReadVideo): VideoEntry {
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
    link: row.link ?? undefined,
    endedAt: row.endedAt ?? undefined,
    status: toRowState(row, filmPathLeft),
    coming: row.coming,
    ...(made !== null && { remake: toRemake(made, madePathLeft) }),
  };
}
