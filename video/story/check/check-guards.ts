import {
  holds,
  nodesCounted,
  variablesRead,
  type Condition,
  type Variables,
  type Visits,
} from '../engine/condition.ts';
import { choicesOf, type Edge, type Edges } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding, type NodeLocation } from './finding.ts';
import { comparedConstants, type KnownVariables, sampleValues } from './known-variables.ts';

/** A case: values of variables and visits of nodes that represent all cases with the same result. */
interface Case {
  readonly variables: Variables;
  readonly visits: Visits;
}

/** Variables that conditions depend on: those they read, and those that their segments read. */
function baseVariables(
  conditions: readonly Condition[],
  segments: Readonly<Record<string, Condition>>,
): ReadonlySet<string> {
  const read = new Set(conditions.flatMap((each) => [...variablesRead(each)]));
  return new Set(
    [...read].flatMap((name) => {
      const segment = Object.hasOwn(segments, name) ? segments[name] : undefined;
      return segment === undefined ? [name] : [...variablesRead(segment)];
    }),
  );
}

/** All combinations of one value for each name; `undefined` if there are more than `most`. */
function combinations(
  domains: Readonly<Record<string, readonly unknown[]>>,
  most: number,
): readonly Variables[] | undefined {
  const entries = Object.entries(domains);
  if (entries.reduce((product, [, values]) => product * values.length, 1) > most) return undefined;
  return entries.reduce<readonly Variables[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

/** A case's variables with the segments derived from them. */
function withSegments(variables: Variables, segments: Readonly<Record<string, Condition>>): Variables {
  const derived = Object.entries(segments).map(([name, when]) => [name, holds(when, variables)] as const);
  return { ...variables, ...Object.fromEntries(derived) };
}

const mostCases = 5_000;

/** All cases for the conditions at a node; `undefined` if there are too many. */
function casesAt(
  node: string,
  conditions: readonly Condition[],
  known: KnownVariables,
  segments: Readonly<Record<string, Condition>>,
): readonly Case[] | undefined {
  const all = [...conditions, ...Object.values(segments)];
  const domains: Record<string, readonly unknown[]> = {};
  for (const name of baseVariables(conditions, segments)) {
    const variable = known.get(name);
    domains[name] = variable === undefined ? [undefined] : sampleValues(variable, name, all);
  }
  const counted = new Set(conditions.flatMap((each) => [...nodesCounted(each)]));
  const visits: Record<string, readonly number[]> = {};
  for (const name of counted) {
    const constants = comparedConstants(conditions, { visits: name }).filter(
      (each) => typeof each === 'number',
    );
    const least = name === node ? 1 : 0;
    const near = [least, least + 1, ...constants.flatMap((each) => [each - 1, each, each + 1])];
    visits[name] = [...new Set(near)].filter((each) => each >= least && Number.isInteger(each));
  }
  const variables = combinations(domains, mostCases);
  const counts = combinations(visits, mostCases);
  if (variables === undefined || counts === undefined) return undefined;
  if (variables.length * counts.length > mostCases) return undefined;
  return variables.flatMap((each) =>
    counts.map((count) => ({ variables: withSegments(each, segments), visits: count as Visits })),
  );
}

/** A case in words, such as `plan is "Basic"`. */
function describeCase({ variables, visits }: Case, only: Iterable<string>): string {
  const words = [...only].map((name) => `${name} is ${JSON.stringify(variables[name]) ?? 'absent'}`);
  const counts = Object.entries(visits).map(([name, count]) => `${name} was visited ${count} times`);
  return [...words, ...counts].join(' and ') || 'nothing else is known';
}

const holdsIn = ({ when }: Pick<Edge, 'when'>, { variables, visits }: Case): boolean =>
  when === undefined || holds(when, variables, visits);

/** Found without cases: edges after an unconditional one, or after an equal condition. */
function shadowedAtSight(edges: readonly Edge[], index: number): boolean {
  const own = JSON.stringify(edges[index]?.when);
  return edges.slice(0, index).some(({ when }) => when === undefined || JSON.stringify(when) === own);
}

/** Guards that can all be false, that are never the first to hold, or that never hold. */
export function checkGuards(template: Template, known: KnownVariables): readonly Finding[] {
  const { story, segments } = template;

  function checkEdges(location: NodeLocation & { readonly node: string }, edges: Edges): readonly Finding[] {
    if (typeof edges === 'string') return [];
    const conditions = edges.flatMap(({ when }) => when ?? []);
    const cases = casesAt(location.node, conditions, known, segments);
    const where =
      location.choice === undefined
        ? quote(location.node)
        : `${quote(location.node)}, choice ${quote(location.choice)}`;
    const found: Finding[] = [];
    const stuck = cases?.find((each) => !edges.some((edge) => holdsIn(edge, each)));
    if (edges.at(-1)?.when !== undefined && (cases === undefined || stuck !== undefined)) {
      const when = stuck === undefined ? 'in some case' : describeWhen(stuck, conditions);
      found.push(finding('no-fallback', location, `No edge of node ${where} can be taken ${when}.`));
    }
    edges.forEach((edge, index) => {
      const shadowed =
        cases === undefined
          ? shadowedAtSight(edges, index)
          : !cases.some((each) => edges.findIndex((one) => holdsIn(one, each)) === index);
      if (!shadowed) return;
      const message = `Edge ${index + 1} of node ${where}, to ${quote(edge.to)}, is never the first that holds.`;
      found.push(finding('guard-shadowed', location, message));
    });
    return found;
  }

  const describeWhen = (each: Case, conditions: readonly Condition[]): string =>
    `when ${describeCase(each, baseVariables(conditions, segments))}`;

  return Object.entries(story.nodes).flatMap(([node, of]) => [
    ...('next' in of && of.next !== undefined ? checkEdges({ node }, of.next) : []),
    ...choicesOf(of).flatMap(({ id, when, to }) => {
      const found = checkEdges({ node, choice: id }, to);
      const cases = when === undefined ? undefined : casesAt(node, [when], known, segments);
      if (cases === undefined || cases.some((each) => holdsIn({ when }, each))) return found;
      const message = `Choice ${quote(id)} of node ${quote(node)} is never enabled: its condition cannot hold.`;
      return [...found, finding('choice-never-enabled', { node, choice: id }, message)];
    }),
  ]);
}
