import { isPersonalBinding } from '../bind.ts';
import { readBinding, viewsFor } from '../each.ts';
import { member } from '../engine/condition.ts';
import { hasView, viewsOf, type Story, type StoryNode } from '../engine/graph.ts';
import { ownVariablesRead } from '../engine/viewer-protocol.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';
import { storyEdges, type StoryEdge } from './check-structure.ts';

/** How many clips a node can need, before anything is rendered. */
export interface ClipCount {
  readonly node: string;
  readonly scene: string;
  readonly which: 'own' | 'generic';
  /** Whether the clips are about one person. */
  readonly personal: boolean;
  /** Whether they depend on what a viewer decides. */
  readonly justInTime: boolean;
  /** For one customer; `undefined` if answers are not limited. */
  readonly perCustomer: number | undefined;
  /** For all customers of the CSV, at most; `undefined` without one, or if answers are not limited. */
  readonly total: number | undefined;
}

/** How many values a variable of the story can take. */
function sizeOf(story: Story, name: string): number {
  const declaration = member(story.variables, name);
  switch (declaration?.type) {
    case 'boolean':
      return 2;
    case 'choice':
      return declaration.values.length;
    case 'number':
      return declaration.integer === true ? declaration.max - declaration.min + 1 : Infinity;
    case 'text':
    case undefined:
      return Infinity;
    default:
      return declaration satisfies never;
  }
}

/** With more clips per node, rendering ahead does not pay and clips are hardly shared. */
const mostVariants = 500;

/** Counts clips, customer by customer. */
export interface ClipCounter {
  readonly add: (facts: Readonly<Record<string, unknown>>) => void;
  readonly counts: () => readonly ClipCount[];
}

/** Creates a counter of the clips that a template's nodes can need. */
export function createClipCounter(template: Template): ClipCounter {
  const { story } = template;
  const views = Object.keys(story.nodes).flatMap((node) =>
    viewsOf(story, node).map((view, index) => ({
      node,
      view,
      which: index === 0 ? ('own' as const) : ('generic' as const),
      distinct: new Set<string>(),
      own: ownVariablesRead(story, view.inputs),
      personal: Object.values(view.inputs).some((binding) => isPersonalBinding(template, binding)),
    })),
  );
  let customers = 0;
  return {
    add: (facts) => {
      customers += 1;
      for (const { node, view, own, distinct, personal: isPersonal } of views) {
        // Personal inputs are hardly ever equal, and remembering them would take memory for every customer.
        if (isPersonal) continue;
        for (const { inputs } of viewsFor(story, node, view, facts)) {
          const read = Object.values(inputs).filter(
            (binding) => 'var' in binding && !own.includes(binding.var),
          );
          distinct.add(JSON.stringify(read.map((binding) => readBinding(binding, facts) ?? null)));
        }
      }
    },
    counts: () =>
      views.map(({ node, view, which, distinct, own, personal: isPersonal }) => {
        const combinations = own.reduce((product, name) => product * sizeOf(story, name), 1);
        const perCustomer = Number.isFinite(combinations) ? combinations : undefined;
        const records = isPersonal ? customers : distinct.size;
        const total = customers === 0 || perCustomer === undefined ? undefined : records * perCustomer;
        return {
          node,
          scene: view.scene,
          which,
          personal: isPersonal,
          justInTime: own.length > 0,
          perCustomer,
          total,
        };
      }),
  };
}

/** Nodes that can need too many clips: for one customer, or shared ones for all. */
export function checkVariants(counts: readonly ClipCount[]): readonly Finding[] {
  return counts.flatMap(({ node, scene, personal, perCustomer, total }) => {
    if (perCustomer !== undefined && perCustomer > mostVariants) {
      const message = `Node ${quote(node)} can need ${perCustomer} clips of scene ${quote(scene)} for one customer.`;
      return [finding('variant-explosion', { node }, message)];
    }
    if (personal || total === undefined || total <= mostVariants) return [];
    const message = `Node ${quote(node)} can need ${total} clips of scene ${quote(scene)} that are not personal and shared by few.`;
    return [finding('variant-explosion', { node }, message)];
  });
}

