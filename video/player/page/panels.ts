import { icon, make, icons, type Announcer, openDialog, storyWords } from './dom.ts';
import { words } from './words.ts';
import type { Wait } from '../session/playback.ts';
import type { SessionPlayer } from '../session/session-player.ts';
import { hasView } from '../../story/engine/graph.ts';
import { clipsHere } from '../session/clip-cache.ts';
import { atEnd } from '../session/clip-selection.ts';
import { drawOffer, type TrayActions } from './choice-tray.ts';
import { clipName, type ClipView } from '../../story/engine/viewer-protocol.ts';
import { nodeOf, pathOf, type StoryState, type StoryContext } from '../../story/engine/state.ts';

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
      button(words.watchAgain, 'primary', again),
      ...(back === undefined ? [] : [button(words.back, 'quiet', back)]),
      button(words.transcript, 'quiet', transcript),
    ),
  ];
}

/** Actions when the film could not be updated. */
export interface NotRemadeActions {
  readonly tryAgain: () => void;
  readonly privacy: () => void;
}

/** Shown instead of a film that could not be updated. @param actions for its owner. */
export function drawNotRemade(actions: NotRemadeActions | undefined): HTMLElement {
  return make(
    'section',
    { class: 'sorry', tabindex: -1, role: 'alert' },
    make('h2', {}, words.notRemadeTitle),
    make('p', {}, actions === undefined ? words.notRemadeForOthers : words.notRemade),
    ...(actions === undefined
      ? []
      : [
          make('button', { type: 'button', class: 'primary', onclick: actions.tryAgain }, words.tryAgain),
          make('button', { type: 'button', class: 'quiet', onclick: actions.privacy }, words.privacy),
        ]),
  );
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

/** The captions of a clip without repetitions, in order. */
function textsOf(view: ClipView | undefined): readonly string[] {
  return [...new Set((view?.cues ?? []).map(({ text }) => text))];
}

/** The captions of the path so far, step by step. */
function transcriptOf(
  context: StoryContext,
  state: StoryState,
  view: (name: string) => ClipView | undefined,
): readonly (readonly string[])[] {
  return pathOf(state).flatMap(({ node, variables }) => {
    if (!hasView(nodeOf(context.story, node))) return [];
    const texts = textsOf(view(clipName(context.story, node, variables)));
    return texts.length === 0 ? [] : [texts];
  });
}

/** A setting that is on or off. */
interface Switch {
  readonly label: string;
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

/** Content of the menu. */
export interface MenuContent {
  readonly switches: readonly Switch[];
  readonly entries: readonly { readonly label: string; readonly open: () => void }[];
}

/** Opens the menu: settings that are saved, and other ways to see the film. */
export function openMenu({ switches, entries }: MenuContent): void {
  const rows = switches.map(({ label, on, set }) => {
    const input = make('input', { type: 'checkbox', role: 'switch', checked: on });
    input.addEventListener('change', () => set(input.checked));
    return make('label', { class: 'switch' }, make('span', {}, label), input);
  });
  const buttons = entries.map(({ label, open }) =>
    make(
      'button',
      {
        type: 'button',
        class: 'entry-button',
        onclick: () => {
          dialog.close();
          open();
        },
      },
      label,
    ),
  );
  const dialog = openDialog(
    words.menu,
    'menu',
    make('div', { class: 'switches' }, ...rows),
    make('div', { class: 'entries' }, ...buttons),
  );
}

/** Opens a transcript of what has been shown so far. */
export function openTranscript({ session, cache }: SessionPlayer): void {
  const { state, context } = session;
  const steps = state === undefined ? [] : transcriptOf(context, state, (name) => cache.view(name));
  const items = steps.map((texts) => make('li', {}, ...texts.map((text) => make('p', storyWords(), text))));
  openDialog(
    words.transcript,
    'transcript',
    items.length === 0 ? make('p', {}, words.noTranscript) : make('ol', {}, ...items),
  );
}

/** A reader's actions besides choosing. */
export interface ReadingActions extends TrayActions {
  readonly watch: () => void;
  readonly goOn: () => void;
  readonly back: (() => void) | undefined;
  readonly again: () => void;
}

/** The current node as text, with its choices. */
export function drawReading(player: SessionPlayer, actions: ReadingActions): HTMLElement {
  const { session, cache, view } = player;
  const { state, node, context } = session;
  const texts =
    state === undefined
      ? []
      : (clipsHere(context, state)
          .map((name) => textsOf(cache.view(name)))
          .find((each) => each.length > 0) ?? []);
  const shown = node !== undefined && hasView(node);
  const paragraphs = texts.map((text) => make('p', storyWords(), text));
  if (shown && texts.length === 0) paragraphs.push(make('p', { class: 'hint' }, words.making));
  if (!shown) paragraphs.push(make('p', {}, words.theEnd));
  const offer = player.offer();
  const goesOn = shown && state !== undefined && atEnd(node, state) === 'go-on';
  const button = (label: string, kind: string, onclick: () => void): HTMLElement =>
    make('button', { type: 'button', class: kind, onclick: () => onclick() }, label);
  return make(
    'section',
    { class: 'reading', 'aria-label': words.reading, tabindex: -1 },
    make('h2', storyWords(), view.title),
    make('div', { class: 'reading-text' }, ...paragraphs),
    make('div', { class: 'reading-offer' }, ...drawOffer(offer, actions)),
    make(
      'div',
      { class: 'reading-actions' },
      ...(goesOn ? [button(words.goOn, 'primary', actions.goOn)] : []),
      ...(shown ? [] : [button(words.startAgain, 'primary', actions.again)]),
      ...(actions.back === undefined ? [] : [button(words.back, 'quiet', actions.back)]),
      button(words.watch, 'quiet', actions.watch),
    ),
  );
}
