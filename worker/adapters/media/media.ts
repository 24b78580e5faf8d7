import path from 'node:path';
import type { Media } from '../../core/ports.ts';
import { joinClips } from './join-clips.ts';
import { looksAlike } from './looks-alike.ts';
import { encodeSound, hashSound, listSounds, mixPath } from './mix-path.ts';
import { levelSpeech, speakClip, timeSpeech } from './speech-sound.ts';
import { collectStills, takeStill, writeTeaser } from './pictures.ts';

/** Sound is mixed by the ffmpeg that Remotion ships; clips are joined in this process, pictures written by sharp. */
export function makeMedia(): Media {
  return {
    soundFiles: (directory) => listSounds(path.join(directory, 'sounds')),
    soundHash: (directory, file) => hashSound(path.join(directory, 'sounds', file)),
    mix: mixPath,
    sound: encodeSound,
    levelSpeech,
    timeSpeech,
    speakClip,
    assemble: joinClips,
    collectStills,
    takeStill,
    looksAlike,
    teaser: writeTeaser,
  };
}
