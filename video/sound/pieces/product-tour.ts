import { Arrangement } from '../arrangement.ts';
import { playHat, playKick, playShaker, playSnap } from '../instruments/drums.ts';
import { playBass, playElectricPiano, playMallet, playPluck } from '../instruments/keys.ts';
import { makeRandom } from '../random.ts';
import { noteFrequency, readPart } from '../score.ts';
import type { Stereo } from '../stereo.ts';

interface Chord {
  readonly bar: number;
  /** 4 if not said. */
  readonly beats?: number;
  readonly at?: number;
  readonly bass: string;
  readonly keys: readonly string[];
}

const bars = 12;
const beatsPerBar = 4;
const length = bars * beatsPerBar;

/** F major; the last bar leads back into the first. */
const chords: readonly Chord[] = [
  { bar: 0, bass: 'F2', keys: ['A3', 'C4', 'E4', 'G4'] },
  { bar: 1, bass: 'D2', keys: ['A3', 'C4', 'F4', 'G4'] },
  { bar: 2, bass: 'Bb1', keys: ['A3', 'D4', 'F4', 'A4'] },
  { bar: 3, bass: 'C2', keys: ['G3', 'D4', 'E4', 'A4'] },
  { bar: 4, bass: 'A1', keys: ['A3', 'C4', 'F4', 'C5'] },
  { bar: 5, bass: 'D2', keys: ['A3', 'D4', 'F4', 'C5'] },
  { bar: 6, bass: 'G1', keys: ['Bb3', 'D4', 'F4', 'A4'] },
  { bar: 7, bass: 'C2', keys: ['Bb3', 'D4', 'F4', 'G4'] },
  { bar: 8, bass: 'Bb1', keys: ['A3', 'D4', 'F4', 'A4'] },
  { bar: 9, bass: 'C2', keys: ['A3', 'C4', 'E4', 'G4'] },
  { bar: 10, beats: 2, bass: 'A1', keys: ['G3', 'C4', 'E4', 'G4'] },
  { bar: 10, at: 2, beats: 2, bass: 'D2', keys: ['F3', 'C4', 'F4', 'A4'] },
  { bar: 11, beats: 2, bass: 'G1', keys: ['F3', 'Bb3', 'D4', 'A4'] },
  { bar: 11, at: 2, beats: 2, bass: 'C2', keys: ['E3', 'Bb3', 'D4', 'G4'] },
];

const melody = [
  ...readPart(0, '.5 C5 .5 / 1 F5 .55 / 2.5 A5 .6 / 3 G5 .55'),
  ...readPart(1, '.5 F5 .5 / 1 D5 .5 / 2.5 C5 .5'),
  ...readPart(2, '.5 D5 .5 / 1 F5 .55 / 2.5 A5 .6 / 3 C6 .6'),
  ...readPart(3, '.5 A5 .55 / 1 G5 .5 / 2.5 E5 .5'),
  ...readPart(4, '0 C6 .7 / .75 A5 .6 / 1.5 F5 .6 / 2.5 A5 .6 / 3 C6 .6'),
  ...readPart(5, '0 D6 .7 / .75 C6 .6 / 1.5 A5 .6 / 2.5 F5 .55'),
  ...readPart(6, '0 Bb5 .7 / .75 A5 .6 / 1.5 F5 .6 / 2.5 D5 .55 / 3 F5 .55'),
  ...readPart(7, '0 G5 .7 / 1.5 A5 .55 / 2 G5 .55 / 3 E5 .5'),
  ...readPart(8, '0 D5 .5 / 2 F5 .55 / 3 A5 .6'),
  ...readPart(9, '0 G5 .6 / 2 E5 .5 / 3 C5 .5'),
  ...readPart(10, '0 E5 .55 / 1 G5 .6 / 2 A5 .65 / 3 C6 .65'),
  ...readPart(11, '0 Bb5 .65 / 1 A5 .6 / 2 G5 .6 / 3.5 E5 .45'),
];

