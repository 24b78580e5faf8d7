import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { ClipDraft, RowState, VideoEntry } from '../../core/ledger.ts';
import type { clip, video } from './schema.ts';

type ClipRow = typeof clip.$inferSelect;
type VideoRow = typeof video.$inferSelect;

/** The draft as it was handed in. */
export function toClipDraft(row: ClipRow): ClipDraft {
  const {
    key,
    template,
    scene,
    codeHash,
    inputs,
    format,
    fps,
    durationInFrames,
    encoding,
    personal,
    stills,
  } = row;
  return {
    key,
    template,
    scene,
    codeHash,
    inputs,
    format,
    fps,
    durationInFrames,
    encoding,
    personal,
    stills,
  };
}

function toRowState(row: VideoRow): RowState {
  switch (row.state) {
    case 'waiting':
      return { state: 'waiting', clipsLeft: row.clipsLeft };
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
function toRemake(row: VideoRow): VideoEntry['remake'] {
  const status = toRowState(row);
  return { status: status.state === 'done' ? { state: 'ready' } : status, path: row.path };
}

/** A row of the videos' table as the ledger speaks of it. @param remake the row that it is made anew as. */
export function toVideoEntry(row: VideoRow, remake: VideoRow | null): VideoEntry {
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
    status: toRowState(row),
    coming: row.coming,
    ...(remake !== null && { remake: toRemake(remake) }),
  };
}
