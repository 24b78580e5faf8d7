import { isShown, type Story, type StoryNode } from '../engine/graph.ts';
import { ownVariablesRead } from '../engine/viewing.ts';
import { finding, quote, type Finding } from './finding.ts';
import { storyEdges, type StoryEdge } from './story-edges.ts';

/** Whether a walk may pass a node without showing it: a hub of which no choice is enabled. */
const isPassable = (node: StoryNode): boolean =>
  node.type === 'hub' && node.choices.every(({ when, once }) => when !== undefined || once === true);

/** Nodes with a picture from which a walk comes to each node; the start is `undefined`. */
function shownBefore(story: Story): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const into = new Map<string, Set<string | undefined>>();
  const add = (to: string, from: string | undefined): boolean => {
    const known = into.get(to) ?? new Set();
    into.set(to, known);
    if (known.has(from)) return false;
    known.add(from);
    return true;
  };
  const out = new Map<string, StoryEdge[]>();
  for (const edge of storyEdges(story)) {
    // What follows a detour is come to by a return.
    if (edge.by === 'next' && story.nodes[edge.from]?.type === 'detour') continue;
    const known = out.get(edge.from);
    if (known === undefined) out.set(edge.from, [edge]);
    else known.push(edge);
  }
  const spread = (first: readonly string[], from: string | undefined): void => {
    const open = [...first];
    for (const to of open) {
      const node = story.nodes[to];
      if (!add(to, from) || node === undefined) continue;
      if (!isShown(node)) open.push(...(out.get(to) ?? []).map((edge) => edge.to));
      else if (isPassable(node)) open.push(...nextOf(to));
    }
  };
  const nextOf = (id: string): readonly string[] =>
    (out.get(id) ?? []).flatMap(({ to, by }) => (by === 'next' ? [to] : []));
  spread([story.start], undefined);
  for (const [id, node] of Object.entries(story.nodes)) {
    if (isShown(node))
      spread(
        (out.get(id) ?? []).map(({ to }) => to),
        id,
      );
  }
  return into;
}

/** Places whose clip is rendered while the viewer watches, where nothing is there to watch meanwhile. */
export function checkAnswers(story: Story): readonly Finding[] {
  const before = shownBefore(story);
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!isShown(node)) return [];
    const read = ownVariablesRead(story, node.inputs);
    const inGeneric = ownVariablesRead(story, node.generic?.inputs ?? {});
    if (inGeneric.length > 0) {
      const message = `The generic picture of node ${quote(id)} reads ${inGeneric.map(quote).join(', ')}, which the viewer decides.`;
      return [finding('no-generic-clip', { node: id }, message)];
    }
    if (read.length === 0 || node.generic !== undefined) return [];
    const others = [...(before.get(id) ?? [])].filter(
      (from) => from === undefined || story.nodes[from]?.type !== 'hub',
    );
    const [first] = others;
    if (others.length === 0) return [];
    const from = first === undefined ? 'the start' : `node ${quote(first)}`;
    const message = `Node ${quote(id)} reads ${read.map(quote).join(', ')}, has no generic picture, and can follow ${from}, which is no hub.`;
    return [finding('no-generic-clip', { node: id }, message)];
  });
}
