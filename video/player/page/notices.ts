import type { Wait } from '../walk/director-parts.ts';
import type { Announcer } from './announcer.ts';
import { words } from './words.ts';

/** What is waited for is told after this long: most waits are shorter. */
const quietWaitMs = 700;
/** How long something is told that happened once. */
const toldMs = 6_000;

/** Says calmly, over the picture, what keeps the film from going on. */
export class Notices {
  readonly #element: HTMLElement;
  readonly #announcer: Announcer;
  #isStuck = false;
  #wait: Wait | undefined;
  #told: string | undefined;
  #timer: number | undefined;

  constructor(element: HTMLElement, announcer: Announcer) {
    this.#element = element;
    this.#announcer = announcer;
  }

  /** Whether the server cannot be reached. */
  stuck(isStuck: boolean): void {
    if (isStuck === this.#isStuck) return;
    this.#isStuck = isStuck;
    this.#announcer.say(isStuck ? words.offline : words.online);
    this.#draw();
  }

  /** What the film waits for, if it does. */
  wait(wait: Wait | undefined): void {
    this.#wait = wait;
    this.#draw();
  }

  /** Tells something for a while. */
  tell(text: string): void {
    this.#announcer.say(text);
    this.#told = text;
    this.#draw();
    window.setTimeout(() => {
      if (this.#told !== text) return;
      this.#told = undefined;
      this.#draw();
    }, toldMs);
  }

  close(): void {
    window.clearTimeout(this.#timer);
  }

  #draw(): void {
    window.clearTimeout(this.#timer);
    const text = this.#isStuck ? words.offline : (this.#waitText() ?? this.#told);
    this.#element.hidden = text === undefined;
    if (text !== undefined && this.#element.textContent !== text) this.#element.textContent = text;
  }

  #waitText(): string | undefined {
    if (this.#wait === undefined) return undefined;
    const left = this.#wait.sinceMs + quietWaitMs - performance.now();
    if (left <= 0) {
      const text = words[this.#wait.for];
      if (this.#element.textContent !== text) this.#announcer.say(text);
      return text;
    }
    this.#timer = window.setTimeout(() => this.#draw(), left + 10);
    return undefined;
  }
}
