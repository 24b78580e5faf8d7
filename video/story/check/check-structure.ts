import { choicesOf, type Edges, type Story, type StoryNode, hasView } from '../engine/graph.ts';
import { personalVariables } from '../bind.ts';
import { member, nodesCounted } from '../engine/condition.ts';
import { isAllowedLink } from '../engine/state.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';
import { storyConditions } from './known-variables.ts';

/** An edge from one node to another. */
export interface StoryEdge {
  readonly from: string;
  readonly to: string;
  /** The choice that takes the edge, or its kind. */
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

/** The edges of a node, including those to unknown names. */
function edgesFrom(from: string, node: StoryNode): readonly StoryEdge[] {
  const next = 'next' in node ? targets(node.next) : [];
  return [
    ...choicesOf(node).flatMap(({ id, to }) =>
      targets(to).map((each) => ({ from, ...each, by: { choice: id } })),
    ),
    ...(node.type === 'detour' ? [{ from, to: node.to, by: 'detour' as const, guarded: false }] : []),
    ...next.map((each) => ({ from, ...each, by: 'next' as const })),
  ];
}

/** Possible targets of a `return`: nodes whose choices come back, and what follows detours. */
function returnTargets(story: Story): readonly string[] {
  return Object.entries(story.nodes).flatMap(([id, node]) =>
    node.type === 'detour'
      ? targets(node.next).map(({ to }) => to)
      : choicesOf(node).some(({ comesBack }) => comesBack === true)
        ? [id]
        : [],
  );
}

/** All edges of a story to nodes that exist. A `return` counts as leading to every possible target. */
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

/** All nodes that can be reached from some nodes, including these. */
function reach(
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
  // Iterating a set also visits what is added meanwhile.
  for (const each of reached) for (const to of next.get(each) ?? []) reached.add(to);
  return reached;
}

const isBlank = (name: string): boolean => name.trim() === '';

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function checkChoices(node: string, of: StoryNode): readonly Finding[] {
  const ids = choicesOf(of).map(({ id }) => id);
  const found = [
    ...ids.flatMap((id, index) =>
      isBlank(id)
        ? [finding('id-missing', { node }, `Choice ${index + 1} of node ${quote(node)} has no name.`)]
        : [],
    ),
    ...repeated(ids).map((id) =>
      finding('id-duplicate', { node, choice: id }, `Node ${quote(node)} has two choices ${quote(id)}.`),
    ),
  ];
  if (!hasView(of) || of.type === 'form') return found;
  const { decision, hotspots = [] } = of;
  const byDefault = decision?.default;
  const named = [
    ...(typeof byDefault === 'object' ? [['The default', byDefault.choice] as const] : []),
    ...hotspots.map(({ choice }, index) => [`Hotspot ${index + 1}`, choice] as const),
  ];
  const unknown = named.filter(([, choice]) => !ids.includes(choice));
  return [
    ...found,
    ...unknown.map(([what, choice]) => {
      const message = `${what} of node ${quote(node)} names choice ${quote(choice)}, which the node does not have.`;
      return finding('choice-unknown', { node, choice }, message);
    }),
  ];
}

/** Names that are missing, used twice, or unknown. */
export function checkNames({ story, record, facts, segments }: Template): readonly Finding[] {
  const taken = [record, facts, segments].flatMap((each) => Object.keys(each));
  const own = Object.entries(story.variables).filter(([, { source }]) => source !== 'record');
  const blank = [
    ...Object.keys(story.nodes)
      .filter(isBlank)
      .map((node) => finding('id-missing', { node }, 'A node has no name.')),
    ...Object.keys(story.variables)
      .filter(isBlank)
      .map(() => finding('id-missing', {}, 'A variable has no name.')),
  ];
  const hiding = own
    .filter(([name]) => taken.includes(name))
    .map(([name]) =>
      finding(
        'id-duplicate',
        {},
        `Variable ${quote(name)} has the name of a field, fact or segment of the record.`,
      ),
    );
  const counted = storyConditions(story).flatMap(({ node, choice, condition }) =>
    [...nodesCounted(condition)]
      .filter((name) => !Object.hasOwn(story.nodes, name))
      .map((name) => {
        const message = `A condition of node ${quote(node)} counts visits of node ${quote(name)}, which the story does not have.`;
        return finding('node-unknown', { node, choice }, message);
      }),
  );
  const choices = Object.entries(story.nodes).flatMap(([node, of]) => checkChoices(node, of));
  return [...blank, ...hiding, ...counted, ...choices];
}

/** Whether a story continues from a node without a decision. */
const continuesAlone = (node: StoryNode): boolean =>
  node.type !== 'hub' && node.type !== 'form' && choicesOf(node).length === 0;

/** Whether a guard may end a loop: it counts visits, and only visits change in a loop without decisions. */
function countsVisits(story: Story, { from, to, guarded }: StoryEdge): boolean {
  const node = story.nodes[from];
  if (!guarded || node === undefined || !('next' in node)) return false;
  if (node.next === undefined || typeof node.next === 'string') return false;
  const conditions = node.next.flatMap(({ when }) => when ?? []);
  return conditions.some((when) => nodesCounted(when).size > 0) && Object.hasOwn(story.nodes, to);
}

/** Nodes without an edge that can be taken. */
function findDeadEnds(story: Story, reached: ReadonlySet<string>): readonly Finding[] {
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!reached.has(id) || node.type === 'end' || node.type === 'return') return [];
    if (edgesFrom(id, node).length === 0) {
      return [finding('dead-end', { node: id }, `Node ${quote(id)} has no next node.`)];
    }
    if (!hasView(node) || node.type === 'form' || node.next !== undefined) return [];
    const { locksAtFrame, default: byDefault } = node.decision ?? {};
    if (locksAtFrame === undefined || byDefault !== undefined) return [];
    const message = `The choices of node ${quote(id)} lock, and a viewer who took none has no next node.`;
    return [finding('dead-end', { node: id }, message)];
  });
}

