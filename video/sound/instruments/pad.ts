import { padLevel } from '../envelope.ts';
import { makeFilter } from '../filters.ts';
import { makeSawtooth } from '../oscillators.ts';
import { createStereo, sampleRate, type Stereo } from '../stereo.ts';

interface PadOptions {
  /** Seconds that the chord is held. */
  readonly length: number;
  readonly attack: number;
  readonly release: number;
  /** Low-pass cutoff in hertz once the swell is open. */
  readonly brightness: number;
  readonly random: () => number;
}

const detuneCents = [-9, -3, 4, 10] as const;

/** A chord of wide, slowly drifting saw voices behind a soft low-pass filter. */
export function playPad(frequencies: readonly number[], options: PadOptions): Stereo {
  const { length, attack, release, brightness, random } = options;
  const sound = createStereo(length + release);
  for (const channel of [sound.left, sound.right]) {
    const voices = frequencies.flatMap((frequency) =>
      detuneCents.map((cents) => ({
        play: makeSawtooth(random()),
        frequency: frequency * Math.pow(2, (cents + (random() - 0.5) * 4) / 1200),
      })),
    );
    const filter = makeFilter();
    const drift = random() * 6;
    const gain = 0.22 / Math.sqrt(voices.length);
    for (let index = 0; index < channel.length; index += 1) {
      const seconds = index / sampleRate;
      const level = padLevel(seconds, length, attack, release);
      let sum = 0;
      for (const voice of voices) sum += voice.play(voice.frequency);
      const cutoff = brightness * (0.45 + 0.55 * level) * (1 + 0.12 * Math.sin(seconds * 1.7 + drift));
      channel[index] = filter(sum, cutoff, 0.25).low * level * gain;
    }
  }
  return sound;
}