/** Which strings of a chord are plucked on a bar's eighths; -1 rests. */
const picking = [0, 2, 1, 3, -1, 2, 1, 3] as const;

function layHarmony(tape: Arrangement, from: number, random: () => number): void {
  for (const { bar, at = 0, beats = beatsPerBar, bass, keys } of chords) {
    const start = from + bar * beatsPerBar + at;
    for (let eighth = 0; eighth < beats * 2; eighth += 1) {
      const string = keys[picking[eighth % picking.length] ?? -1];
      if (string === undefined) continue;
      const velocity = (eighth % 4 === 0 ? 0.6 : 0.42) * (0.9 + random() * 0.2);
      tape.lay(playPluck(noteFrequency(string), velocity, 0.2), {
        beat: start + eighth / 2,
        gain: 0.62,
        pan: eighth % 2 === 0 ? -0.4 : 0.4,
        hall: 0.25,
        echo: 0.15,
        ducked: true,
      });
    }
    if (bar >= 4) {
      keys.forEach((key, place) =>
        tape.lay(playElectricPiano(noteFrequency(key), 0.4, beats * 0.5 * tape.secondsPerBeat), {
          beat: start + place * 0.015,
          gain: 0.24,
          pan: (place - 1.5) * 0.25,
          hall: 0.35,
        }),
      );
    }
    const hit = (beat: number, long: number, velocity: number): void =>
      tape.lay(playBass(noteFrequency(bass), velocity, long * tape.secondsPerBeat), {
        beat: start + beat,
        gain: 0.58,
        ducked: true,
      });
    if (beats === 2) hit(0, 1.6, 0.8);
    else {
      hit(0, 1.2, 0.8);
      hit(1.5, 0.7, 0.6);
      hit(2.5, 1, 0.7);
    }
  }
}

function layMelody(tape: Arrangement, from: number): void {
  for (const [beat, pitch, velocity] of melody) {
    tape.lay(playMallet(noteFrequency(pitch), velocity, 0.4), {
      beat: from + beat,
      gain: 0.46,
      pan: 0.12,
      hall: 0.4,
      echo: 0.25,
    });
  }
}

function layDrums(tape: Arrangement, from: number, random: () => number): void {
  const kick = playKick();
  const snap = playSnap(random);
  const hat = playHat(random);
  const shakers = Array.from({ length: 4 }, () => playShaker(random));
  for (let beat = 0; beat < length; beat += 1) {
    const airy = beat >= 32 && beat < 40;
    if (beat % 2 === 0) tape.layKick(kick, from + beat, airy ? 0.34 : 0.5);
    else if (!airy) tape.lay(snap, { beat: from + beat, gain: 0.34, pan: 0.06, hall: 0.35 });
    if (beat >= 16 && !airy) tape.lay(hat, { beat: from + beat + 0.5, gain: 0.16, pan: 0.25, hall: 0.08 });
    for (let eighth = 0; eighth < 2; eighth += 1) {
      const gain = (airy ? 0.16 : 0.24) * (eighth === 1 ? 1 : 0.55) * (0.85 + random() * 0.3);
      tape.lay(shakers[(beat + eighth) % 4]!, {
        beat: from + beat + eighth / 2,
        gain,
        pan: -0.28,
        hall: 0.06,
      });
    }
  }
}

/**
 * Music for the product tour: twelve bars, 28.8 s, at 100 beats a minute (a beat is 18 frames at 30 fps)
 * in F major, that go round for as long as somebody looks around: its end sounds on into its beginning.
 */
export function composeProductTour(): Stereo {
  const tape = new Arrangement((2 * length * 60) / 100, 100);
  const random = makeRandom(100);
  for (const from of [0, length]) {
    layHarmony(tape, from, random);
    layMelody(tape, from);
    layDrums(tape, from, random);
  }
  return tape.mixLoop(-16.5, (length * 60) / 100);
}
