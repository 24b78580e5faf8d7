import { choicesOf, type Edges, type Story, type StoryNode } from '../engine/graph.ts';

/** A way from one node to another. */
export interface StoryEdge {
  readonly from: string;
  readonly to: string;
  /** The choice that leads there, or how it comes about without one. */
  readonly by: { readonly choice: string } | 'next' | 'detour' | 'return';
  /** Whether it is guarded. */
  readonly guarded: boolean;
}

const targets = (edges: Edges | undefined): readonly { readonly to: string; readonly guarded: boolean }[] =>
  edges === undefined
    ? []
    : typeof edges === 'string'
      ? [{ to: edges, guarded: false }]
      : edges.map(({ to, when }) => ({ to, guarded: when !== undefined }));

/** Names that a node's edges and choices lead to, unknown ones too. */
export function edgesFrom(from: string, node: StoryNode): readonly StoryEdge[] {
  const next = 'next' in node ? targets(node.next) : [];
  return [
    ...choicesOf(node).flatMap(({ id, to }) =>
      targets(to).map((each) => ({ from, ...each, by: { choice: id } })),
    ),
    ...(node.type === 'detour' ? [{ from, to: node.to, by: 'detour' as const, guarded: false }] : []),
    ...next.map((each) => ({ from, ...each, by: 'next' as const })),
  ];
}

/** Where a `return` may lead: to nodes whose choices come back, and to what follows detours. */
function returnTargets(story: Story): readonly string[] {
  return Object.entries(story.nodes).flatMap(([id, node]) =>
    node.type === 'detour'
      ? targets(node.next).map(({ to }) => to)
      : choicesOf(node).some(({ comesBack }) => comesBack === true)
        ? [id]
        : [],
  );
}

/** All ways of a story that lead to a node that exists. A return may lead to every place of its kind. */
export function storyEdges(story: Story): readonly StoryEdge[] {
  const back = returnTargets(story);
  const edges = Object.entries(story.nodes).flatMap(([id, node]) => [
    ...edgesFrom(id, node),
    ...(node.type === 'return'
      ? back.map((to) => ({ from: id, to, by: 'return' as const, guarded: true }))
      : []),
  ]);
  return edges.filter(({ to }) => Object.hasOwn(story.nodes, to));
}

/** All that can be reached from some nodes, these included. */
export function reach(
  from: Iterable<string>,
  edges: readonly { readonly from: string; readonly to: string }[],
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { from: source, to } of edges) {
    const known = next.get(source);
    if (known === undefined) next.set(source, [to]);
    else known.push(to);
  }
  const reached = new Set(from);
  // A set that grows while it is walked is walked to its end.
  for (const each of reached) for (const to of next.get(each) ?? []) reached.add(to);
  return reached;
}
