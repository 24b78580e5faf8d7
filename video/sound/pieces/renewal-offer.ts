import { Arrangement } from '../arrangement.ts';
import { playHat, playKick, playShaker, playSnap } from '../instruments/drums.ts';
import { playBass, playBell, playElectricPiano, playPluck } from '../instruments/keys.ts';
import { playPad } from '../instruments/pad.ts';
import { makeRandom } from '../random.ts';
import { noteFrequency, readPart } from '../score.ts';
import type { Stereo } from '../stereo.ts';

interface Chord {
  readonly beat: number;
  readonly beats: number;
  readonly bass: string;
  readonly keys: readonly string[];
}

/** E flat major, arriving at home only in the last bar. */
const chords: readonly Chord[] = [
  { beat: 0, beats: 4, bass: 'C2', keys: ['Bb3', 'D4', 'Eb4', 'G4'] },
  { beat: 4, beats: 4, bass: 'Ab1', keys: ['G3', 'C4', 'Eb4', 'Bb4'] },
  { beat: 8, beats: 4, bass: 'Eb2', keys: ['G3', 'Bb3', 'D4', 'F4'] },
  { beat: 12, beats: 4, bass: 'Bb1', keys: ['Ab3', 'C4', 'Eb4', 'F4'] },
  { beat: 16, beats: 2, bass: 'Ab1', keys: ['Ab3', 'C4', 'Eb4', 'G4'] },
  { beat: 18, beats: 2, bass: 'Bb1', keys: ['Bb3', 'D4', 'F4', 'Ab4'] },
  { beat: 20, beats: 4, bass: 'Eb2', keys: ['G3', 'Bb3', 'Eb4', 'F4'] },
];

const melody = [
  ...readPart(1, '2.5 Eb5 .5 / 3 G5 .55 / 3.5 F5 .5'),
  ...readPart(2, '0 Bb5 .7 / 1.5 G5 .5 / 2.5 F5 .5 / 3 G5 .55'),
  ...readPart(3, '0 F5 .65 / 1.5 Eb5 .5 / 2.5 C5 .45 / 3 D5 .5'),
  ...readPart(4, '0 Eb5 .65 / .75 G5 .55 / 1.5 Ab5 .65 / 2 F5 .6 / 3 D5 .5 / 3.5 Bb4 .45'),
  ...readPart(5, '0 Eb5 .75 / 1 Bb5 .45 / 1.5 G5 .4 / 2 Eb6 .4'),
];

/** The muted motor that holds the piece together: tones that fit every chord. */
const motor = ['Eb4', 'Bb4', 'Eb4', 'F4', 'Eb4', 'Bb4', 'G4', 'F4'] as const;

function layChords(tape: Arrangement, random: () => number): void {
  for (const { beat, beats, bass, keys } of chords) {
    const last = beat === 20;
    const seconds = beats * tape.secondsPerBeat;
    const strum = (at: number, velocity: number, length: number): void =>
      keys.forEach((key, place) =>
        tape.lay(playElectricPiano(noteFrequency(key), velocity, length), {
          beat: at + place * 0.02,
          gain: 0.34,
          pan: (place - 1.5) * 0.3,
          hall: 0.35,
        }),
      );
    strum(beat, last ? 0.75 : 0.62, last ? seconds : seconds * 0.62);
    if (beats === 4 && !last) strum(beat + 2.5, 0.42, seconds * 0.3);
    const pad = playPad([noteFrequency(bass) * 2, ...keys.map(noteFrequency)], {
      length: seconds - (last ? 0.3 : 0.05),
      attack: beat === 0 ? 0.15 : 0.4,
      release: last ? 0.9 : 0.6,
      brightness: 1100 + beat * 50,
      random,
    });
    tape.lay(pad, { beat, gain: 0.5, hall: 0.4, ducked: true });
    const stab = (at: number, length: number, velocity: number): void =>
      tape.lay(playBass(noteFrequency(bass), velocity, length * tape.secondsPerBeat), {
        beat: at,
        gain: 0.6,
        ducked: true,
      });
    if (beats === 2 || last) stab(beat, beats * 0.9, 0.85);
    else {
      stab(beat, 1.6, 0.85);
      stab(beat + 2.5, 1.2, 0.7);
    }
  }
}

function layVoices(tape: Arrangement, random: () => number): void {
  for (let eighth = 0; eighth < 40; eighth += 1) {
    const swell = 0.3 + 0.2 * Math.min(1, eighth / 24);
    const velocity = swell * (eighth % 2 === 0 ? 1 : 0.75) * (0.9 + random() * 0.2);
    tape.lay(playPluck(noteFrequency(motor[eighth % motor.length]!), velocity, 0.11), {
      beat: eighth / 2,
      gain: 0.6,
      pan: eighth % 2 === 0 ? -0.5 : 0.5,
      hall: 0.25,
      echo: 0.3,
      ducked: true,
    });
  }
  for (const [beat, pitch, velocity] of melody) {
    tape.lay(playBell(noteFrequency(pitch), velocity, 0.5), {
      beat,
      gain: 0.55,
      pan: -0.1,
      hall: 0.5,
      echo: 0.35,
    });
  }
}

function layDrums(tape: Arrangement, random: () => number): void {
  const kick = playKick();
  const snap = playSnap(random);
  const hat = playHat(random);
  const shakers = Array.from({ length: 4 }, () => playShaker(random));
  for (let bar = 0; bar < 5; bar += 1) {
    for (const at of bar === 0 ? [0] : [0, 2.5]) tape.layKick(kick, bar * 4 + at, bar === 0 ? 0.35 : 0.5);
    for (const at of [1, 3]) {
      if (bar > 0) tape.lay(snap, { beat: bar * 4 + at, gain: 0.38, pan: 0.08, hall: 0.4 });
    }
    for (let eighth = 0; eighth < 8; eighth += 1) {
      const gain = (bar === 0 ? 0.13 : 0.26) * (eighth % 2 === 1 ? 1 : 0.55) * (0.85 + random() * 0.3);
      tape.lay(shakers[eighth % 4]!, { beat: bar * 4 + eighth / 2, gain, pan: -0.25, hall: 0.06 });
    }
    if (bar > 1) tape.lay(hat, { beat: bar * 4 + 3.75, gain: 0.2, pan: 0.3, hall: 0.1 });
  }
  tape.layKick(kick, 20, 0.55);
  tape.lay(snap, { beat: 20, gain: 0.18, hall: 0.6 });
}

/**
 * Music for the renewal offer: 15.4 s at 96 beats a minute (a bar is 75 frames at 30 fps) in E flat
 * major: five bars that walk, and home on the sixth, at 12.5 s.
 */
export function composeRenewalOffer(): Stereo {
  const tape = new Arrangement(15.4, 96);
  const random = makeRandom(96);
  layChords(tape, random);
  layVoices(tape, random);
  layDrums(tape, random);
  return tape.mixDown(-16.5);
}
