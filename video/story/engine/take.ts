import type { answerProblemSchema, refusalSchema, sessionEventSchema } from '../session-event-schema.ts';
import type { Infer } from '../story-schema.ts';
import { type Value, member } from './condition.ts';
import {
  StoryFault,
  readVariables,
  type StoryState,
  type StoryContext,
  choiceName,
  comeBackTo,
  enabledChoices,
  enter,
  follow,
  isEnabled,
  lastLink,
  nodeOf,
} from './state.ts';
import { collapseText, parseText } from '../../../data/parse-text.ts';
import {
  longestAnswer,
  type VariableDeclaration,
  type Effect,
  hasView,
  type Choice,
  type Decision,
  type FormNode,
  type ViewNode,
} from './graph.ts';

/** The node at which something happened. */
interface AtNode {
  readonly node: string;
  /** The node's visit count at that time; a late repetition has an older count. */
  readonly visit?: number | undefined;
}

export type SessionEvent = Infer<typeof sessionEventSchema>;

/** An event that belongs to a node. */
export type NodeEvent = Extract<SessionEvent, AtNode>;

/** Why an event changes nothing. */
export type Refusal = Infer<typeof refusalSchema>;

/** Why an answer is refused. The player has the words for viewers. */
export type AnswerProblem = Infer<typeof answerProblemSchema>;

export type AnswerCheck =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: AnswerProblem };

const refuseAnswer = (problem: AnswerProblem): AnswerCheck => ({ ok: false, problem });

/** Checks a text answer; `maxLength` is in characters as a reader counts them. */
function checkText(value: string, maxLength: number, covers: (codePoint: number) => boolean): AnswerCheck {
  const text = collapseText(value);
  if (text === '') return refuseAnswer('empty');
  const parsed = parseText(text, Math.min(maxLength, longestAnswer));
  // A text that passes without a limit was refused for its length.
  if (!parsed.ok) return refuseAnswer(parseText(text, text.length).ok ? 'too-long' : 'not-drawable');
  const drawn = [...parsed.value].every((character) => covers(character.codePointAt(0) ?? 0));
  return drawn ? { ok: true, value: parsed.value } : refuseAnswer('not-drawable');
}

/** Checks a viewer's answer against its variable; texts are normalized. */
export function checkAnswer(
  declaration: VariableDeclaration,
  value: Value,
  covers: (codePoint: number) => boolean = () => true,
): AnswerCheck {
  switch (declaration.type) {
    case 'boolean':
      return typeof value === 'boolean' ? { ok: true, value } : refuseAnswer('wrong-type');
    case 'choice':
      if (typeof value !== 'string') return refuseAnswer('wrong-type');
      return declaration.values.includes(value) ? { ok: true, value } : refuseAnswer('not-an-option');
    case 'number':
      if (typeof value !== 'number') return refuseAnswer('wrong-type');
      // Also refuses NaN.
      if (!(value >= declaration.min && value <= declaration.max)) return refuseAnswer('out-of-range');
      if (declaration.integer === true && !Number.isInteger(value)) return refuseAnswer('not-whole');
      return { ok: true, value };
    case 'text':
      if (typeof value !== 'string') return refuseAnswer('wrong-type');
      return checkText(value, declaration.maxLength, covers);
    default:
      return declaration satisfies never;
  }
}

/** Whether a variable can hold a value. */
export function fits(declaration: VariableDeclaration, value: unknown): value is Value {
  switch (declaration.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return (
        typeof value === 'number' &&
        value >= declaration.min &&
        value <= declaration.max &&
        (declaration.integer !== true || Number.isInteger(value))
      );
    case 'choice':
      return typeof value === 'string' && declaration.values.includes(value);
    case 'text':
      return typeof value === 'string';
    default:
      return declaration satisfies never;
  }
}

function valueAfter(
  context: StoryContext,
  variables: StoryState['variables'],
  effect: Effect,
): readonly [string, Value] | undefined {
  const name = 'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;
  const declaration = member(context.story.variables, name);
  if (declaration === undefined || declaration.source === 'record') return undefined;
  const before = member(variables, name);
  if ('add' in effect) {
    if (declaration.type !== 'number') return undefined;
    const sum = (typeof before === 'number' ? before : declaration.min) + effect.by;
    return [name, Math.min(declaration.max, Math.max(declaration.min, sum))];
  }
  if ('toggle' in effect) return [name, before !== true];
  const { to } = effect;
  const value = typeof to === 'object' ? member(readVariables(context, variables), to.var) : to;
  return fits(declaration, value) ? [name, value] : undefined;
}

/**
 * The story's variables after a choice's effects, in order. Sums stay within the variable's range; a value that
 * a variable cannot hold is not set.
 */
