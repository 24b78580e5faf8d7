import type { BespokeMedia } from './bespoke-media.ts';

/** Seconds in which music comes and goes. */
const fadeSeconds = 1.2;
const stepMs = 50;

/** Music under the whole walk, in an element of its own: joints of the picture do not touch it. */
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
      // Sound may be forbidden until the viewer has done something; the picture goes on without.
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
    // Ears hear ratios: a square sounds even.
    this.#audio.volume = Math.min(1, this.#level ** 2 * loudness * this.#gain);
  }
}
