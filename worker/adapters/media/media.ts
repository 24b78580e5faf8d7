import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Media } from '../../core/ports.ts';
import { assembleVideo } from './assemble-video.ts';
import { mixSounds } from './mix-sounds.ts';
import { takePoster, takeTeaser } from './take-pictures.ts';

/** Puts clips together with the ffmpeg that Remotion ships; pictures are written by sharp. */
export function makeMedia(): Media {
  return {
    soundHash: async (directory, file) => {
      const bytes = await readFile(path.join(directory, 'sounds', path.basename(file))).catch(
        (cause: unknown) => {
          throw new BespokeError('sound-unreadable', `The sound ${path.basename(file)} cannot be read.`, {
            cause,
          });
        },
      );
      return createHash('sha256').update(bytes).digest('hex');
    },
    mix: mixSounds,
    assemble: assembleVideo,
    poster: takePoster,
    teaser: takeTeaser,
  };
}
