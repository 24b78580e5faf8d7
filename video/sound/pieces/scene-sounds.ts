import { playSweep } from '../instruments/drums.ts';
import { playBell } from '../instruments/keys.ts';
import { masterEffect } from '../mastering.ts';
import { makeRandom } from '../random.ts';
import { reverberate } from '../reverb.ts';
import { noteFrequency } from '../score.ts';
import { addMono, addStereo, createStereo, type Stereo } from '../stereo.ts';

function addRoom(sound: Stereo, share: number): void {
  addStereo(sound, reverberate(sound, { decay: 0.9, damping: 0.4, preDelay: 0.006 }), 0, share);
}

/** A soft rush of air that crosses from left to right and is gone within 0.7 s. */
export function makeWhoosh(from: number, to: number, seed: number): Stereo {
  const sound = createStereo(0.7);
  const random = makeRandom(seed);
  addMono(sound, playSweep(0.5, from, to, 0.5, random), 0, 1, -0.7);
  addMono(sound, playSweep(0.5, from * 1.1, to * 1.1, 0.55, random), 0.06, 1, 0.7);
  addRoom(sound, 0.25);
  masterEffect(sound, -3);
  return sound;
}

/** Bells that climb a chord, the last one the loudest; 1 s. */
export function makeChime(notes: readonly string[]): Stereo {
  const sound = createStereo(1);
  notes.forEach((note, place) => {
    const pan = notes.length === 1 ? 0 : (place / (notes.length - 1) - 0.5) * 0.8;
    const bell = playBell(noteFrequency(note), 0.7 + 0.3 * (place / notes.length), 0.3);
    addMono(sound, bell, place * 0.07, 1, pan);
  });
  addRoom(sound, 0.35);
  masterEffect(sound, -3);
  return sound;
}
