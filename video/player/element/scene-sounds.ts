import type { ClipView } from '../../story/engine/viewing.ts';
import type { BespokeMedia } from './bespoke-media.ts';
import type { Painted, Piece } from './piece.ts';

type Sound = ClipView['sounds'][number];

/** Seconds in which the sounds of a scene that is left go. */
const leaveSeconds = 0.25;
/** Sounds of scenes, each at its frame. What still sounds at a joint fades under what comes. */
export class SceneSounds {
  readonly #media: BespokeMedia;
  readonly #fetch: (url: string) => Promise<ArrayBuffer>;
  readonly #decoded = new Map<string, Promise<AudioBuffer | undefined>>();
  /** Decodes before the viewer has done anything, which a context that sounds may not. */
  readonly #decoder = 'OfflineAudioContext' in window ? new OfflineAudioContext(1, 1, 48_000) : undefined;
  #context: AudioContext | undefined;
  #volume: GainNode | undefined;
  #scene: GainNode | undefined;
  #piece: Piece | undefined;
  #frame = 0;

  constructor(media: BespokeMedia, fetchBytes: (url: string) => Promise<ArrayBuffer>) {
    this.#media = media;
    this.#fetch = fetchBytes;
    media.addEventListener('volumechange', () => this.#setVolume());
    media.addEventListener('pause', () => void this.#context?.suspend());
    media.addEventListener('play', () => void this.#context?.resume());
  }

  /** Gets ready to sound; called while the viewer does something, as browsers want it. */
  open(): void {
    if (this.#context !== undefined || !('AudioContext' in window)) return;
    this.#context = new AudioContext();
    this.#volume = this.#context.createGain();
    this.#volume.connect(this.#context.destination);
    this.#setVolume();
  }

  /** Fetches sounds ahead. */
  prepare(sounds: readonly Sound[]): void {
    for (const { url } of sounds) void this.#load(url);
  }

  /** Another scene is on screen. */
  enter(): void {
    const { currentTime: now } = this.#context ?? { currentTime: 0 };
    this.#scene?.gain.setTargetAtTime(0, now, leaveSeconds / 3);
    this.#scene = undefined;
  }

  /**
   * Lets sound what begins with a frame that is on screen, or with one since the last that was told. What
   * comes late, on a busy machine or a slow network, begins within itself, where it would be by now.
   */
  pass(sounds: readonly Sound[], { piece, frame }: Painted, fps: number): void {
    // Of a piece that has just begun the first frames may have been painted untold.
    const before = piece === this.#piece ? this.#frame : -1;
    const after = Math.min(before, frame - 1);
    this.#piece = piece;
    this.#frame = frame;
    for (const sound of sounds) {
      if (sound.atFrame > after && sound.atFrame <= frame)
        void this.#start(sound, (frame - sound.atFrame) / fps);
    }
  }

  async #start({ url, gain }: Sound, lateSeconds: number): Promise<void> {
    const context = this.#context;
    if (context === undefined || this.#volume === undefined) return;
    if (this.#scene === undefined) {
      this.#scene = context.createGain();
      this.#scene.connect(this.#volume);
    }
    const scene = this.#scene;
    const due = context.currentTime - lateSeconds;
    const buffer = await this.#load(url);
    const late = context.currentTime - due;
    if (buffer === undefined || scene !== this.#scene || late >= buffer.duration) return;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(new GainNode(context, { gain })).connect(scene);
    source.start(0, late);
  }

  #load(url: string): Promise<AudioBuffer | undefined> {
    const known = this.#decoded.get(url);
    if (known !== undefined) return known;
    const loading = this.#fetch(url)
      .then((bytes) => this.#decoder?.decodeAudioData(bytes))
      // A film without one of its sounds is better than none. Whoever wants it next asks again.
      .catch(() => {
        this.#decoded.delete(url);
        return undefined;
      });
    this.#decoded.set(url, loading);
    return loading;
  }

  #setVolume(): void {
    if (this.#volume !== undefined) this.#volume.gain.value = this.#media.loudness;
  }
}