/** Unknown targets, nodes that cannot be reached or left, and loops without a decision. */
export function checkStructure(story: Story): readonly Finding[] {
  const nodes = Object.entries(story.nodes);
  const edges = storyEdges(story);
  const reached = reach(Object.hasOwn(story.nodes, story.start) ? [story.start] : [], edges);
  const ends = nodes.flatMap(([id, { type }]) => (type === 'end' ? [id] : []));
  const ending = reach(
    ends,
    edges.map(({ from, to }) => ({ from: to, to: from })),
  );
  const found: Finding[] = [];

  if (!Object.hasOwn(story.nodes, story.start)) {
    found.push(
      finding('node-unknown', {}, `The story starts at node ${quote(story.start)}, which it does not have.`),
    );
  }
  for (const [id, node] of nodes) {
    for (const { to, by } of edgesFrom(id, node)) {
      if (Object.hasOwn(story.nodes, to)) continue;
      const choice = typeof by === 'object' ? by.choice : undefined;
      const message = `Node ${quote(id)} leads to node ${quote(to)}, which the story does not have.`;
      found.push(finding('node-unknown', { node: id, choice }, message));
    }
    if (!reached.has(id)) {
      found.push(finding('node-unreachable', { node: id }, `Nothing leads to node ${quote(id)}.`));
    }
  }
  found.push(...findDeadEnds(story, reached));

  const trapped = [...reached].filter(
    (id) =>
      !ending.has(id) &&
      edgesFrom(id, story.nodes[id] ?? { type: 'end' }).some(({ to }) => Object.hasOwn(story.nodes, to)),
  );
  const [first] = trapped;
  if (first !== undefined) {
    const message = `No path leads from node ${quote(first)} to an end${others(trapped.slice(1))}.`;
    found.push(finding('end-unreachable', { node: first }, message));
  }

  const alone = edges.filter(
    (edge) =>
      reached.has(edge.from) &&
      edge.by !== 'return' &&
      continuesAlone(story.nodes[edge.from] ?? { type: 'end' }) &&
      !countsVisits(story, edge),
  );
  const circles = new Set<string>();
  for (const { from } of alone) {
    if (circles.has(from)) continue;
    const after = reach(
      alone.flatMap((edge) => (edge.from === from ? [edge.to] : [])),
      alone,
    );
    if (!after.has(from)) continue;
    for (const each of after) if (reach([each], alone).has(from)) circles.add(each);
    const message = `The story returns to node ${quote(from)} without a decision of the viewer.`;
    found.push(finding('loop-without-viewer', { node: from }, message));
  }
  return found;
}

const others = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `, nor from ${names.slice(0, 5).map(quote).join(', ')}${names.length > 5 ? ', …' : ''}`;

/** Links to addresses that the story does not allow, and links with personal variables. */
export function checkLinks(template: Template): readonly Finding[] {
  const { story } = template;
  const personal = personalVariables(template);
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (node.type !== 'cta') return [];
    const { to, field, query = {} } = node.link;
    const isField = field === undefined || member(template.record, field)?.kind === 'link';
    const carried = Object.values(query).flatMap((each) =>
      'var' in each && personal.has(each.var) ? [each.var] : [],
    );
    return [
      ...(isAllowedLink(story.links, to)
        ? []
        : [
            finding(
              'link-not-allowed',
              { node: id },
              `The link of node ${quote(id)} leads to ${to}, which is not allowed.`,
            ),
          ]),
      ...(isField
        ? []
        : [
            finding(
              'link-not-allowed',
              { node: id },
              `The link of node ${quote(id)} reads ${quote(field)}, which is no record field of kind "link".`,
            ),
          ]),
      ...carried.map((name) =>
        finding(
          'personal-in-link',
          { node: id },
          `The link of node ${quote(id)} carries ${quote(name)}, which is personal.`,
        ),
      ),
    ];
  });
}
