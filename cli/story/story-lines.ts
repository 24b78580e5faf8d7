import { storyEdges } from '../../video/story/check/check-structure.ts';
import {
  choicesOf,
  hasView,
  type Edges,
  type Story,
  type StoryNode,
} from '../../video/story/engine/graph.ts';
import { wordCondition } from './word-condition.ts';

/** A way of a story as it is drawn. */
export interface StoryLine {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'choice' | 'detour' | 'return';
  /** What stands at it: the choice's label, then conditions. */
  readonly label: string;
  readonly guard: string;
}

function targets(edges: Edges | undefined): readonly { readonly to: string; readonly guard: string }[] {
  if (edges === undefined) return [];
  if (typeof edges === 'string') return [{ to: edges, guard: '' }];
  return edges.map(({ to, when }, index) => ({
    to,
    guard: when === undefined ? (index === 0 ? '' : 'else') : `if ${wordCondition(when)}`,
  }));
}

function linesFrom(from: string, node: StoryNode): readonly StoryLine[] {
  const byDefault = hasView(node) && node.type !== 'form' ? node.decision?.default : undefined;
  const chosen = choicesOf(node).flatMap(({ id, label, to, when, once, comesBack }, index) => {
    const isDefault =
      byDefault === 'first-enabled' ? index === 0 : typeof byDefault === 'object' && byDefault.choice === id;
    const notes = [
      ...(isDefault ? ['default'] : []),
      ...(once === true ? ['once'] : []),
      ...(comesBack === true ? ['comes back'] : []),
    ];
    const words = notes.length === 0 ? label : `${label} (${notes.join(', ')})`;
    const enabled = when === undefined ? '' : `if ${wordCondition(when)}`;
    return targets(to).map((each) => ({
      from,
      to: each.to,
      kind: 'choice' as const,
      label: words,
      guard: [enabled, each.guard].filter((guard) => guard !== '').join('; '),
    }));
  });
  const onwards = 'next' in node ? targets(node.next) : [];
  const silent = node.type === 'form' ? 'answered' : choicesOf(node).length > 0 ? 'no choice' : '';
  const after = node.type === 'detour' ? 'then' : silent;
  return [
    ...chosen,
    ...(node.type === 'detour' ? [{ from, to: node.to, kind: 'detour' as const, label: '', guard: '' }] : []),
    ...onwards.map(({ to, guard }) => ({ from, to, kind: 'next' as const, label: after, guard })),
  ];
}

/** Every way of a story; those that lead to nodes which it does not have are drawn too. */
export function storyLines(story: Story): readonly StoryLine[] {
  return [
    ...Object.entries(story.nodes).flatMap(([id, node]) => linesFrom(id, node)),
    ...storyEdges(story)
      .filter(({ by }) => by === 'return')
      .map(({ from, to }) => ({ from, to, kind: 'return' as const, label: '', guard: '' })),
  ];
}
