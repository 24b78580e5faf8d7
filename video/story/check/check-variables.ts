import type { Field } from '../../../data/record.ts';
import { member, variablesRead, type Value, leavesOf, type Condition } from '../engine/condition.ts';
import {
  choicesOf,
  viewsOf,
  type Effect,
  type Story,
  type VariableDeclaration,
  longestAnswer,
} from '../engine/graph.ts';
import { partsOf } from '../bind.ts';
import type { Template } from '../template.ts';
import { describeLeaf, plainOf } from './check-comparisons.ts';
import { finding, quote, type Finding, type NodeLocation } from './finding.ts';
import { storyConditions, type KnownVariables } from './known-variables.ts';
import { fits } from '../engine/take.ts';

/** A use of a variable in a story. */
interface VariableUse {
  readonly name: string;
  readonly location: NodeLocation;
  /** For messages, such as `A condition of node "menu"`. */
  readonly where: string;
}

const of = (node: string, choice?: string): string =>
  choice === undefined ? `node "${node}"` : `node "${node}", choice "${choice}"`;

/** The variable that an effect changes. */
const changedBy = (effect: Effect): string =>
  'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;

/** Every read of a variable. */
function variableReads(story: Story): readonly VariableUse[] {
  const reads: VariableUse[] = storyConditions(story).flatMap(({ node, choice, condition }) =>
    [...variablesRead(condition)].map((name) => ({
      name,
      location: { node, choice },
      where: `A condition of ${of(node, choice)}`,
    })),
  );
  for (const [name, { initial }] of Object.entries(story.variables)) {
    if (typeof initial !== 'object') continue;
    reads.push({ name: initial.var, location: {}, where: `The initial value of variable "${name}"` });
  }
  for (const [node, each] of Object.entries(story.nodes)) {
    const bindings = viewsOf(story, node).flatMap(({ inputs }) => Object.entries(inputs));
    if (each.type === 'cta') bindings.push(...Object.entries(each.link.query ?? {}));
    for (const [input, binding] of bindings) {
      if (!('var' in binding)) continue;
      reads.push({ name: binding.var, location: { node }, where: `Input "${input}" of ${of(node)}` });
    }
    for (const { id, effects = [] } of choicesOf(each)) {
      for (const effect of effects) {
        if (!('set' in effect) || typeof effect.to !== 'object') continue;
        reads.push({
          name: effect.to.var,
          location: { node, choice: id },
          where: `An effect of ${of(node, id)}`,
        });
      }
    }
  }
  return reads;
}

/** Every write of a variable. */
function variableWrites(story: Story): readonly VariableUse[] {
  return Object.entries(story.nodes).flatMap(([node, each]) => [
    ...choicesOf(each).flatMap(({ id, effects = [] }) =>
      effects.map((effect) => ({
        name: changedBy(effect),
        location: { node, choice: id },
        where: `An effect of ${of(node, id)}`,
      })),
    ),
    ...(each.type === 'form'
      ? [{ name: each.question.variable, location: { node }, where: `The question of ${of(node)}` }]
      : []),
  ]);
}

/** Inputs that are bound to a part that an item or an object does not have. */
function unknownParts(template: Template): readonly Finding[] {
  const { story } = template;
  return Object.keys(story.nodes).flatMap((node) =>
    viewsOf(story, node).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([input, binding]) => {
        if (!('var' in binding) || binding.item === undefined) return [];
        const parts = partsOf(template, binding.var);
        if (parts === undefined || Object.hasOwn(parts, binding.item)) return [];
        const what = `${quote(binding.item)}, which ${quote(binding.var)} does not have`;
        return [finding('variable-undefined', { node }, `Input "${input}" of ${of(node)} names ${what}.`)];
      }),
    ),
  );
}

