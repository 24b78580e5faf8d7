/** Samples a second of everything that is synthesized here. */
export const sampleRate = 48000;

/** Two channels of equal length, full scale ±1. */
export interface Stereo {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

export const toSamples = (seconds: number): number => Math.round(seconds * sampleRate);

export function createStereo(seconds: number): Stereo {
  return { left: new Float64Array(toSamples(seconds)), right: new Float64Array(toSamples(seconds)) };
}

/** Adds a mono sound to a bus with equal-power panning, -1 left to 1 right; what overhangs is dropped. */
export function addMono(bus: Stereo, sound: Float64Array, atSeconds: number, gain: number, pan = 0): void {
  const angle = ((pan + 1) * Math.PI) / 4;
  addInto(bus.left, sound, atSeconds, gain * Math.cos(angle));
  addInto(bus.right, sound, atSeconds, gain * Math.sin(angle));
}

/** Adds a stereo sound to a bus; what overhangs is dropped. */
export function addStereo(bus: Stereo, sound: Stereo, atSeconds: number, gain: number): void {
  addInto(bus.left, sound.left, atSeconds, gain);
  addInto(bus.right, sound.right, atSeconds, gain);
}

function addInto(target: Float64Array, sound: Float64Array, atSeconds: number, gain: number): void {
  const start = toSamples(atSeconds);
  const end = Math.min(target.length, start + sound.length);
  for (let index = Math.max(0, start); index < end; index += 1)
    target[index]! += sound[index - start]! * gain;
}

/** Multiplies both channels by a curve over time, in place. */
export function shape(bus: Stereo, curve: (seconds: number) => number): void {
  for (let index = 0; index < bus.left.length; index += 1) {
    const gain = curve(index / sampleRate);
    bus.left[index]! *= gain;
    bus.right[index]! *= gain;
  }
}
