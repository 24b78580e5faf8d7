import { hasView } from '../../story/engine/graph.ts';
import { nodeOf, pathOf, type StoryState, type StoryContext } from '../../story/engine/state.ts';
import { clipName, type ClipView } from '../../story/engine/viewer-protocol.ts';
import { clipsHere } from '../session/clip-cache.ts';
import { atEnd } from '../session/clip-selection.ts';
import type { SessionPlayer } from '../session/session-player.ts';
import { drawOffer, type TrayActions } from './choice-tray.ts';
import { filmWords, make, openDialog, storyWords } from './dom.ts';
import type { SettingsStore } from './controls.ts';
import type { FilmView } from './film-view.ts';
import { pageLanguage, words } from './words.ts';
import { laterWords } from '../words/later-words.ts';

/* The menu, the transcript and the reading view, which are loaded when a viewer asks for them. */

const own = laterWords[pageLanguage()];

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

/** What the page does for its menu. */
export interface MenuActions {
  readonly transcript: () => void;
  readonly read: () => void;
  readonly privacy: () => void;
  readonly isMeasured: boolean;
  readonly allowMeasurement: (on: boolean) => Promise<void>;
}

/** Opens the menu: settings that are saved, and other ways to see the film. */
export function openMenu(film: FilmView, settings: SettingsStore, actions: MenuActions): void {
  const { captions } = film.layout.media.textTracks;
  const { view } = film.player;
  const { all } = settings;
  const switches: readonly (readonly [label: string, on: boolean, set: (on: boolean) => unknown])[] = [
    [
      words.captions,
      captions?.mode === 'showing',
      (on) => {
        if (captions !== undefined) captions.mode = on ? 'showing' : 'disabled';
      },
    ],
    [words.noTimeLimits, !all.timeLimits, (on) => film.setLimits(!on)],
    [own.shortcuts, all.shortcuts, (on) => settings.set({ shortcuts: on })],
  ];
  const measured = [
    own.measurement,
    actions.isMeasured,
    (on: boolean) => actions.allowMeasurement(on),
  ] as const;
  const entries: readonly (readonly [label: string, open: () => void])[] = [
    [words.transcript, actions.transcript],
    [own.read, actions.read],
    [words.startAgain, () => film.player.again()],
    ...(view.rights === 'owner' ? [[words.privacy, actions.privacy] as const] : []),
  ];
  const rows = [...switches, ...(view.measurement === 'blocked' ? [] : [measured])].map(
    ([label, on, set]) => {
      const input = make('input', { type: 'checkbox', role: 'switch', checked: on });
      const text = make('span', {}, label);
      input.addEventListener('change', () => {
        Promise.resolve(set(input.checked)).catch(() => {
          input.checked = !input.checked;
          text.append(make('span', { class: 'hint purpose', role: 'status' }, own.notSaved));
        });
      });
      return make('label', { class: 'switch' }, text, input);
    },
  );
  const buttons = entries.map(([label, open]) =>
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
  const items = steps.map((texts) => make('li', {}, ...texts.map((text) => make('p', filmWords(), text))));
  openDialog(
    words.transcript,
    'transcript',
    items.length === 0 ? make('p', {}, own.noTranscript) : make('ol', {}, ...items),
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
  const paragraphs = texts.map((text) => make('p', filmWords(), text));
  if (shown && texts.length === 0) paragraphs.push(make('p', { class: 'hint' }, words.making));
  if (!shown) paragraphs.push(make('p', {}, words.theEnd));
  const offer = player.offer();
  const goesOn = shown && state !== undefined && atEnd(node, state) === 'go-on';
  const button = (label: string, kind: string, onclick: () => void): HTMLElement =>
    make('button', { type: 'button', class: kind, onclick: () => onclick() }, label);
  return make(
    'section',
    { class: 'reading', 'aria-label': own.reading, tabindex: -1 },
    make('h2', storyWords(), view.title),
    make('div', { class: 'reading-text' }, ...paragraphs),
    make('div', { class: 'reading-offer' }, ...drawOffer(offer, actions)),
    make(
      'div',
      { class: 'reading-actions' },
      ...(goesOn ? [button(words.goOn, 'primary', actions.goOn)] : []),
      ...(shown ? [] : [button(words.startAgain, 'primary', actions.again)]),
      ...(actions.back === undefined ? [] : [button(words.back, 'quiet', actions.back)]),
      button(own.watch, 'quiet', actions.watch),
    ),
  );
}