/** Variables that nothing declares, that nothing sets, or that a story may not set. */
export function checkVariables(template: Template, known: KnownVariables): readonly Finding[] {
  const { story, segments } = template;
  const reads = variableReads(story);
  const writes = variableWrites(story);
  const isReadOnly = (name: string): boolean => {
    const declaration = member(story.variables, name);
    return declaration === undefined ? known.has(name) : declaration.source === 'record';
  };
  const declaresNothing = ({ name }: VariableUse): boolean =>
    !known.has(name) && member(story.variables, name)?.source !== 'record';

  const undefinedOnes = [...reads, ...writes].filter(declaresNothing).map(({ name, location, where }) => {
    return finding(
      'variable-undefined',
      location,
      `${where} names variable ${quote(name)}, which nothing declares.`,
    );
  });
  const claimed = Object.entries(story.variables)
    .filter(([name, { source }]) => source === 'record' && known.get(name)?.owner !== 'record')
    .map(([name]) => {
      const message = `Variable ${quote(name)} is declared with source \`record\`, but the record has no field of that name.`;
      return finding('variable-undefined', {}, message);
    });
  const readOnly = writes
    .filter(({ name }) => isReadOnly(name))
    .map(({ name, location, where }) =>
      finding('write-to-read-only', location, `${where} sets ${quote(name)}, which belongs to the record.`),
    );

  const written = new Set(writes.map(({ name }) => name));
  const used = new Set(reads.map(({ name }) => name));
  const neverSet = Object.entries(story.variables).flatMap(([name, { source, initial }]) => {
    if (source === 'record' || initial !== undefined || written.has(name) || !used.has(name)) return [];
    return [finding('variable-never-set', {}, `Variable ${quote(name)} is read, but nothing sets it.`)];
  });
  const bySegments = Object.entries(segments).flatMap(([segment, condition]) =>
    [...variablesRead(condition)]
      .filter((name) => known.get(name)?.owner !== 'record' && known.get(name)?.owner !== 'fact')
      .map((name) => {
        const message = `Segment ${quote(segment)} names variable ${quote(name)}, which is neither a field nor a fact.`;
        return finding('variable-undefined', {}, message);
      }),
  );
  return [...undefinedOnes, ...unknownParts(template), ...claimed, ...bySegments, ...readOnly, ...neverSet];
}

/** Extreme values of a variable: those most likely to be refused by a field. */
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

const takes = (field: Field, value: Value): boolean => field.parse(value).ok;

/** Variables that change the customer's record: whether the field accepts them, and what viewers consent to. */
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
      const message = `Variable ${quote(name)} is written back, but its \`purpose\` is empty.`;
      found.push(finding('write-back-without-purpose', {}, message));
    }
    if (label.trim() === '') {
      const message = `Variable ${quote(name)} is written back, but has no label for viewers.`;
      found.push(finding('label-missing', {}, message));
    }
    return found;
  });
}

/** What is wrong with a declaration, or `undefined`. */
function describeDeclaration(declaration: VariableDeclaration): string | undefined {
  switch (declaration.type) {
    case 'boolean':
      return undefined;
    case 'number':
      return declaration.min <= declaration.max ? undefined : 'has a range without numbers';
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
  const mistyped = (location: NodeLocation, message: string) =>
    found.push(finding('variable-mistyped', location, message));

  function checkCopy(location: NodeLocation, into: string, from: string): void {
    const [target, source] = [known.get(into), known.get(from)];
    if (target === undefined || source === undefined || source.type === 'unknown') return;
    if (plainOf(target) === plainOf(source)) return;
    mistyped(
      location,
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

  function checkEffect(location: NodeLocation, effect: Effect): void {
    const name = 'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;
    const declaration = member(story.variables, name);
    if (declaration === undefined) return;
    if ('set' in effect) {
      if (typeof effect.to === 'object') checkCopy(location, name, effect.to.var);
      else if (!fits(declaration, effect.to)) {
        mistyped(
          location,
          `An effect sets ${quote(name)} to ${JSON.stringify(effect.to)}, which it cannot hold.`,
        );
      }
      return;
    }
    const wanted = 'add' in effect ? 'number' : 'boolean';
    if (declaration.type === wanted) return;
    mistyped(
      location,
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
    readonly location: NodeLocation;
    readonly where: string;
    readonly condition: Condition;
  }[] = [
    ...storyConditions(story).map(({ node, choice, condition }) => ({
      location: { node, choice },
      where: `A condition of node ${quote(node)}`,
      condition,
    })),
    ...Object.entries(segments).map(([name, condition]) => ({
      location: {},
      where: `Segment ${quote(name)}`,
      condition,
    })),
  ];
  for (const { location, where, condition } of conditions) {
    for (const why of leavesOf(condition).flatMap((leaf) => describeLeaf(leaf, known))) {
      mistyped(location, `${where} ${why}.`);
    }
  }
  return found;
}
