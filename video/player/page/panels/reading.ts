import { isShown } from '../../../story/engine/graph.ts';
import { clipsHere } from '../../walk/clips-ahead.ts';
import { atEnd } from '../../walk/joint.ts';
import type { WalkPlayer } from '../../walk/walk-player.ts';
import { drawOffer, type TrayActions } from '../choice-tray.ts';
import { make, storyWords } from '../dom.ts';
import { textsOf } from '../told.ts';
import { words } from '../words.ts';

/** What a reader can do besides choosing. */
export interface ReadingActions extends TrayActions {
  readonly watch: () => void;
  readonly goOn: () => void;
  readonly back: (() => void) | undefined;
  readonly again: () => void;
}

/** The place where the walk stands as text, with the choices that its picture has. */
export function drawReading(player: WalkPlayer, actions: ReadingActions): HTMLElement {
  const { session, shelf, view } = player;
  const { walk, node, world } = session;
  const texts =
    walk === undefined
      ? []
      : (clipsHere(world, walk)
          .map((name) => textsOf(shelf.view(name)))
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
