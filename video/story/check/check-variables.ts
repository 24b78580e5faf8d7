import type { Field } from '../../../data/record.ts';
import { member, variablesRead, type Value } from '../engine/condition.ts';
import { choicesOf, type Effect, type Story, type VariableDeclaration } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding, type Place } from './finding.ts';
import { storyConditions, type KnownVariables } from './known-variables.ts';
import { picturesOf } from './states.ts';

/** Something that a story does with a variable. */
interface VariableUse {
  readonly name: string;
  readonly place: Place;
  /** In words, such as `a condition of node "menu"`. */
  readonly where: string;
}

const of = (node: string, choice?: string): string =>
  choice === undefined ? `node "${node}"` : `node "${node}", choice "${choice}"`;

/** The variable that an effect changes. */
const changedBy = (effect: Effect): string =>
  'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;

/** Every place where a story reads a variable. */
function variableReads(story: Story): readonly VariableUse[] {
  const reads: VariableUse[] = storyConditions(story).flatMap(({ node, choice, condition }) =>
    [...variablesRead(condition)].map((name) => ({
      name,
      place: { node, choice },
      where: `A condition of ${of(node, choice)}`,
    })),
  );
  for (const [name, { initial }] of Object.entries(story.variables)) {
    if (typeof initial !== 'object') continue;
    reads.push({ name: initial.var, place: {}, where: `The initial value of variable "${name}"` });
  }
  for (const [node, each] of Object.entries(story.nodes)) {
    const bindings = picturesOf(story, node).flatMap(({ inputs }) => Object.entries(inputs));
    if (each.type === 'cta') bindings.push(...Object.entries(each.link.query ?? {}));
    for (const [input, binding] of bindings) {
      if (!('var' in binding)) continue;
      reads.push({ name: binding.var, place: { node }, where: `Input "${input}" of ${of(node)}` });
    }
    for (const { id, effects = [] } of choicesOf(each)) {
      for (const effect of effects) {
        if (!('set' in effect) || typeof effect.to !== 'object') continue;
        reads.push({
          name: effect.to.var,
          place: { node, choice: id },
          where: `An effect of ${of(node, id)}`,
        });
      }
    }
  }
  return reads;
}

/** Every place where a story sets a variable. */
function variableWrites(story: Story): readonly VariableUse[] {
  return Object.entries(story.nodes).flatMap(([node, each]) => [
    ...choicesOf(each).flatMap(({ id, effects = [] }) =>
      effects.map((effect) => ({
        name: changedBy(effect),
        place: { node, choice: id },
        where: `An effect of ${of(node, id)}`,
      })),
    ),
    ...(each.type === 'form'
      ? [{ name: each.question.variable, place: { node }, where: `The question of ${of(node)}` }]
      : []),
  ]);
}

/** Variables that nothing declares, that nothing sets, or that a story may not set. */
export function checkVariables({ story, segments }: Template, known: KnownVariables): readonly Finding[] {
  const reads = variableReads(story);
  const writes = variableWrites(story);
  const isReadOnly = (name: string): boolean => {
    const declaration = member(story.variables, name);
    return declaration === undefined ? known.has(name) : declaration.source === 'record';
  };
  const declaresNothing = ({ name }: VariableUse): boolean =>
    !known.has(name) && member(story.variables, name)?.source !== 'record';

  const undefinedOnes = [...reads, ...writes].filter(declaresNothing).map(({ name, place, where }) => {
    return finding(
      'variable-undefined',
      place,
      `${where} names variable ${quote(name)}, which nothing declares.`,
    );
  });
  const claimed = Object.entries(story.variables)
    .filter(([name, { source }]) => source === 'record' && known.get(name)?.owner !== 'record')
    .map(([name]) => {
      const message = `Variable ${quote(name)} is said to come from the record, which has no such field.`;
      return finding('variable-undefined', {}, message);
    });
  const readOnly = writes
    .filter(({ name }) => isReadOnly(name))
    .map(({ name, place, where }) =>
      finding('write-to-read-only', place, `${where} sets ${quote(name)}, which belongs to the record.`),
    );

  const written = new Set(writes.map(({ name }) => name));
  const used = new Set(reads.map(({ name }) => name));
  const neverSet = Object.entries(story.variables).flatMap(([name, { source, initial }]) => {
    if (source === 'record' || initial !== undefined || written.has(name) || !used.has(name)) return [];
    return [finding('variable-never-set', {}, `Variable ${quote(name)} is read, and nothing ever sets it.`)];
  });
  const bySegments = Object.entries(segments).flatMap(([segment, condition]) =>
    [...variablesRead(condition)]
      .filter((name) => known.get(name)?.owner !== 'record' && known.get(name)?.owner !== 'fact')
      .map((name) => {
        const message = `Segment ${quote(segment)} names variable ${quote(name)}, which is no field and no fact.`;
        return finding('variable-undefined', {}, message);
      }),
  );
  return [...undefinedOnes, ...claimed, ...bySegments, ...readOnly, ...neverSet];
}

/** Values that a variable can hold of which each is least likely to fit elsewhere. */
function extremes(declaration: VariableDeclaration): readonly Value[] {
  switch (declaration.type) {
    case 'boolean':
      return [false, true];
    case 'number':
      return [
        declaration.min,
        declaration.max,
        ...(declaration.integer === true ? [] : [(declaration.min + declaration.max) / 2 + 0.01]),
      ];
    case 'choice':
      return declaration.values;
    case 'text':
      return ['A'.repeat(Math.max(1, declaration.maxLength))];
    default:
      return declaration satisfies never;
  }
}

const takes = (field: Field, value: Value): boolean => field.schema.safeParse(value).success;

/** Variables that are to change the customer's record: whether they can, and what the viewer is asked. */
export function checkWriteBack({ story, record }: Template): readonly Finding[] {
  return Object.entries(story.variables).flatMap(([name, declaration]) => {
    const { writeBack, source, label = '' } = declaration;
    if (typeof writeBack !== 'object') return [];
    const found: Finding[] = [];
    const field = member(record, writeBack.field);
    const refused = field === undefined ? [] : extremes(declaration).filter((value) => !takes(field, value));
    if (source === 'record' || field === undefined || refused.length > 0) {
      const why =
        source === 'record'
          ? 'comes from the record and cannot change'
          : field === undefined
            ? `is written back to field ${quote(writeBack.field)}, which the record does not have`
            : `is written back to field ${quote(writeBack.field)}, which refuses ${JSON.stringify(refused[0])}`;
      found.push(finding('write-back-invalid', {}, `Variable ${quote(name)} ${why}.`));
    }
    if (writeBack.purpose.trim() === '') {
      const message = `Variable ${quote(name)} is written back, and nothing says to what end.`;
      found.push(finding('write-back-without-purpose', {}, message));
    }
    if (label.trim() === '') {
      const message = `Variable ${quote(name)} is written back, and no label tells viewers what it is.`;
      found.push(finding('label-missing', {}, message));
    }
    return found;
  });
}
