import path from 'node:path';
import type { Media } from '../../core/ports.ts';
import { assembleClips } from './assemble-clips.ts';
import { encodeSound, mixPath } from './mix-path.ts';
import { hashSound } from './pcm.ts';
import { takePoster, takeTeaser } from './take-pictures.ts';

/** Puts clips together with the ffmpeg that Remotion ships; pictures are written by sharp. */
export function makeMedia(): Media {
  return {
    soundHash: (directory, file) => hashSound(path.join(directory, 'sounds', file)),
    mix: mixPath,
    sound: encodeSound,
    assemble: assembleClips,
    poster: takePoster,
    teaser: takeTeaser,
  };
}
