import { pluckLevel, smooth } from '../envelope.ts';
import { makeFilter } from '../filters.ts';
import { makeSawtooth, makeSine, makeSquare } from '../oscillators.ts';
import { sampleRate, toSamples } from '../stereo.ts';

/** Fills a sound sample by sample and ends it softly over its last 30 ms. */
function fill(length: number, sampleAt: (seconds: number) => number): Float64Array {
  const sound = new Float64Array(toSamples(length));
  for (let index = 0; index < sound.length; index += 1) {
    const seconds = index / sampleRate;
    sound[index] = sampleAt(seconds) * smooth((length - seconds) / 0.03);
  }
  return sound;
}

/** A short synthetic string: a saw whose brightness falls faster than its loudness. */
export function playPluck(frequency: number, velocity: number, decay = 0.22): Float64Array {
  const saw = makeSawtooth(0.5);
  const square = makeSquare(0.25);
  const filter = makeFilter();
  return fill(decay * 5, (seconds) => {
    const raw = 0.7 * saw(frequency) + 0.3 * square(frequency * 2);
    const cutoff = 350 + frequency + (1200 + 3400 * velocity) * Math.exp(-seconds / (decay * 0.35));
    return filter(raw, cutoff, 0.35).low * pluckLevel(seconds, 0.003, decay) * velocity * 0.5;
  });
}

/** A wooden mallet with a bell's top: two sines, the upper one short. */
export function playMallet(frequency: number, velocity: number, decay = 0.5): Float64Array {
  const body = makeSine();
  const bright = makeSine();
  const air = makeSine();
  return fill(decay * 4.5, (seconds) => {
    const strike = air(frequency * 4) * Math.exp(-seconds / (decay * 0.16)) * velocity * 0.9;
    const tone = Math.sin(strike) * 0.35 + body(frequency) * 0.75;
    const octave = bright(frequency * 2.003) * 0.22 * Math.exp(-seconds / (decay * 0.6));
    return (tone + octave) * pluckLevel(seconds, 0.002, decay) * velocity * 0.5;
  });
}

/** A glass bell: inharmonic partials that die from the top down. */
export function playBell(frequency: number, velocity: number, decay = 0.9): Float64Array {
  const partials = [
    [1, 1, 1],
    [2.005, 0.5, 0.62],
    [3.01, 0.22, 0.4],
    [4.24, 0.14, 0.24],
    [5.43, 0.08, 0.14],
  ] as const;
  const voices = partials.map(([ratio, level, life]) => ({ play: makeSine(), ratio, level, life }));
  return fill(decay * 4.5, (seconds) => {
    let sum = 0;
    for (const { play, ratio, level, life } of voices) {
      sum += play(frequency * ratio) * level * Math.exp(-seconds / (decay * life));
    }
    return sum * pluckLevel(seconds, 0.003, decay * 3) * velocity * 0.35;
  });
}

/** An electric piano: frequency modulation, softer and purer as it dies. */
export function playElectricPiano(frequency: number, velocity: number, length: number): Float64Array {
  const modulator = makeSine();
  const tine = makeSine();
  let phase = 0;
  const decay = 1.4 * Math.pow(260 / frequency, 0.35);
  return fill(length + 0.25, (seconds) => {
    const depth = (0.5 + 1.5 * velocity) * Math.exp(-seconds / (decay * 0.45));
    const bend = modulator(frequency) * depth;
    phase = (phase + frequency / sampleRate) % 1;
    const ping = tine(frequency * 7.02) * 0.09 * velocity * Math.exp(-seconds / 0.09);
    const damper = seconds < length ? 1 : Math.exp(-(seconds - length) / 0.07);
    const tone = Math.sin(2 * Math.PI * phase + bend) + ping;
    return tone * pluckLevel(seconds, 0.004, decay) * damper * velocity * 0.42;
  });
}

/** A round bass that small loudspeakers show too: sine, octave and filtered saw, lightly saturated. */
export function playBass(frequency: number, velocity: number, length: number): Float64Array {
  const sine = makeSine();
  const octave = makeSine();
  const saw = makeSawtooth(0.5);
  const filter = makeFilter();
  return fill(length + 0.08, (seconds) => {
    const cutoff = 220 + frequency * 2 + 900 * velocity * Math.exp(-seconds / 0.09);
    const raw =
      sine(frequency) * 0.62 + octave(frequency * 2) * 0.34 + filter(saw(frequency), cutoff, 0.2).low * 0.6;
    const gate = pluckLevel(seconds, 0.006, 0.9) * smooth((length + 0.08 - seconds) / 0.08);
    return Math.tanh(raw * 1.3) * gate * velocity * 0.55;
  });
}
