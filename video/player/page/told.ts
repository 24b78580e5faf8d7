import type { LogEntry } from '../../story/engine/session.ts';
import { isShown } from '../../story/engine/graph.ts';
import { clipName, type ClipView } from '../../story/engine/viewing.ts';
import { make, storyWords } from './dom.ts';
import { nodeOf, shownPlaces, type Walk, type World } from '../../story/engine/walk.ts';

/** The texts of a clip, each once, in order. */
export function textsOf(view: ClipView | undefined): readonly string[] {
  return [...new Set((view?.cues ?? []).map(({ text }) => text))];
}

/** The cue to show at a frame of a clip. */
export function cueAt(view: ClipView | undefined, frame: number): string | undefined {
  return view?.cues.find(({ fromFrame, toFrame }) => frame >= fromFrame && frame < toFrame)?.text;
}

/** What was shown at the places of a walk, in order. */
export function transcriptOf(
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

/** The label of the choice that a line of the log took. */
export function choiceTold(entry: LogEntry): string | undefined {
  return entry.event.type === 'choose' ? entry.says : undefined;
}

/** Shows a text over the picture, or none. */
export function drawCaption(captions: HTMLElement, text: string | undefined): void {
  captions.hidden = text === undefined;
  if (text !== undefined && captions.textContent !== text)
    captions.replaceChildren(make('span', storyWords(), text));
}
