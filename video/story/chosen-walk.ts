import { findNearest } from '../../data/values/parse-choice.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Walker } from './bind.ts';
import { checkAnswer, type AnswerProblem, leaveByChoice, leaveForm } from './engine/take.ts';
import { member, type Value } from './engine/condition.ts';
import {
  choicesOf,
  type Choice,
  type FormNode,
  type ShownNode,
  type Story,
  type VariableDeclaration,
} from './engine/graph.ts';
import { walkStory } from './engine/look-ahead.ts';
import { enabledChoices, isEnabled, nodeOf, type Walk, type World } from './engine/walk.ts';

const refuse = (message: string): BespokeError => new BespokeError('path-invalid', message);

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'Nothing can be chosen there.' : `It takes ${names.join(', ')}.`;

/** The node and the decision of a step such as `ask=12`; `undefined` for a choice alone. */
function addressOf(step: string): { readonly node: string; readonly decision: string } | undefined {
  const at = step.indexOf('=');
  return at < 0 ? undefined : { node: step.slice(0, at), decision: step.slice(at + 1) };
}

/** @throws BespokeError `path-invalid` where a step names a node that the story does not have. */
function checkAddresses({ nodes }: Story, steps: readonly string[]): void {
  const choices = new Set(Object.values(nodes).flatMap((node) => choicesOf(node).map(({ id }) => id)));
  for (const step of steps) {
    const address = addressOf(step);
    if (address === undefined || choices.has(step) || Object.hasOwn(nodes, address.node)) continue;
    const nearest = findNearest(address.node, Object.keys(nodes));
    const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
    throw refuse(`Step "${step}" of the path: the story has no node "${address.node}".${guess}`);
  }
}

function takeChoice(world: World, walk: Walk, node: ShownNode, name: string): Walk {
  const known: readonly Choice[] = choicesOf(node);
  const choice = known.find(({ id }) => id === name);
  const enabled = enabledChoices(world, walk).map(({ id }) => id);
  if (choice !== undefined && isEnabled(world, walk, walk.node, choice)) {
    return leaveByChoice(world, walk, choice);
  }
  const why = choice === undefined ? 'is no choice there' : 'is not enabled there for this record';
  const nearest = choice === undefined ? findNearest(name, enabled) : undefined;
  const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw refuse(`At node "${walk.node}" the path takes "${name}", which ${why}.${guess} ${listed(enabled)}`);
}

/** What an answer's text means to the variable that it goes into. */
function readAnswer({ type }: VariableDeclaration, text: string): Value {
  if (type === 'number' && text.trim() !== '') return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function describeAnswers(declaration: VariableDeclaration): string {
  switch (declaration.type) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return declaration.values.join(', ');
    case 'number':
      return `${declaration.integer === true ? 'a whole number' : 'a number'} from ${declaration.min} to ${declaration.max}`;
    case 'text':
      return `up to ${declaration.maxLength} characters`;
    default:
      return declaration satisfies never;
  }
}

const problems: Readonly<Record<AnswerProblem, string>> = {
  'wrong-type': 'is no such answer',
  'not-an-option': 'is none of its answers',
  'out-of-range': 'is out of range',
  'not-whole': 'is not a whole number',
  empty: 'is empty',
  'too-long': 'is too long',
  'not-drawable': 'holds a character that the template cannot draw',
};

function answerForm(world: World, walk: Walk, node: FormNode, text: string): Walk {
  const { variable, optional, otherwise } = node.question;
  const declaration = member(world.story.variables, variable);
  if (declaration === undefined) throw new Error(`The story has no variable "${variable}".`);
  const takes = `It takes ${describeAnswers(declaration)}${optional === true ? ', or nothing' : ''}.`;
  if (text === '' && optional === true) return leaveForm(world, walk, node, otherwise);
  const checked = checkAnswer(declaration, readAnswer(declaration, text), world.covers);
  if (checked.ok) return leaveForm(world, walk, node, checked.value);
  // What somebody answered may be personal and is not repeated.
  throw refuse(`At form "${walk.node}" the path gives an answer that ${problems[checked.problem]}. ${takes}`);
}

/** What the next step does at a node; `undefined` where the step is meant for a later one. */
function takeStep(world: World, walk: Walk, node: ShownNode, step: string): Walk | undefined {
  const address = addressOf(step);
  const isChoice = choicesOf(node).some(({ id }) => id === step);
  if (address !== undefined && !isChoice) {
    if (address.node !== walk.node) return undefined;
    return node.type === 'form'
      ? answerForm(world, walk, node, address.decision)
      : takeChoice(world, walk, node, address.decision);
  }
  // A place where nothing can be chosen asks nobody.
  return enabledChoices(world, walk).length === 0 ? undefined : takeChoice(world, walk, node, step);
}

/**
 * A walker that takes the steps of a path in order. A choice's id is taken at the next place with choices;
 * `node=choice` and `node=answer` at the next visit of that node, `node=` leaves a form unanswered.
 * Everywhere else the viewer only watches.
 *
 * @returns a walker that throws a BespokeError `path-invalid` where a step cannot be taken.
 */
export function chosenWalk(steps: readonly string[]): Walker {
  return (world) => {
    checkAddresses(world.story, steps);
    let taken = 0;
    const walk = walkStory(world, (at, node) => {
      const step = steps[taken];
      const next = step === undefined ? undefined : takeStep(world, at, node, step);
      if (next !== undefined) taken += 1;
      return next;
    });
    const left = steps[taken];
    if (left === undefined) return walk;
    const { type } = nodeOf(world.story, walk.node);
    throw refuse(
      `Step "${left}" of the path was never asked for: the walk came to its ${type} "${walk.node}" before.`,
    );
  };
}
