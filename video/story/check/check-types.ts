import {
  leavesOf,
  member,
  sidesOf,
  type Condition,
  type Leaf,
  type Operand,
  type Value,
} from '../engine/condition.ts';
import { fits } from '../engine/take.ts';
import { choicesOf, longestAnswer, type Effect, type VariableDeclaration } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding, type Place } from './finding.ts';
import { storyConditions, type KnownVariable, type KnownVariables } from './known-variables.ts';

type Plain = 'boolean' | 'number' | 'text' | 'image' | 'unknown';

const plainOf = ({ type }: Pick<KnownVariable, 'type'>): Plain => (type === 'choice' ? 'text' : type);

const plainOfValue = (value: Value): Plain =>
  typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';

/** What is wrong with a declaration, or `undefined`. */
function describeDeclaration(declaration: VariableDeclaration): string | undefined {
  switch (declaration.type) {
    case 'boolean':
      return undefined;
    case 'number':
      return declaration.min <= declaration.max ? undefined : 'has a range that holds no number';
    case 'choice':
      return declaration.values.length > 0 ? undefined : 'has no values';
    case 'text':
      return declaration.maxLength >= 1 && declaration.maxLength <= longestAnswer
        ? undefined
        : `holds up to ${declaration.maxLength} characters; viewers write 1 to ${longestAnswer}`;
    default:
      return declaration satisfies never;
  }
}

/** Values of the wrong type, or that a variable cannot hold, and comparisons that can never be true. */
export function checkTypes({ story, segments }: Template, known: KnownVariables): readonly Finding[] {
  const found: Finding[] = [];
  const mistyped = (place: Place, message: string) =>
    found.push(finding('variable-mistyped', place, message));

  function checkCopy(place: Place, into: string, from: string): void {
    const [target, source] = [known.get(into), known.get(from)];
    if (target === undefined || source === undefined || source.type === 'unknown') return;
    if (plainOf(target) === plainOf(source)) return;
    mistyped(
      place,
      `Variable ${quote(into)} is a ${target.type} and takes its value from ${quote(from)}, a ${source.type}.`,
    );
  }

  for (const [name, declaration] of Object.entries(story.variables)) {
    const { initial } = declaration;
    const wrong = describeDeclaration(declaration);
    if (wrong !== undefined) mistyped({}, `Variable ${quote(name)} ${wrong}.`);
    if (typeof initial === 'object') checkCopy({}, name, initial.var);
    else if (initial !== undefined && !fits(declaration, initial)) {
      mistyped({}, `Variable ${quote(name)} cannot hold its initial value ${JSON.stringify(initial)}.`);
    }
  }

  function checkEffect(place: Place, effect: Effect): void {
    const name = 'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;
    const declaration = member(story.variables, name);
    if (declaration === undefined) return;
    if ('set' in effect) {
      if (typeof effect.to === 'object') checkCopy(place, name, effect.to.var);
      else if (!fits(declaration, effect.to)) {
        mistyped(
          place,
          `An effect sets ${quote(name)} to ${JSON.stringify(effect.to)}, which it cannot hold.`,
        );
      }
      return;
    }
    const wanted = 'add' in effect ? 'number' : 'boolean';
    if (declaration.type === wanted) return;
    mistyped(
      place,
      `An effect ${'add' in effect ? 'adds to' : 'toggles'} ${quote(name)}, which is a ${declaration.type}.`,
    );
  }

  for (const [node, each] of Object.entries(story.nodes)) {
    for (const { id, effects = [] } of choicesOf(each)) {
      for (const effect of effects) checkEffect({ node, choice: id }, effect);
    }
    if (each.type !== 'form') continue;
    const { variable, options = [], otherwise } = each.question;
    const declaration = member(story.variables, variable);
    if (declaration === undefined) continue;
    const answers = [...options.map(({ value }) => value), ...(otherwise === undefined ? [] : [otherwise])];
    for (const value of answers.filter((answer) => !fits(declaration, answer))) {
      mistyped(
        { node },
        `Form ${quote(node)} has an answer ${JSON.stringify(value)}, which ${quote(variable)} cannot hold.`,
      );
    }
  }

  const conditions: readonly {
    readonly place: Place;
    readonly where: string;
    readonly condition: Condition;
  }[] = [
    ...storyConditions(story).map(({ node, choice, condition }) => ({
      place: { node, choice },
      where: `A condition of node ${quote(node)}`,
      condition,
    })),
    ...Object.entries(segments).map(([name, condition]) => ({
      place: {},
      where: `Segment ${quote(name)}`,
      condition,
    })),
  ];
  for (const { place, where, condition } of conditions) {
    for (const why of leavesOf(condition).flatMap((leaf) => describeLeaf(leaf, known))) {
      mistyped(place, `${where} ${why}.`);
    }
  }
  return found;
}

interface Side {
  readonly type: Plain;
  readonly words: string;
  readonly values: readonly Value[] | undefined;
}

function sideOf(operand: Operand, known: KnownVariables): Side {
  if (typeof operand !== 'object') {
    return { type: plainOfValue(operand), words: JSON.stringify(operand), values: [operand] };
  }
  if ('visits' in operand)
    return { type: 'number', words: `the visits of ${quote(operand.visits)}`, values: undefined };
  const variable = known.get(operand.var);
  const type = variable === undefined ? 'unknown' : plainOf(variable);
  return { type, words: quote(operand.var), values: variable?.values };
}

/** Why a comparison can never be true, as predicates. */
function describeLeaf(leaf: Leaf, known: KnownVariables): readonly string[] {
  if ('present' in leaf || 'visited' in leaf) return [];
  const pairs: readonly (readonly [Operand, Operand])[] =
    'in' in leaf ? leaf.in[1].map((value) => [leaf.in[0], value]) : [sidesOf(leaf)];
  const ordered = 'lt' in leaf || 'lte' in leaf;
  return pairs.flatMap(([left, right]) => {
    const [a, b] = [sideOf(left, known), sideOf(right, known)];
    if (a.type === 'unknown' || b.type === 'unknown') return [];
    if (a.type !== b.type || a.type === 'image') {
      return [`compares ${a.words} with ${b.words}, which are never of one kind`];
    }
    if (ordered && a.type === 'boolean') return [`orders ${a.words} and ${b.words}, which have no order`];
    const apart =
      a.values !== undefined && b.values !== undefined && !a.values.some((each) => b.values?.includes(each));
    return !ordered && apart ? [`compares ${a.words} with ${b.words}, which is none of its values`] : [];
  });
}
