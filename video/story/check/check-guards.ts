import { holds, type Condition } from '../engine/condition.ts';
import { choicesOf, type Edge, type Edges } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import { baseVariables, casesAt, describeCase, type Case } from './domains.ts';
import { finding, quote, type Finding, type Place } from './finding.ts';
import type { KnownVariables } from './known-variables.ts';

const holdsIn = ({ when }: Pick<Edge, 'when'>, { variables, visits }: Case): boolean =>
  when === undefined || holds(when, variables, visits);

/** Without knowing the cases: edges after an unconditional one, or after an equal condition. */
function shadowedAtSight(edges: readonly Edge[], index: number): boolean {
  const own = JSON.stringify(edges[index]?.when);
  return edges.slice(0, index).some(({ when }) => when === undefined || JSON.stringify(when) === own);
}

/** Guards that can all be false, that can never be first to hold, or never hold at all. */
export function checkGuards(template: Template, known: KnownVariables): readonly Finding[] {
  const { story, segments } = template;

  function checkEdges(place: Place & { readonly node: string }, edges: Edges): readonly Finding[] {
    if (typeof edges === 'string') return [];
    const conditions = edges.flatMap(({ when }) => when ?? []);
    const cases = casesAt(place.node, conditions, known, segments);
    const where =
      place.choice === undefined ? quote(place.node) : `${quote(place.node)}, choice ${quote(place.choice)}`;
    const found: Finding[] = [];
    const stuck = cases?.find((each) => !edges.some((edge) => holdsIn(edge, each)));
    if (edges.at(-1)?.when !== undefined && (cases === undefined || stuck !== undefined)) {
      const when = stuck === undefined ? 'in some case' : describeWhen(stuck, conditions);
      found.push(finding('no-fallback', place, `No edge of node ${where} can be taken ${when}.`));
    }
    edges.forEach((edge, index) => {
      const shadowed =
        cases === undefined
          ? shadowedAtSight(edges, index)
          : !cases.some((each) => edges.findIndex((one) => holdsIn(one, each)) === index);
      if (!shadowed) return;
      const message = `Edge ${index + 1} of node ${where}, to ${quote(edge.to)}, is never the first that holds.`;
      found.push(finding('guard-shadowed', place, message));
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
