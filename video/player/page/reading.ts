import { hasView } from '../../story/engine/graph.ts';
import { nodeOf, pathOf, type StoryState, type StoryContext } from '../../story/engine/state.ts';
import { clipName, type ClipView } from '../../story/engine/viewer-protocol.ts';
import { clipsHere } from '../session/clip-cache.ts';
import { atEnd } from '../session/clip-selection.ts';
import type { SessionPlayer } from '../session/session-player.ts';
import { drawOffer, type TrayActions } from './choice-tray.ts';
import { filmWords, make, openDialog, storyWords } from './dom.ts';
import { words } from './words.ts';

/* The menu, the transcript and the reading view, which are loaded when a viewer asks for them. */

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
  const items = steps.map((texts) => make('li', {}, ...texts.map((text) => make('p', filmWords(), text))));
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
  const paragraphs = texts.map((text) => make('p', filmWords(), text));
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
