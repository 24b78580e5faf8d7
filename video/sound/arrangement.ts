import { smooth } from './envelope.ts';
import { masterMusic } from './mastering.ts';
import { pingPong, reverberate } from './reverb.ts';
import { addMono, addStereo, createStereo, sampleRate, shape, toSamples, type Stereo } from './stereo.ts';

interface Placement {
  /** Beats from the start. */
  readonly beat: number;
  readonly gain: number;
  /** -1 left to 1 right. */
  readonly pan?: number;
  /** Share that goes to the hall. */
  readonly hall?: number;
  /** Share that goes to the echo. */
  readonly echo?: number;
  /** Whether the kick makes room by pushing this sound down. */
  readonly ducked?: boolean;
}

/** A tape of given length onto which sounds are laid by beat, mixed down once at the end. */
export class Arrangement {
  readonly secondsPerBeat: number;
  private readonly steady: Stereo;
  private readonly ducked: Stereo;
  private readonly hall: Stereo;
  private readonly echo: Stereo;
  private readonly kicks: number[] = [];

  constructor(
    readonly seconds: number,
    readonly beatsPerMinute: number,
  ) {
    this.secondsPerBeat = 60 / beatsPerMinute;
    this.steady = createStereo(seconds);
    this.ducked = createStereo(seconds);
    this.hall = createStereo(seconds);
    this.echo = createStereo(seconds);
  }

  /** Lays a sound down; what reaches beyond the end is dropped. */
  lay(sound: Float64Array | Stereo, placement: Placement): void {
    const { beat, gain, pan = 0, hall = 0, echo = 0, ducked = false } = placement;
    const at = beat * this.secondsPerBeat;
    const buses = [
      [ducked ? this.ducked : this.steady, gain],
      [this.hall, gain * hall],
      [this.echo, gain * echo],
    ] as const;
    for (const [bus, level] of buses) {
      if (level === 0) continue;
      if (sound instanceof Float64Array) addMono(bus, sound, at, level, pan);
      else addStereo(bus, sound, at, level);
    }
  }

  /** A kick drum: laid down in the middle, and what is ducked makes way for it. */
  layKick(sound: Float64Array, beat: number, gain: number): void {
    this.lay(sound, { beat, gain });
    this.kicks.push(beat * this.secondsPerBeat);
  }

  /** The finished music at a loudness in LUFS, peaks at -3 dBFS. */
  mixDown(loudness: number): Stereo {
    const mix = this.mix();
    masterMusic(mix, loudness, -3);
    return mix;
  }

  /**
   * The tape's last seconds, finished, to be played round and round: what sounds on from before their
   * beginning is what sounds on at their end, provided that the tape holds the same music twice.
   */
  mixLoop(loudness: number, seconds: number): Stereo {
    const { left, right } = this.mix();
    const samples = toSamples(seconds);
    const loop = { left: left.slice(-samples), right: right.slice(-samples) };
    masterMusic(loop, loudness, -3, 0.006);
    return loop;
  }

  private mix(): Stereo {
    this.duck();
    const mix = createStereo(this.seconds);
    const repeats = pingPong(this.echo, this.secondsPerBeat * 0.75, 0.38);
    addStereo(this.hall, repeats, 0, 0.35);
    const wet = reverberate(this.hall, { decay: 2.1, damping: 0.32, preDelay: 0.018 });
    for (const bus of [this.steady, this.ducked, repeats, wet]) addStereo(mix, bus, 0, 1);
    return mix;
  }

  private duck(): void {
    const depth = 0.42;
    const recovery = this.secondsPerBeat * 0.6;
    const gains = new Float64Array(this.ducked.left.length).fill(1);
    for (const kick of this.kicks) {
      const start = Math.max(0, Math.round((kick - 0.01) * sampleRate));
      const end = Math.min(gains.length, Math.round((kick + recovery) * sampleRate));
      for (let index = start; index < end; index += 1) {
        const since = index / sampleRate - kick;
        const dip = since < 0 ? smooth(1 + since / 0.01) : 1 - smooth(since / recovery);
        gains[index] = Math.min(gains[index]!, 1 - depth * dip);
      }
    }
    shape(this.ducked, (seconds) => gains[Math.min(gains.length - 1, Math.round(seconds * sampleRate))]!);
  }
}
