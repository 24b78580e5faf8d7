import { errorCatalogue } from '../../errors/catalogue.ts';
import type { VideoEntry } from './renders.ts';
import { videoFiles, type VideoStatus } from './video.ts';

/** How a recorded row is told to the outside: one that is made anew, as it is now. */
export function videoStatus(entry: VideoEntry, fps: number): VideoStatus {
  const { key, warnings } = entry;
  const { status, path } = entry.remake ?? entry;
  switch (status.state) {
    case 'waiting': {
      const { path: film, beside } = status;
      if (film.done + beside.done === 0) return { state: 'queued' };
      return { state: 'rendering', ...film, ...(beside.done < beside.total && { beside }) };
    }
    case 'ready': {
      const total = new Set(path.map(({ clip }) => clip)).size;
      return { state: 'rendering', done: total, total };
    }
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
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}
