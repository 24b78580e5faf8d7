import type { BespokeMedia } from '../element/bespoke-media.ts';
import type { SceneSounds } from '../element/scene-sounds.ts';
import type { ClipShelf } from './clip-shelf.ts';
import type { ViewerSession } from './viewer-session.ts';

/** What a viewer waits for, and since when. */
export interface Wait {
  /** `making`: the clip is being rendered for this viewer. */
  readonly for: 'making' | 'loading';
  readonly sinceMs: number;
}

/** What the director works with. */
export interface DirectorParts {
  readonly session: ViewerSession;
  readonly media: BespokeMedia;
  readonly shelf: ClipShelf;
  readonly sounds: SceneSounds;
  readonly fps: number;
  /** A frame of the place was painted, or time passed while its last one stays. */
  readonly frame: (frame: number) => void;
  /** Another place is on screen, or something is waited for. */
  readonly staged: () => void;
}