function applyEffects(
  context: StoryContext,
  variables: StoryState['variables'],
  effects: readonly Effect[] = [],
): StoryState['variables'] {
  return effects.reduce((before, effect) => {
    const change = valueAfter(context, before, effect);
    return change === undefined ? before : { ...before, [change[0]]: change[1] };
  }, variables);
}

/** The result of an event. */
export type Taken =
  { readonly ok: true; readonly state: StoryState } | { readonly ok: false; readonly refusal: Refusal };

const done = (state: StoryState): Taken => ({ ok: true, state });

const refuse = (reason: Exclude<Refusal['reason'], 'answer-refused'>): Taken => ({
  ok: false,
  refusal: { reason },
});

type ChoosingNode = Exclude<ViewNode, FormNode>;

/** The state on arrival at the current node. */
const arrivalOf = (state: StoryState): StoryState => state.arrival ?? state;

/** Whether a choice of the node takes effect at once. */
export function switchesNow(node: ChoosingNode): boolean {
  return (node.decision?.switchAt ?? (node.type === 'hub' ? 'now' : 'end')) === 'now';
}

/** Leaves the current node by a choice. @throws StoryFault */
export function leaveByChoice(context: StoryContext, state: StoryState, choice: Choice): StoryState {
  const name = choiceName(state.node, choice.id);
  const left: StoryState = {
    ...state,
    variables: applyEffects(context, state.variables, choice.effects),
    taken: { ...state.taken, [name]: (member(state.taken, name) ?? 0) + 1 },
    returns: choice.comesBack === true ? comeBackTo(state.node, state.returns) : state.returns,
    decided: arrivalOf(state),
  };
  return enter(context, left, follow(context, left, choice.to, state.node));
}

/** Leaves a form with a checked answer, or without one. @throws StoryFault */
export function leaveForm(
  context: StoryContext,
  state: StoryState,
  node: FormNode,
  answer: Value | undefined,
): StoryState {
  const { variables } = state;
  const left: StoryState = {
    ...state,
    variables: answer === undefined ? variables : { ...variables, [node.question.variable]: answer },
    decided: arrivalOf(state),
  };
  return enter(context, left, follow(context, left, node.next, state.node));
}

/** Leaves the current node when the viewer has done nothing. @throws StoryFault */
export function leaveInSilence(context: StoryContext, state: StoryState, node: ChoosingNode): StoryState {
  const enabled = enabledChoices(context, state);
  const byDefault = node.decision?.default;
  const [first] = enabled;
  if (first !== undefined && byDefault !== undefined) {
    if (byDefault === 'repeat') return enter(context, state, state.node);
    const fixed = byDefault === 'first-enabled' ? first : enabled.find(({ id }) => id === byDefault.choice);
    const choice = fixed ?? (node.next === undefined ? first : undefined);
    if (choice !== undefined) return leaveByChoice(context, state, choice);
  }
  if (node.next === undefined) {
    throw new StoryFault('dead-end', state.node, `Node "${state.node}" has no next node.`);
  }
  const left = first === undefined ? state : { ...state, decided: arrivalOf(state) };
  return enter(context, left, follow(context, left, node.next, state.node));
}

/** The refusal for a decision outside of its window; without time limits the window never closes. */
function untimely(decision: Decision, state: StoryState, frame: number, limits: boolean): Taken | undefined {
  const { appearsAtFrame = 0, locksAtFrame } = decision;
  if (!(frame >= appearsAtFrame)) return refuse('too-early');
  if (limits && !state.waiting && locksAtFrame !== undefined && frame >= locksAtFrame)
    return refuse('too-late');
  return undefined;
}

function choose(
  context: StoryContext,
  state: StoryState,
  node: ViewNode,
  event: Extract<NodeEvent, { type: 'choose' }>,
  limits: boolean,
): Taken {
  const choice = node.type === 'form' ? undefined : node.choices?.find(({ id }) => id === event.choice);
  if (choice === undefined || node.type === 'form') return refuse('choice-unknown');
  if (event.says !== undefined && event.says !== choice.label) return refuse('choice-changed');
  if (!isEnabled(context, state, state.node, choice)) return refuse('choice-disabled');
  const wrongTime = untimely(node.decision ?? {}, state, event.frame, limits);
  if (wrongTime !== undefined) return wrongTime;
  if (state.waiting || switchesNow(node)) return done(leaveByChoice(context, state, choice));
  return done({ ...state, pick: choice.id, arrival: arrivalOf(state) });
}

