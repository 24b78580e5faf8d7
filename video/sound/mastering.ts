import { smooth } from './envelope.ts';
import { highPass, tilt } from './filters.ts';
import { measureLoudness, measurePeak } from './loudness.ts';
import { sampleRate, shape, toSamples, type Stereo } from './stereo.ts';

const fromDecibels = (decibels: number): number => Math.pow(10, decibels / 20);

/** Holds peaks under a ceiling without distortion: gain falls before a peak and recovers after it. */
function limit({ left, right }: Stereo, ceiling: number): void {
  const lookAhead = toSamples(0.004);
  const release = 1 - Math.exp(-1 / toSamples(0.12));
  const wanted = new Float64Array(left.length);
  for (let index = 0; index < left.length; index += 1) {
    const peak = Math.max(Math.abs(left[index]!), Math.abs(right[index]!));
    wanted[index] = peak > ceiling ? ceiling / peak : 1;
  }
  let gain = 1;
  const gains = new Float64Array(left.length);
  for (let index = left.length - 1; index >= 0; index -= 1) {
    gain = Math.min(wanted[index]!, gain + (1 - gain) / lookAhead + 1 / lookAhead);
    gains[index] = Math.min(1, gain);
  }
  gain = 1;
  for (let index = 0; index < left.length; index += 1) {
    gain = Math.min(gains[index]!, gain + (1 - gain) * release);
    left[index]! *= gain;
    right[index]! *= gain;
  }
}

/** Takes rumble off and both ends to silence, so that starting, stopping and looping never click. */
function tidy(bus: Stereo, fadeIn: number, fadeOut: number): void {
  highPass(bus.left, 28);
  highPass(bus.right, 28);
  const seconds = bus.left.length / sampleRate;
  shape(bus, (at) => smooth(at / fadeIn) * smooth((seconds - at) / fadeOut));
}

/** Brings music, in place, to an integrated loudness in LUFS under a peak in dBFS. Times in seconds. */
export function masterMusic(bus: Stereo, loudness: number, peakDecibels: number, fadeOut = 0.35): void {
  for (const channel of [bus.left, bus.right]) tilt(channel, 3, -4);
  tidy(bus, 0.006, fadeOut);
  const ceiling = fromDecibels(peakDecibels);
  for (let pass = 0; pass < 3; pass += 1) {
    const gain = fromDecibels(loudness - measureLoudness(bus));
    shape(bus, () => gain);
    limit(bus, ceiling);
  }
}

/** Brings a short sound, in place, to a peak in dBFS. */
export function masterEffect(bus: Stereo, peakDecibels: number): void {
  tidy(bus, 0.003, 0.08);
  const gain = fromDecibels(peakDecibels) / measurePeak(bus);
  shape(bus, () => gain);
}
