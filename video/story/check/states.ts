import { member, nodesCounted, variablesRead } from '../engine/condition.ts';
import { choicesOf, isShown, type Picture, type Story } from '../engine/graph.ts';
import { choiceName, type Walk } from '../engine/walk.ts';
import { comparedConstants, storyConditions } from './known-variables.ts';

/** Pictures of a node: its own and the one that stands in for it. */
export function picturesOf(story: Story, id: string): readonly Picture[] {
  const node = member(story.nodes, id);
  if (node === undefined || !isShown(node)) return [];
  return node.generic === undefined ? [node] : [node, node.generic];
}

/** Names of the variables that a node's pictures read. */
export const variablesShown = (story: Story, id: string): readonly string[] =>
  picturesOf(story, id).flatMap(({ inputs }) =>
    Object.values(inputs).flatMap((binding) => ('var' in binding ? [binding.var] : [])),
  );

/** Visits are told apart up to one more than any constant that they are compared with. */
function visitCaps(story: Story): ReadonlyMap<string, number> {
  const conditions = storyConditions(story).map(({ condition }) => condition);
  const counted = new Set(conditions.flatMap((each) => [...nodesCounted(each)]));
  return new Map(
    [...counted].map((visits) => {
      const constants = comparedConstants(conditions, { visits }).filter((each) => typeof each === 'number');
      return [visits, Math.ceil(Math.max(1, ...constants)) + 1] as const;
    }),
  );
}

/** What tells states of a story apart; everything else about a walk changes nothing that comes. */
export interface Distinctions {
  readonly variables: readonly string[];
  readonly visits: ReadonlyMap<string, number>;
  readonly once: ReadonlySet<string>;
}

/** What a story tells states apart by. */
export function distinctionsOf(story: Story): Distinctions {
  const nodes = Object.entries(story.nodes);
  const choices = nodes.flatMap(([node, of]) => choicesOf(of).map((choice) => ({ node, choice })));
  const read = new Set([
    ...storyConditions(story).flatMap(({ condition }) => [...variablesRead(condition)]),
    ...nodes.flatMap(([id]) => variablesShown(story, id)),
    ...choices.flatMap(({ choice: { effects = [] } }) =>
      effects.flatMap((each) => ('set' in each && typeof each.to === 'object' ? [each.to.var] : [])),
    ),
  ]);
  return {
    variables: Object.keys(story.variables).filter((name) => read.has(name)),
    visits: visitCaps(story),
    once: new Set(
      choices.flatMap(({ node, choice: { id, once } }) => (once === true ? [choiceName(node, id)] : [])),
    ),
  };
}

/** A walk without what changes nothing that comes. */
export function essence(walk: Walk, { visits, once }: Distinctions): Walk {
  const counts: Record<string, number> = {};
  for (const [node, most] of visits) counts[node] = Math.min(most, member(walk.visits, node) ?? 0);
  const taken: Record<string, number> = {};
  for (const name of once) if ((member(walk.taken, name) ?? 0) > 0) taken[name] = 1;
  return { ...walk, visits: counts, taken, trail: undefined, arrival: undefined, decided: undefined };
}

/** A name that equal states have in common. */
export function nameState(
  { node, variables, visits, taken, returns, pick, waiting }: Walk,
  of: Distinctions,
): string {
  const values = of.variables.map((name) => member(variables, name) ?? null);
  const stack = returns.join('\n');
  return JSON.stringify([node, values, Object.values(visits), Object.keys(taken), stack, pick, waiting]);
}