function end(context: StoryContext, state: StoryState, node: ViewNode, limits: boolean): Taken {
  if (node.type === 'form' || state.waiting) return refuse('nothing-to-end');
  const picked = node.choices?.find(({ id }) => id === state.pick);
  if (picked !== undefined) return done(leaveByChoice(context, state, picked));
  if (node.type === 'hub') return refuse('nothing-to-end');
  return waitsAtEnd(context, state, node, limits)
    ? done({ ...state, waiting: true, arrival: arrivalOf(state) })
    : done(leaveInSilence(context, state, node));
}

/** Whether a scene that ends now waits for the viewer: nothing follows without a choice, or there are no time limits. */
function waitsAtEnd(context: StoryContext, state: StoryState, node: ChoosingNode, limits: boolean): boolean {
  if (enabledChoices(context, state).length === 0) return false;
  if (!limits) return true;
  const { default: byDefault, locksAtFrame } = node.decision ?? {};
  return byDefault === undefined && locksAtFrame === undefined && node.next === undefined;
}

function expire(
  context: StoryContext,
  state: StoryState,
  node: ViewNode,
  frame: number,
  limits: boolean,
): Taken {
  const locksAtFrame = node.decision?.locksAtFrame;
  if (!limits || locksAtFrame === undefined || !(frame >= locksAtFrame)) return refuse('not-expired');
  if (node.type === 'form') return done(leaveForm(context, state, node, node.question.otherwise));
  if (state.pick !== undefined || !switchesNow(node)) return refuse('not-expired');
  return done(leaveInSilence(context, state, node));
}

function answer(
  context: StoryContext,
  state: StoryState,
  node: ViewNode,
  event: Extract<NodeEvent, { type: 'answer' | 'skip' }>,
  limits: boolean,
): Taken {
  if (node.type !== 'form') return refuse('not-a-form');
  const wrongTime = untimely(node.decision ?? {}, state, event.frame, limits);
  if (wrongTime !== undefined) return wrongTime;
  const { variable, optional, otherwise } = node.question;
  if (event.type === 'skip') {
    return optional === true ? done(leaveForm(context, state, node, otherwise)) : refuse('not-optional');
  }
  const declaration = member(context.story.variables, variable);
  if (declaration === undefined) {
    throw new StoryFault('no-variable', state.node, `The story has no variable "${variable}".`);
  }
  const checked = checkAnswer(declaration, event.value, context.covers);
  return checked.ok
    ? done(leaveForm(context, state, node, checked.value))
    : { ok: false, refusal: { reason: 'answer-refused', problem: checked.problem } };
}

/**
 * Applies an event to a state.
 *
 * @param limits whether time limits apply.
 * @throws StoryFault if the story is wrong.
 */
export function take(context: StoryContext, state: StoryState, event: NodeEvent, limits = true): Taken {
  const node = nodeOf(context.story, state.node);
  if (event.node !== state.node) return refuse('not-here');
  if (event.visit !== undefined && event.visit !== member(state.visits, state.node))
    return refuse('not-here');
  if (!hasView(node)) {
    const follows = event.type === 'follow' && lastLink(context, state) !== undefined;
    return follows ? done(state) : refuse('over');
  }
  switch (event.type) {
    case 'choose':
      return choose(context, state, node, event, limits);
    case 'answer':
    case 'skip':
      return answer(context, state, node, event, limits);
    case 'expire':
      return expire(context, state, node, event.frame, limits);
    case 'ended':
      return end(context, state, node, limits);
    case 'follow':
      return node.type === 'cta' ? done(state) : refuse('no-link');
    default:
      return event satisfies never;
  }
}

/** A state that may come next; the player fetches its clip ahead. */
export interface NextState {
  /** The choice that leads there; `undefined` if it follows without a choice. */
  readonly choice: string | undefined;
  readonly state: StoryState;
}

/**
 * States that may come next, the likeliest first: after the picked choice, or what follows without a choice,
 * then after every enabled choice in order. A form's answers are not guessed.
 *
 * @throws StoryFault if the story is wrong.
 */
export function lookAhead(context: StoryContext, state: StoryState): readonly NextState[] {
  const node = nodeOf(context.story, state.node);
  if (!hasView(node) || node.type === 'form') return [];
  const choices = enabledChoices(context, state);
  const byChoice = choices
    .toSorted((a, b) => Number(b.id === state.pick) - Number(a.id === state.pick))
    .map((choice) => ({ choice: choice.id, state: leaveByChoice(context, state, choice) }));
  const continues = node.decision?.default !== undefined || node.next !== undefined;
  if (state.pick !== undefined || state.waiting || !continues) return byChoice;
  if (node.type === 'hub' && node.decision?.locksAtFrame === undefined) return byChoice;
  return [{ choice: undefined, state: leaveInSilence(context, state, node) }, ...byChoice];
}
