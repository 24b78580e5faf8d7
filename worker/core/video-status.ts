import { errorCatalogue } from '../../errors/catalogue.ts';
import type { VideoEntry } from './ledger.ts';
import { videoFiles, type VideoStatus } from './video.ts';

/** How a recorded row is told to the outside: one that is made anew, as it is now. */
export function videoStatus(entry: VideoEntry, fps: number): VideoStatus {
  const { key, warnings } = entry;
  const { status, path } = entry.remake ?? entry;
  const total = new Set(path.map(({ clip }) => clip)).size;
  switch (status.state) {
    case 'waiting':
      return status.clipsLeft === total
        ? { state: 'queued' }
        : { state: 'rendering', done: total - status.clipsLeft, total };
    case 'ready':
      return { state: 'rendering', done: total, total };
    case 'done':
      return {
        ...status,
        files: videoFiles(key ?? ''),
        durationInSeconds: entry.durationInFrames / fps,
        warnings,
        coming: entry.coming,
      };
    case 'failed':
      return { ...status, retryable: errorCatalogue[status.code].retryable };
    case 'skipped':
      return {
        state: 'skipped',
        reason: status.reason,
        files: key === undefined ? undefined : videoFiles(key),
      };
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}
