import { icon, make, icons, type Announcer } from './dom.ts';
import { words } from './words.ts';
import type { Wait } from '../session/director.ts';

/** What the beginning offers. */
export interface BeginActions {
  readonly begin: () => void;
  /** Where the viewer has begun before. */
  readonly startAgain: (() => void) | undefined;
}

/** The picture before the film plays: sound is allowed only after the viewer did something. */
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

/** What the end offers. */
export interface EndActions {
  readonly again: () => void;
  readonly back: (() => void) | undefined;
  readonly transcript: () => void;
  /** The call to action that came last, so that it does not go with its scene. */
  readonly link: HTMLElement | undefined;
}

/** Lies over the last frame. */
export function drawEnd({ again, back, transcript, link }: EndActions): readonly HTMLElement[] {
  const button = (label: string, kind: string, onclick: () => void): HTMLElement =>
    make('button', { type: 'button', class: kind, onclick: () => onclick() }, label);
  return [
    make('p', { class: 'the-end' }, words.theEnd),
    ...(link === undefined ? [] : [link]),
    make(
      'div',
      { class: 'end-actions' },
      button(words.watchAgain, 'primary', again),
      ...(back === undefined ? [] : [button(words.back, 'quiet', back)]),
      button(words.transcript, 'quiet', transcript),
    ),
  ];
}

/** What a film that could not be made anew offers. */
export interface NotRemadeActions {
  readonly tryAgain: () => void;
  readonly privacy: () => void;
}

/** Stands where the film was that could not be made anew. @param actions of its owner. */
export function drawNotRemade(actions: NotRemadeActions | undefined): HTMLElement {
  return make(
    'section',
    { class: 'sorry', tabindex: -1, role: 'alert' },
    make('h2', {}, words.notRemadeTitle),
    make('p', {}, actions === undefined ? words.notRemadeForGuests : words.notRemade),
    ...(actions === undefined
      ? []
      : [
          make('button', { type: 'button', class: 'primary', onclick: actions.tryAgain }, words.tryAgain),
          make('button', { type: 'button', class: 'quiet', onclick: actions.privacy }, words.privacy),
        ]),
  );
}

/** Stands where the film was when it cannot be shown. */
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
