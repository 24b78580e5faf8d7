import type { BespokeMedia } from './bespoke-media.ts';
import type { ClipView } from '../../story/engine/viewer-protocol.ts';
import type { Painted, Segment } from './timeline.ts';

/** Fade of the music, in seconds. */
const fadeSeconds = 1.2;
const stepMs = 50;

/** Music for the whole session, in its own element, so that clip boundaries do not affect it. */
export class Music {
  readonly #audio: HTMLAudioElement;
  readonly #media: BespokeMedia;
  readonly #gain: number;
  #level = 0;
  #timer: number | undefined;

  constructor(media: BespokeMedia, { url, gain }: { readonly url: string; readonly gain: number }) {
    this.#media = media;
    this.#gain = gain;
    this.#audio = new Audio();
    this.#audio.loop = true;
    this.#audio.preload = 'auto';
    this.#audio.src = url;
    this.#set();
    media.addEventListener('play', () => this.#come());
    media.addEventListener('pause', () => this.#go());
    media.addEventListener('volumechange', () => this.#set());
  }

  #come(): void {
    this.#audio.play().then(
      () => this.#fadeTo(1),
      // Browsers may forbid sound before a click or key; the film continues without it.
      () => undefined,
    );
  }

  #go(): void {
    this.#fadeTo(0, () => this.#audio.pause());
  }

  #fadeTo(target: number, then?: () => void): void {
    window.clearInterval(this.#timer);
    this.#timer = window.setInterval(() => {
      const change = stepMs / 1000 / fadeSeconds;
      const left = target - this.#level;
      this.#level = Math.abs(left) <= change ? target : this.#level + Math.sign(left) * change;
      this.#set();
      if (this.#level !== target) return;
      window.clearInterval(this.#timer);
      then?.();
    }, stepMs);
  }

  #set(): void {
    const { loudness, muted } = this.#media;
    this.#audio.muted = muted;
    // Squared, because loudness is heard in ratios.
    this.#audio.volume = Math.min(1, this.#level ** 2 * loudness * this.#gain);
  }
}

type Sound = ClipView['sounds'][number];

/** Fade of a scene's sounds when it is left, in seconds. */
const leaveSeconds = 0.25;
/** Plays sounds of scenes, each at its frame. A sound that is still playing when its scene is left fades out. */
export class SceneSounds {
  readonly #media: BespokeMedia;
  readonly #fetch: (url: string) => Promise<ArrayBuffer>;
  readonly #decoded = new Map<string, Promise<AudioBuffer | undefined>>();
  /** For decoding before a click or key, which browsers do not allow to a context that plays. */
  readonly #decoder = 'OfflineAudioContext' in window ? new OfflineAudioContext(1, 1, 48_000) : undefined;
  #context: AudioContext | undefined;
  #volume: GainNode | undefined;
  #scene: GainNode | undefined;
  #segment: Segment | undefined;
  #frame = 0;

  constructor(media: BespokeMedia, fetchBytes: (url: string) => Promise<ArrayBuffer>) {
    this.#media = media;
    this.#fetch = fetchBytes;
    media.addEventListener('volumechange', () => this.#setVolume());
    media.addEventListener('pause', () => void this.#context?.suspend());
    media.addEventListener('play', () => void this.#context?.resume());
  }

  /** Opens the audio context; must be called in a user gesture, as browsers require. */
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
   * Starts the sounds of the current frame and of frames skipped since the last call. A late sound, on a busy
   * machine or slow network, starts at an offset and so stays in sync with the film.
   */
  pass(sounds: readonly Sound[], { segment, frame }: Painted, fps: number): void {
    const isNew = segment !== this.#segment;
    // A jump within a scene leaves what plays behind; sounds that last until here start again at this moment.
    const jumped = !isNew && (frame < this.#frame || frame > this.#frame + fps);
    if (jumped) this.enter();
    // The browser may have painted the first frames of a new segment without reporting them.
    const after = isNew || jumped ? -1 : this.#frame;
    this.#segment = segment;
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
      // A film without one of its sounds is better than none. The next use tries again.
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
