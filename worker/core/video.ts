import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Still } from '../../video/story/path.ts';

/** Why a video shows something other than its record asked for. */
export interface VideoWarning {
  readonly code: 'image-unavailable' | 'glyph-unavailable' | 'formula-cell' | 'picture-unavailable';
  readonly field: string;
  readonly message: string;
}

/** File names on the store's shelves. */
export interface VideoFiles {
  readonly video: string;
  readonly poster: string;
  readonly teaser: string;
  readonly captions: string;
}

/** Files of a video that may follow it. */
export const videoPictures = ['poster', 'teaser'] as const;
export type VideoPicture = (typeof videoPictures)[number];
/** How many clips are stored. */
export interface ClipsDone {
  readonly done: number;
  readonly total: number;
}

/** What has become of one video: the same union everywhere. */
export type VideoStatus =
  | { readonly state: 'queued' }
  /** Counts the clips of the video itself, and `beside` it, while one is missing, those that its page may need. */
  | ({ readonly state: 'rendering'; readonly beside?: ClipsDone } & ClipsDone)
  | {
      readonly state: 'done';
      readonly files: VideoFiles;
      readonly durationInSeconds: number;
      readonly clipsRendered: number;
      readonly clipsReused: number;
      readonly warnings: readonly VideoWarning[];
      /** Of `files`, those that are still being made. */
      readonly coming: readonly VideoPicture[];
    }
  | {
      readonly state: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryable: boolean;
    }
  | {
      readonly state: 'skipped';
      /** The person is on the suppression list. */
      readonly reason: 'erased';
    }
  | { readonly state: 'cancelled' };

/** Pictures of a video that could not be made. */
export function missingPictures(warnings: readonly VideoWarning[]): readonly VideoPicture[] {
  return videoPictures.filter((picture) =>
    warnings.some(({ code, field }) => code === 'picture-unavailable' && field === picture),
  );
}

/** Where a picture of a clip lies on the store. */
export function stillName(clip: string, still: Still): string {
  const what =
    still.kind === 'poster' ? `p${still.frame}` : `s${still.fromFrame}-${still.count}-${still.step}`;
  return `${clip}-${what}.jpg`;
}

/** The names under which a video's files stand on their shelves. */
export function videoFiles(key: string): VideoFiles {
  return { video: `${key}.mp4`, poster: `${key}.jpg`, teaser: `${key}.gif`, captions: `${key}.vtt` };
}

/** What is returned when rows may have ended. Repeated after a lost answer, it counts no row and names the same campaigns. */
export interface RowsEnded {
  readonly rows: number;
  /** Campaigns that the rows belong to. */
  readonly campaigns: readonly string[];
  /** Those of them that are recorded as a whole and have no open row now; no remakes. */
  readonly over: readonly string[];
  /** Those of them that are remakes. */
  readonly remakes: readonly string[];
}
