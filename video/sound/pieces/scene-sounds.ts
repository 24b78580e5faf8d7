import { playSnap, playSweep } from '../instruments/drums.ts';
import { playBell, playMallet } from '../instruments/keys.ts';
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

/** A switch that is thrown: a wooden tock and its echo an octave up; 0.5 s. */
export function makeSwitch(note: string, seed: number): Stereo {
  const sound = createStereo(0.5);
  const random = makeRandom(seed);
  addMono(sound, playSnap(random), 0, 0.5, -0.1);
  addMono(sound, playMallet(noteFrequency(note), 0.8, 0.09), 0.004, 1, -0.1);
  addMono(sound, playMallet(noteFrequency(note) * 2, 0.6, 0.14), 0.09, 0.8, 0.15);
  addRoom(sound, 0.2);
  masterEffect(sound, -3);
  return sound;
}

/** Thunder far away: rumble that breaks once more before it rolls off; 3 s. */
export function makeThunder(seed: number): Stereo {
  const sound = createStereo(3);
  const random = makeRandom(seed);
  for (const [at, length, from, to, gain, pan] of [
    [0, 0.5, 900, 120, 0.8, 0.3],
    [0.05, 2.2, 240, 60, 1.6, -0.3],
    [0.1, 2.6, 160, 48, 1.8, 0.4],
    [0.8, 1.6, 200, 70, 0.9, 0],
  ] as const) {
    addMono(sound, playSweep(length, from, to, 0.08, random), at, gain, pan);
  }
  addRoom(sound, 0.4);
  masterEffect(sound, -3);
  return sound;
}
