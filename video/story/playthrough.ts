import {
  hasView,
  type ViewNode,
  choicesOf,
  type Choice,
  type FormNode,
  type Story,
  type VariableDeclaration,
} from './engine/graph.ts';
import { leaveByChoice, leaveInSilence, leaveForm, checkAnswer, type AnswerProblem } from './engine/take.ts';
import {
  enabledChoices,
  nodeOf,
  type StoryState,
  type StoryContext,
  StoryFault,
  startStory,
  choiceName,
  isEnabled,
} from './engine/state.ts';
import { member, type Value } from './engine/condition.ts';
import { findNearest } from '../../data/parse-values.ts';
import { errors } from '../../errors/messages.ts';

/** Plays a story through for one record, from its start to its end. Pure. */
export type Playthrough = (context: StoryContext) => StoryState;

/** The longest path, in steps. */
const mostSteps = 500;

/** The enabled choice that was taken least often, the first of several. */
function leastTaken(context: StoryContext, state: StoryState) {
  const count = (id: string) => member(state.taken, choiceName(state.node, id)) ?? 0;
  return enabledChoices(context, state).toSorted((a, b) => count(a.id) - count(b.id))[0];
}

function leavePassively(context: StoryContext, state: StoryState, node: ViewNode): StoryState {
  if (node.type === 'form') return leaveForm(context, state, node, node.question.otherwise);
  const byDefault = node.decision?.default;
  const silent =
    node.type === 'hub' ? byDefault !== undefined : byDefault !== undefined || node.next !== undefined;
  const choice = silent && byDefault !== 'repeat' ? undefined : leastTaken(context, state);
  return choice === undefined ? leaveInSilence(context, state, node) : leaveByChoice(context, state, choice);
}

/** Decides for the viewer at a node; `undefined` where the viewer does nothing. */
type Decide = (state: StoryState, node: ViewNode) => StoryState | undefined;

/**
 * Plays a story for a viewer who decides at some nodes and only watches at the others: there defaults are
 * taken, questions stay unanswered, and at a node that waits for the viewer its choices are taken in turn.
 *
 * @throws StoryFault where the story is wrong, or never ends for this viewer.
 */
function playThrough(context: StoryContext, decide: Decide): StoryState {
  let state = startStory(context);
  for (;;) {
    const node = nodeOf(context.story, state.node);
    if (!hasView(node)) return state;
    if ((state.path?.length ?? 0) >= mostSteps) {
      throw new StoryFault('endless', state.node, `The story returns to node "${state.node}" without end.`);
    }
    state = decide(state, node) ?? leavePassively(context, state, node);
  }
}

/**
 * Plays a story for a viewer who only watches. Batches render this path.
 *
 * @throws StoryFault where the story is wrong, or never ends for this viewer.
 */
export const passivePlaythrough = (context: StoryContext): StoryState =>
  playThrough(context, () => undefined);

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
    const { node } = address;
    throw errors.stepOfUnknownNode({ step, node, nearest: findNearest(node, Object.keys(nodes)) });
  }
}

function takeChoice(context: StoryContext, state: StoryState, node: ViewNode, name: string): StoryState {
  const known: readonly Choice[] = choicesOf(node);
  const choice = known.find(({ id }) => id === name);
  const enabled = enabledChoices(context, state).map(({ id }) => id);
  if (choice !== undefined && isEnabled(context, state, state.node, choice)) {
    return leaveByChoice(context, state, choice);
  }
  const disabled = choice !== undefined;
  const nearest = disabled ? undefined : findNearest(name, enabled);
  throw errors.stepImpossible({ node: state.node, choice: name, disabled, nearest, enabled });
}

/** Reads an answer's text as a value of its variable. */
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
  'wrong-type': 'has the wrong type',
  'not-an-option': 'is not one of its options',
  'out-of-range': 'is out of range',
  'not-whole': 'is not a whole number',
  empty: 'is empty',
  'too-long': 'is too long',
  'not-drawable': 'contains a character that the template cannot draw',
};

function answerForm(context: StoryContext, state: StoryState, node: FormNode, text: string): StoryState {
  const { variable, optional, otherwise } = node.question;
  const declaration = member(context.story.variables, variable);
  if (declaration === undefined) throw new Error(`The story has no variable "${variable}".`);
  if (text === '' && optional === true) return leaveForm(context, state, node, otherwise);
  const checked = checkAnswer(declaration, readAnswer(declaration, text), context.covers);
  if (checked.ok) return leaveForm(context, state, node, checked.value);
  const takes = `${describeAnswers(declaration)}${optional === true ? ', or nothing' : ''}`;
  throw errors.stepAnswerInvalid({ node: state.node, problem: problems[checked.problem], takes });
}

/** What the next step does at a node; `undefined` where the step is meant for a later node. */
function takeStep(
  context: StoryContext,
  state: StoryState,
  node: ViewNode,
  step: string,
): StoryState | undefined {
  const address = addressOf(step);
  const isChoice = choicesOf(node).some(({ id }) => id === step);
  if (address !== undefined && !isChoice) {
    if (address.node !== state.node) return undefined;
    return node.type === 'form'
      ? answerForm(context, state, node, address.decision)
      : takeChoice(context, state, node, address.decision);
  }
  // A node without enabled choices takes no step.
  return enabledChoices(context, state).length === 0 ? undefined : takeChoice(context, state, node, step);
}

/**
 * Plays a story by the steps of a path, in order. A choice's id is taken at the next node with choices;
 * `node=choice` and `node=answer` at the next visit of that node, `node=` leaves a form unanswered.
 * At all other nodes the viewer only watches.
 *
 * @returns a playthrough that throws a BespokeError `path-invalid` where a step cannot be taken.
 */
export function chosenPlaythrough(steps: readonly string[]): Playthrough {
  return (context) => {
    checkAddresses(context.story, steps);
    let taken = 0;
    const state = playThrough(context, (at, node) => {
      const step = steps[taken];
      const next = step === undefined ? undefined : takeStep(context, at, node, step);
      if (next !== undefined) taken += 1;
      return next;
    });
    const left = steps[taken];
    if (left === undefined) return state;
    const { type } = nodeOf(context.story, state.node);
    throw errors.stepUnused({ step: left, type, node: state.node });
  };
}
