import type { ClipView } from '../../story/engine/viewing.ts';
import type { BespokeMedia } from './bespoke-media.ts';

type Sound = ClipView['sounds'][number];

/** Seconds in which the sounds of a scene that is left go. */
const leaveSeconds = 0.25;

/** Sounds of scenes, each at its frame. What still sounds at a joint fades under what comes. */
export class SceneSounds {
  readonly #media: BespokeMedia;
  readonly #fetch: (url: string) => Promise<ArrayBuffer>;
  readonly #decoded = new Map<string, Promise<AudioBuffer | undefined>>();
  #context: AudioContext | undefined;
  #volume: GainNode | undefined;
  #scene: GainNode | undefined;

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

  /** Lets sound what begins after one frame and until another. */
  pass(sounds: readonly Sound[], after: number, until: number, fps: number): void {
    for (const sound of sounds) {
      // Where frames were skipped, a sound that is late by much is left out.
      if (sound.atFrame > after && sound.atFrame <= until && until - sound.atFrame < fps / 4)
        void this.#start(sound);
    }
  }

  async #start({ url, gain }: Sound): Promise<void> {
    const context = this.#context;
    if (context === undefined || this.#volume === undefined || context.state !== 'running') return;
    if (this.#scene === undefined) {
      this.#scene = context.createGain();
      this.#scene.connect(this.#volume);
    }
    const scene = this.#scene;
    const buffer = await this.#load(url);
    if (buffer === undefined || scene !== this.#scene) return;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(new GainNode(context, { gain })).connect(scene);
    source.start();
  }

  #load(url: string): Promise<AudioBuffer | undefined> {
    const context = this.#context;
    if (context === undefined) return Promise.resolve(undefined);
    const known = this.#decoded.get(url);
    if (known !== undefined) return known;
    const loading = this.#fetch(url)
      .then((bytes) => context.decodeAudioData(bytes))
      // A film without one of its sounds is better than none.
      .catch(() => undefined);
    this.#decoded.set(url, loading);
    return loading;
  }

  #setVolume(): void {
    const { volume, muted } = this.#media;
    if (this.#volume !== undefined) this.#volume.gain.value = muted ? 0 : volume ** 2;
  }
}