/** Whether a node may be skipped: a hub without an enabled choice. */
const isPassable = (node: StoryNode): boolean =>
  node.type === 'hub' && node.choices.every(({ when, once }) => when !== undefined || once === true);

/** The nodes with a view that can come right before each node; the start is `undefined`. */
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
    // A `return` leads to what follows a detour.
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
      if (!hasView(node)) open.push(...(out.get(to) ?? []).map((edge) => edge.to));
      else if (isPassable(node)) open.push(...nextOf(to));
    }
  };
  const nextOf = (id: string): readonly string[] =>
    (out.get(id) ?? []).flatMap(({ to, by }) => (by === 'next' ? [to] : []));
  spread([story.start], undefined);
  for (const [id, node] of Object.entries(story.nodes)) {
    if (hasView(node))
      spread(
        (out.get(id) ?? []).map(({ to }) => to),
        id,
      );
  }
  return into;
}

/** Nodes whose clip is rendered on demand, with nothing to show in the meantime. */
export function checkAnswers(story: Story): readonly Finding[] {
  const before = shownBefore(story);
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!hasView(node)) return [];
    const read = ownVariablesRead(story, node.inputs);
    const inGeneric = ownVariablesRead(story, node.generic?.inputs ?? {});
    if (inGeneric.length > 0) {
      const message = `The generic view of node ${quote(id)} reads ${inGeneric.map(quote).join(', ')}, which the viewer decides.`;
      return [finding('no-generic-clip', { node: id }, message)];
    }
    if (read.length === 0 || node.generic !== undefined) return [];
    const others = [...(before.get(id) ?? [])].filter(
      (from) => from === undefined || story.nodes[from]?.type !== 'hub',
    );
    const [first] = others;
    if (others.length === 0) return [];
    const from = first === undefined ? 'the start' : `node ${quote(first)}`;
    const message = `Node ${quote(id)} reads ${read.map(quote).join(', ')}, has no generic view, and can follow ${from}, which is not a hub.`;
    return [finding('no-generic-clip', { node: id }, message)];
  });
}

/** The parameters of a stored clip that joining by stream copy depends on. */
export interface ClipProbe {
  readonly scene: string;
  /** Clips of one group are joined with each other: one format at one quality. */
  readonly group: string;
  /** By name, such as `codec`, `profile`, `pixels`, `size`, `frame rate`, `colour`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Highest frame rate that players and encoders support alike. */
const mostFps = 120;

/** The most frequent value of a parameter in a group. */
function usual(clips: readonly ClipProbe[], name: string): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const { parameters } of clips) counts.set(parameters[name], (counts.get(parameters[name]) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/**
 * Clips that cannot be joined with the others of their format, among those that are stored, and a frame rate
 * at which none can. Clips that are still to be rendered share their parameters by construction.
 */
export function checkJoining({ id, fps }: Template, clips: readonly ClipProbe[]): readonly Finding[] {
  const found: Finding[] = [];
  if (!Number.isInteger(fps) || fps < 1 || fps > mostFps) {
    const message = `Template ${quote(id)} has ${fps} frames per second; clips can be joined at whole rates from 1 to ${mostFps}.`;
    found.push(finding('joint-mismatch', {}, message));
  }
  const groups = new Map<string, ClipProbe[]>();
  for (const clip of clips) groups.set(clip.group, [...(groups.get(clip.group) ?? []), clip]);
  for (const [group, members] of groups) {
    const names = new Set(members.flatMap(({ parameters }) => Object.keys(parameters)));
    for (const name of names) {
      const wanted = usual(members, name);
      for (const { scene, parameters } of members.filter((clip) => clip.parameters[name] !== wanted)) {
        const message = `A stored clip of scene ${quote(scene)} (${group}) has ${name} ${parameters[name] ?? 'none'}, where others have ${wanted ?? 'none'}.`;
        found.push(finding('joint-mismatch', {}, message));
      }
    }
  }
  return found;
}
