import { Arrangement } from '../arrangement.ts';
import { playClap, playHat, playKick, playShaker, playSweep } from '../instruments/drums.ts';
import { playBass, playMallet, playPluck } from '../instruments/keys.ts';
import { playPad } from '../instruments/pad.ts';
import { makeRandom } from '../random.ts';
import { noteFrequency, readPart } from '../score.ts';
import type { Stereo } from '../stereo.ts';

interface Bar {
  readonly bass: string;
  readonly pad: readonly string[];
  readonly arpeggio: readonly string[];
}

/** D major, one chord a bar; the ninth bar holds two. */
const bars: readonly Bar[] = [
  { bass: 'G1', pad: ['G2', 'D3', 'B3', 'F#4', 'A4'], arpeggio: ['D4', 'G4', 'B4', 'F#5'] },
  { bass: 'D2', pad: ['D3', 'A3', 'E4', 'F#4', 'A4'], arpeggio: ['D4', 'A4', 'E5', 'F#5'] },
  { bass: 'B1', pad: ['B2', 'F#3', 'A3', 'D4', 'F#4'], arpeggio: ['D4', 'F#4', 'B4', 'D5'] },
  { bass: 'A1', pad: ['A2', 'E3', 'B3', 'C#4', 'E4'], arpeggio: ['C#4', 'E4', 'A4', 'E5'] },
  { bass: 'G1', pad: ['G2', 'D3', 'B3', 'F#4', 'A4'], arpeggio: ['D4', 'G4', 'B4', 'F#5'] },
  { bass: 'F#1', pad: ['F#2', 'D3', 'A3', 'D4', 'A4'], arpeggio: ['D4', 'F#4', 'A4', 'D5'] },
  { bass: 'B1', pad: ['B2', 'F#3', 'A3', 'D4', 'F#4'], arpeggio: ['D4', 'F#4', 'B4', 'D5'] },
  { bass: 'A1', pad: ['A2', 'E3', 'B3', 'C#4', 'E4'], arpeggio: ['C#4', 'E4', 'A4', 'E5'] },
  { bass: 'G1', pad: ['G2', 'D3', 'B3', 'D4', 'A4'], arpeggio: ['D4', 'G4', 'B4', 'D5'] },
  { bass: 'D2', pad: ['D2', 'A2', 'F#3', 'A3', 'E4'], arpeggio: ['D4', 'A4', 'D5', 'F#5'] },
];

const melody = [
  ...readPart(2, '0 F#5 .5 / 1.5 D5 .4 / 3 A4 .4'),
  ...readPart(3, '0 B4 .45 / 1.5 C#5 .45 / 2.5 E5 .5'),
  ...readPart(4, '0 F#5 .8 / .75 A5 .7 / 1.5 B5 .8 / 2.5 A5 .6 / 3 F#5 .6'),
  ...readPart(5, '0 A5 .8 / .75 F#5 .6 / 1.5 D6 .85 / 2.5 C#6 .65 / 3 A5 .6'),
  ...readPart(6, '0 B5 .8 / .75 D6 .75 / 1.5 E6 .85 / 2.5 D6 .7 / 3 B5 .6'),
  ...readPart(7, '0 C#6 .8 / .75 B5 .6 / 1.5 A5 .8 / 2.5 E5 .6 / 3 A5 .65'),
  ...readPart(8, '0 B5 .8 / .75 D6 .75 / 1.5 F#6 .85 / 2 E6 .8 / 2.75 C#6 .7 / 3.5 A5 .6'),
  ...readPart(9, '0 D6 .9 / 0 F#5 .7 / .75 A5 .5 / 1.5 D6 .4'),
];

/** How the sixteenths of a bar walk through its arpeggio. */
const walk = [0, 2, 1, 3, 2, 1, 3, 2] as const;

function layHarmony(tape: Arrangement, random: () => number): void {
  bars.forEach((bar, index) => {
    const last = index === bars.length - 1;
    const halves = index === 8 ? [bar, bars[3]!] : [bar];
    halves.forEach((half, place) => {
      const beats = 4 / halves.length;
      const pad = playPad(half.pad.map(noteFrequency), {
        length: beats * tape.secondsPerBeat - (last ? 0.4 : 0.1),
        attack: index === 0 ? 0.12 : 0.35,
        release: last ? 1.2 : 0.7,
        brightness: [900, 1050, 1250, 1400, 1900, 1900, 2000, 2100, 2300, 1500][index]!,
        random,
      });
      tape.lay(pad, { beat: index * 4 + place * beats, gain: 0.8, hall: 0.4, ducked: true });
    });
  });
}

