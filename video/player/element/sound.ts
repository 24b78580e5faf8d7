import type { BespokeMedia } from './bespoke-media.ts';
import type { ClipView, SessionView } from '../../story/engine/viewer-protocol.ts';
import type { Painted, Segment } from './timeline.ts';

/** Fade of the music, in seconds. */
const fadeSeconds = 1.2;
const stepMs = 50;

type MusicView = NonNullable<SessionView['music']>;

/** Music for the whole session, in its own element, so that clip boundaries do not affect it. */
export class Music {
  readonly #audio: HTMLAudioElement;
  readonly #media: BespokeMedia;
  readonly #music: MusicView;
  /** While the film plays. */
  #top = 1;
  #level = 0;
  #timer: number | undefined;

  constructor(media: BespokeMedia, music: MusicView) {
    this.#media = media;
    this.#music = music;
    this.#audio = new Audio(music.url);
    this.#audio.loop = true;
    this.#set();
    media.addEventListener('play', () => {
      this.#audio.play().then(
        () => this.#fadeTo(this.#top),
        // Browsers may forbid sound before a click or key; the film continues without it.
        () => undefined,
      );
    });
    media.addEventListener('pause', () => this.#fadeTo(0));
    media.addEventListener('volumechange', () => this.#set());
  }

  /** Lowers the music while a voice speaks in a clip. */
  pass(speech: ClipView['speech'], frame: number): void {
    const { underSpeech = 1 } = this.#music;
    const isLow = speech?.some(({ fromFrame, toFrame }) => fromFrame <= frame && frame < toFrame);
    // Levels are squared.
    const top = isLow ? underSpeech ** 0.5 : 1;
    if (top === this.#top) return;
    this.#top = top;
    if (this.#level > 0 && !this.#media.paused) this.#fadeTo(top);
  }

  #fadeTo(target: number): void {
    window.clearInterval(this.#timer);
    this.#timer = window.setInterval(() => {
      const change = stepMs / 1000 / fadeSeconds;
      this.#level += Math.max(-change, Math.min(change, target - this.#level));
      this.#set();
      if (this.#level !== target) return;
      window.clearInterval(this.#timer);
      if (this.#media.paused) this.#audio.pause();
    }, stepMs);
  }

  #set(): void {
    const { loudness, muted } = this.#media;
    this.#audio.muted = muted;
    // Squared, because loudness is heard in ratios.
    this.#audio.volume = Math.min(1, this.#level ** 2 * loudness * this.#music.gain);
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
  readonly #decoder = new OfflineAudioContext(1, 1, 48_000);
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
    if (this.#context !== undefined) return;
    this.#context = new AudioContext();
    this.#volume = new GainNode(this.#context);
    this.#volume.connect(this.#context.destination);
    this.#setVolume();
  }

  /** Fetches sounds ahead. */
  prepare(sounds: readonly Sound[]): void {
    for (const { url } of sounds) void this.#load(url);
  }

  /** Another scene is on screen. */
  enter(): void {
    this.#scene?.gain.setTargetAtTime(0, this.#context?.currentTime ?? 0, leaveSeconds / 3);
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
      this.#scene = new GainNode(context);
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
      .then((bytes) => this.#decoder.decodeAudioData(bytes))
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
