import { icon, make, icons, type Announcer } from './dom.ts';
import { words } from './words.ts';
import type { Wait } from '../session/playback.ts';

/** Actions before the film plays. */
export interface BeginActions {
  readonly begin: () => void;
  /** Present if the viewer has started the film before. */
  readonly startAgain: (() => void) | undefined;
}

/** The poster before the film plays: browsers allow sound only after a click or key. */
export function drawBeginning(
  title: string,
  poster: string,
  { begin, startAgain }: BeginActions,
): readonly HTMLElement[] {
  const image = make('img', { class: 'poster', src: poster, alt: '', hidden: poster === '' });
  image.addEventListener('error', () => image.remove());
  const label = startAgain === undefined ? words.play : words.goOn;
  return [
    image,
    make(
      'button',
      { type: 'button', class: 'begin', 'aria-label': `${label}: ${title}`, onclick: () => begin() },
      make('span', { class: 'begin-disc' }, icon(icons.play)),
      make('span', { class: 'begin-label' }, label),
    ),
    ...(startAgain === undefined
      ? []
      : [make('button', { type: 'button', class: 'quiet', onclick: () => startAgain() }, words.startAgain)]),
  ];
}

/** Actions at the end. */
export interface EndActions {
  readonly again: () => void;
  readonly back: (() => void) | undefined;
  readonly transcript: () => void;
  /** The last call to action, which stays available after its scene. */
  readonly link: HTMLElement | undefined;
}

/** The actions over the last frame. */
export function drawEnd({ again, back, transcript, link }: EndActions): readonly HTMLElement[] {
  const button = (label: string, kind: string, onclick: () => void): HTMLElement =>
    make('button', { type: 'button', class: kind, onclick: () => onclick() }, label);
  return [
    make('p', { class: 'the-end' }, words.theEnd),
    ...(link === undefined ? [] : [link]),
    make(
      'div',
      { class: 'end-actions' },
      button(words.watchAgain, link === undefined ? 'primary' : 'quiet', again),
      ...(back === undefined ? [] : [button(words.back, 'quiet', back)]),
      button(words.transcript, 'quiet', transcript),
    ),
  ];
}

/** Shown instead of a film that cannot be played. */
export function drawSorry(isOver: boolean, tryAgain: () => void): HTMLElement {
  return make(
    'section',
    { class: 'sorry', tabindex: -1, role: 'alert' },
    make('h2', {}, isOver ? words.revokedTitle : words.brokenTitle),
    make('p', {}, isOver ? words.revoked : words.broken),
    ...(isOver
      ? []
      : [make('button', { type: 'button', class: 'primary', onclick: () => tryAgain() }, words.tryAgain)]),
  );
}

/** A wait is reported only after this time: most are shorter. */
const quietWaitMs = 700;
/** How long a notice stays. */
const noticeMs = 6_000;

/** Shows over the film why it does not continue. */
export class Notices {
  readonly #element: HTMLElement;
  readonly #announcer: Announcer;
  #isStuck = false;
  #wait: Wait | undefined;
  #notice: string | undefined;
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

  /** What the film waits for, if anything. */
  wait(wait: Wait | undefined): void {
    this.#wait = wait;
    this.#draw();
  }

  /** Shows a notice for a few seconds. */
  show(text: string): void {
    this.#announcer.say(text);
    this.#notice = text;
    this.#draw();
    window.setTimeout(() => {
      if (this.#notice !== text) return;
      this.#notice = undefined;
      this.#draw();
    }, noticeMs);
  }

  close(): void {
    window.clearTimeout(this.#timer);
  }

  #draw(): void {
    window.clearTimeout(this.#timer);
    const text = this.#isStuck ? words.offline : (this.#waitText() ?? this.#notice);
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
