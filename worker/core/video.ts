import type { ErrorCode } from '../../errors/catalogue.ts';

/** Why a video shows something other than its record asked for. */
export interface VideoWarning {
  readonly code: 'image-unavailable' | 'glyph-unavailable' | 'formula-cell';
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

/** What has become of one video: the same union everywhere. */
export type VideoStatus =
  | { readonly state: 'queued' }
  | { readonly state: 'rendering'; readonly done: number; readonly total: number }
  | {
      readonly state: 'done';
      readonly files: VideoFiles;
      readonly durationInSeconds: number;
      readonly clipsRendered: number;
      readonly clipsReused: number;
      readonly warnings: readonly VideoWarning[];
    }
  | {
      readonly state: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryable: boolean;
    }
  | {
      readonly state: 'skipped';
      readonly reason: 'unchanged' | 'erased';
      readonly files: VideoFiles | undefined;
    }
  | { readonly state: 'cancelled' };

/** The names under which a video's files stand on their shelves. */
export function videoFiles(key: string): VideoFiles {
  return { video: `${key}.mp4`, poster: `${key}.jpg`, teaser: `${key}.gif`, captions: `${key}.vtt` };
}
