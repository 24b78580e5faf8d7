import { make } from './dom.ts';
import { words } from './words.ts';

/** The time that is left to decide: a line that becomes shorter, and the seconds as text. */
export class Countdown {
  readonly #host: HTMLElement;
  readonly #line = make('div', { class: 'clock-line' });
  readonly #text = make('span', { class: 'clock-text' });
  #seconds: number | undefined;

  /** @param noLimits called when the viewer wants no limit. */
  constructor(host: HTMLElement, noLimits: () => void) {
    this.#host = host;
    host.append(
      make('div', { class: 'clock-track', 'aria-hidden': 'true' }, this.#line),
      this.#text,
      make('button', { type: 'button', class: 'quiet small', onclick: () => noLimits() }, words.noTimeLimits),
    );
  }

  /** Shows how much is left. @returns the whole seconds where they have changed. */
  show(leftSeconds: number, ofSeconds: number): number | undefined {
    const seconds = Math.max(0, Math.ceil(leftSeconds));
    this.#host.hidden = false;
    this.#line.style.transform = `scaleX(${Math.min(1, Math.max(0, leftSeconds / ofSeconds))})`;
    if (seconds === this.#seconds) return undefined;
    this.#seconds = seconds;
    this.#text.textContent = words.secondsLeft(seconds);
    return seconds;
  }

  hide(): void {
    this.#host.hidden = true;
    this.#seconds = undefined;
  }
}
