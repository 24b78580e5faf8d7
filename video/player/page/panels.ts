import { openDialog, make, storyWords } from './dom.ts';
import { words } from './words.ts';
import type { SessionPlayer } from '../session/session-player.ts';
import { isShown } from '../../story/engine/graph.ts';
import { clipsHere } from '../session/clip-cache.ts';
import { atEnd } from '../session/clip-selection.ts';
import { drawOffer, type TrayActions } from './choice-tray.ts';
import { clipName, type ClipView } from '../../story/engine/viewing.ts';
import { nodeOf, shownPlaces, type Walk, type World } from '../../story/engine/walk.ts';

/** The texts of a clip, each once, in order. */
function textsOf(view: ClipView | undefined): readonly string[] {
  return [...new Set((view?.cues ?? []).map(({ text }) => text))];
}

/** What was shown at the places of a walk, in order. */
function transcriptOf(
  world: World,
  walk: Walk,
  view: (name: string) => ClipView | undefined,
): readonly (readonly string[])[] {
  return shownPlaces(walk).flatMap(({ node, variables }) => {
    if (!isShown(nodeOf(world.story, node))) return [];
    const texts = textsOf(view(clipName(world.story, node, variables)));
    return texts.length === 0 ? [] : [texts];
  });
}

/** A setting that is on or off. */
interface Switch {
  readonly label: string;
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

/** What the menu holds. */
export interface MenuContent {
  readonly switches: readonly Switch[];
  readonly entries: readonly { readonly label: string; readonly open: () => void }[];
}

/** Opens the menu: settings that stick, and ways to see the film otherwise. */
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

/** Opens what has been shown so far, as text. */
export function openTranscript({ session, cache }: SessionPlayer): void {
  const { walk, world } = session;
  const places = walk === undefined ? [] : transcriptOf(world, walk, (name) => cache.view(name));
  const items = places.map((texts) => make('li', {}, ...texts.map((text) => make('p', storyWords(), text))));
  openDialog(
    words.transcript,
    'transcript',
    items.length === 0 ? make('p', {}, words.noTranscript) : make('ol', {}, ...items),
  );
}

/** What a reader can do besides choosing. */
export interface ReadingActions extends TrayActions {
  readonly watch: () => void;
  readonly goOn: () => void;
  readonly back: (() => void) | undefined;
  readonly again: () => void;
}

/** The place where the walk stands as text, with the choices that its picture has. */
export function drawReading(player: SessionPlayer, actions: ReadingActions): HTMLElement {
  const { session, cache, view } = player;
  const { walk, node, world } = session;
  const texts =
    walk === undefined
      ? []
      : (clipsHere(world, walk)
          .map((name) => textsOf(cache.view(name)))
          .find((each) => each.length > 0) ?? []);
  const shown = node !== undefined && isShown(node);
  const paragraphs = texts.map((text) => make('p', storyWords(), text));
  if (shown && texts.length === 0) paragraphs.push(make('p', { class: 'hint' }, words.making));
  if (!shown) paragraphs.push(make('p', {}, words.theEnd));
  const offer = player.offer();
  const goesOn = shown && walk !== undefined && atEnd(node, walk) === 'go-on';
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