function layPlucks(tape: Arrangement, random: () => number): void {
  bars.forEach(({ arpeggio }, index) => {
    const step = index < 2 ? 1 : index < 4 ? 0.5 : index < 9 ? 0.25 : 0.5;
    const loudness = [0.4, 0.45, 0.5, 0.55, 0.42, 0.42, 0.44, 0.46, 0.5, 0.4][index]!;
    const count = index === 9 ? 3 : 4 / step;
    const source = index === 8 ? [arpeggio, bars[3]!.arpeggio] : [arpeggio, arpeggio];
    for (let place = 0; place < count; place += 1) {
      const chord = source[place * step < 2 ? 0 : 1]!;
      const note = chord[walk[place % walk.length]!]!;
      const accent = place % (1 / Math.min(1, step)) === 0 ? 1 : 0.72;
      tape.lay(playPluck(noteFrequency(note), loudness * accent * (0.92 + random() * 0.16)), {
        beat: index * 4 + place * step,
        gain: 0.55,
        pan: place % 2 === 0 ? -0.45 : 0.45,
        hall: 0.35,
        echo: index < 4 ? 0.5 : 0.25,
        ducked: true,
      });
    }
  });
  for (const [beat, pitch, velocity] of melody) {
    tape.lay(playMallet(noteFrequency(pitch), velocity), {
      beat,
      gain: 0.5,
      pan: 0.1,
      hall: 0.45,
      echo: 0.3,
    });
  }
}

function layBass(tape: Arrangement): void {
  bars.forEach(({ bass }, index) => {
    if (index < 2) return;
    const hit = (beat: number, beats: number, velocity: number, root = bass): void =>
      tape.lay(playBass(noteFrequency(root), velocity, beats * tape.secondsPerBeat), {
        beat: index * 4 + beat,
        gain: 0.62,
        ducked: true,
      });
    if (index < 4) hit(0, 3.5, 0.7);
    else if (index === 8) {
      hit(0, 1.8, 0.85);
      hit(2, 1.8, 0.85, 'A1');
    } else if (index === 9) hit(0, 3.6, 0.9, 'D2');
    else {
      hit(0, 1.3, 0.85);
      hit(1.5, 0.9, 0.7);
      hit(2.5, 1.3, 0.8);
    }
  });
}

function layDrums(tape: Arrangement, random: () => number): void {
  const kick = playKick();
  const hats = Array.from({ length: 4 }, () => playHat(random));
  const shakers = Array.from({ length: 4 }, () => playShaker(random));
  const clap = playClap(random);
  for (let beat = 8; beat < 36; beat += 1) {
    if (beat >= 16 || beat % 2 === 0) tape.layKick(kick, beat, beat < 16 ? 0.4 : 0.55);
    if (beat >= 16 && beat % 2 === 1) tape.lay(clap, { beat, gain: 0.3, hall: 0.35 });
    if (beat >= 12) {
      tape.lay(hats[beat % 4]!, { beat: beat + 0.5, gain: beat < 16 ? 0.14 : 0.22, pan: 0.2, hall: 0.08 });
    }
    for (let sixteenth = 0; sixteenth < 4; sixteenth += 1) {
      const gain = (beat < 16 ? 0.12 : 0.2) * (sixteenth % 2 === 1 ? 1 : 0.6) * (0.85 + random() * 0.3);
      tape.lay(shakers[sixteenth]!, { beat: beat + sixteenth * 0.25, gain, pan: -0.3, hall: 0.05 });
    }
  }
  tape.layKick(kick, 36, 0.6);
  tape.lay(clap, { beat: 36, gain: 0.16, hall: 0.6 });
  for (const beat of [35, 35.25, 35.5, 35.75])
    tape.lay(clap, { beat, gain: 0.1 + (beat - 35) * 0.1, hall: 0.2 });
  const rise = (beats: number): Float64Array =>
    playSweep(beats * tape.secondsPerBeat, 500, 6500, 0.9, random);
  tape.lay(rise(4), { beat: 12, gain: 0.1, hall: 0.4 });
  tape.lay(rise(3), { beat: 33, gain: 0.12, hall: 0.4 });
}

/**
 * Music for the year in review: 24.8 s at 100 beats a minute (a bar is 72 frames at 30 fps) in D major.
 * Two open bars, two that gather, four in full, one that turns, and home on the tenth, at 21.6 s.
 */
export function composeYearInReview(): Stereo {
  const tape = new Arrangement(24.8, 100);
  const random = makeRandom(2024);
  layHarmony(tape, random);
  layPlucks(tape, random);
  layBass(tape);
  layDrums(tape, random);
  return tape.mixDown(-16.5);
}
