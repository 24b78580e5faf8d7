import { type Value, member } from './condition.ts';
import {
  StoryFault,
  readVariables,
  type Walk,
  type World,
  choiceName,
  comeBackTo,
  enabledChoices,
  enter,
  follow,
  isEnabled,
  nodeOf,
} from './walk.ts';
import { collapseText, parseText } from '../../../data/values/parse-text.ts';
import {
  longestAnswer,
  type VariableDeclaration,
  type Effect,
  isShown,
  type Choice,
  type Decision,
  type FormNode,
  type ShownNode,
} from './graph.ts';

/** Says at which place of the walk something happened. */
interface Placed {
  readonly node: string;
  /** The node's visit count then; tells a late repetition from something new. */
  readonly visit?: number | undefined;
}

/** A place and a moment: frames since the node was entered, loops included. */
interface Timed extends Placed {
  readonly frame: number;
}

/** What can happen in a session. The engine reads no clock: `at` is for people who read the log. */
export type SessionEvent = { readonly at?: string | undefined } & (
  | { readonly type: 'start' }
  /** A choice was taken. `says` is the label that the viewer saw. */
  | ({ readonly type: 'choose'; readonly choice: string; readonly says?: string | undefined } & Timed)
  /** A form was answered. */
  | ({ readonly type: 'answer'; readonly value: Value } & Timed)
  /** A form was left without an answer. */
  | ({ readonly type: 'skip' } & Timed)
  /** The time for a decision has passed. */
  | ({ readonly type: 'expire' } & Timed)
  /** A scene's last frame was shown. */
  | ({ readonly type: 'ended' } & Placed)
  /** A call to action was followed. */
  | ({ readonly type: 'follow' } & Placed)
  /** Back to the place of the last decision, as it was on arrival there. */
  | { readonly type: 'back' }
  /** Takes the last step back, whatever it was. */
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  /** The viewer wants time limits, or none, for the rest of the session. */
  | { readonly type: 'time-limits'; readonly on: boolean }
);

/** An event that belongs to a place. */
export type PlacedEvent = Extract<SessionEvent, Placed>;

/** Why an event changes nothing. */
export type Refusal =
  | { readonly reason: 'not-started' | 'already-started' | 'over' | 'not-here' }
  | { readonly reason: 'choice-unknown' | 'choice-changed' | 'choice-disabled' }
  | { readonly reason: 'too-early' | 'too-late' | 'not-expired' | 'nothing-to-end' }
  | { readonly reason: 'not-a-form' | 'not-optional' | 'no-link' }
  | { readonly reason: 'answer-refused'; readonly problem: AnswerProblem }
  /** The story is wrong and leads nowhere from here. */
  | { readonly reason: StoryFault['kind'] }
  | { readonly reason: 'nothing-to-go-back-to' | 'nothing-to-undo' | 'nothing-to-redo' }
  /** Of the server alone: the log takes no more lines. */
  | { readonly reason: 'log-full' };

/** Why an answer cannot be taken. What a viewer is told is the player's to word. */
export type AnswerProblem =
  'wrong-type' | 'not-an-option' | 'out-of-range' | 'not-whole' | 'empty' | 'too-long' | 'not-drawable';

export type AnswerCheck =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: AnswerProblem };

const refuseAnswer = (problem: AnswerProblem): AnswerCheck => ({ ok: false, problem });

/** Most characters that a variable takes, as a reader counts them. */
function checkText(value: string, maxLength: number, covers: (codePoint: number) => boolean): AnswerCheck {
  const text = collapseText(value);
  if (text === '') return refuseAnswer('empty');
  const parsed = parseText(text, Math.min(maxLength, longestAnswer));
  // A text that is fine at any length was refused for its length.
  if (!parsed.ok) return refuseAnswer(parseText(text, text.length).ok ? 'too-long' : 'not-drawable');
  const drawn = [...parsed.value].every((character) => covers(character.codePointAt(0) ?? 0));
  return drawn ? { ok: true, value: parsed.value } : refuseAnswer('not-drawable');
}

/** Checks what a viewer answered against the variable that it goes into; texts are put in order. */
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
      // Also refuses what is not a number at all.
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
  world: World,
  variables: Walk['variables'],
  effect: Effect,
): readonly [string, Value] | undefined {
  const name = 'set' in effect ? effect.set : 'add' in effect ? effect.add : effect.toggle;
  const declaration = member(world.story.variables, name);
  if (declaration === undefined || declaration.source === 'record') return undefined;
  const before = member(variables, name);
  if ('add' in effect) {
    if (declaration.type !== 'number') return undefined;
    const sum = (typeof before === 'number' ? before : declaration.min) + effect.by;
    return [name, Math.min(declaration.max, Math.max(declaration.min, sum))];
  }
  if ('toggle' in effect) return [name, before !== true];
  const { to } = effect;
  const value = typeof to === 'object' ? member(readVariables(world, variables), to.var) : to;
  return fits(declaration, value) ? [name, value] : undefined;
}

/**
 * The story's variables after a choice's effects, in their order. Sums stay within the variable's range;
 * what a variable cannot hold is not put into it.
 */
function applyEffects(
  world: World,
  variables: Walk['variables'],
  effects: readonly Effect[] = [],
): Walk['variables'] {
  return effects.reduce((before, effect) => {
    const change = valueAfter(world, before, effect);
    return change === undefined ? before : { ...before, [change[0]]: change[1] };
  }, variables);
}

/** What an event did to a walk. */
export type Taken =
  { readonly ok: true; readonly walk: Walk } | { readonly ok: false; readonly refusal: Refusal };

const done = (walk: Walk): Taken => ({ ok: true, walk });

const refuse = (reason: Exclude<Refusal['reason'], 'answer-refused'>): Taken => ({
  ok: false,
  refusal: { reason },
});

type ChoosingNode = Exclude<ShownNode, FormNode>;

/** The walk as it arrived at the place where it stands. */
const arrivalOf = (walk: Walk): Walk => walk.arrival ?? walk;

/** Whether a choice of the node leads on at once. */
export function switchesNow(node: ChoosingNode): boolean {
  return (node.decision?.switchAt ?? (node.type === 'hub' ? 'now' : 'end')) === 'now';
}

/** Leaves the node where the walk stands by a choice. @throws StoryFault */
export function leaveByChoice(world: World, walk: Walk, choice: Choice): Walk {
  const name = choiceName(walk.node, choice.id);
  const left: Walk = {
    ...walk,
    variables: applyEffects(world, walk.variables, choice.effects),
    taken: { ...walk.taken, [name]: (member(walk.taken, name) ?? 0) + 1 },
    returns: choice.comesBack === true ? comeBackTo(walk.node, walk.returns) : walk.returns,
    decided: arrivalOf(walk),
  };
  return enter(world, left, follow(world, left, choice.to, walk.node));
}

/** Leaves a form with an answer that was checked, or without one. @throws StoryFault */
export function leaveForm(world: World, walk: Walk, node: FormNode, answer: Value | undefined): Walk {
  const { variables } = walk;
  const left: Walk = {
    ...walk,
    variables: answer === undefined ? variables : { ...variables, [node.question.variable]: answer },
    decided: arrivalOf(walk),
  };
  return enter(world, left, follow(world, left, node.next, walk.node));
}

/** What silence leads to. @throws StoryFault where it leads nowhere. */
export function leaveInSilence(world: World, walk: Walk, node: ChoosingNode): Walk {
  const enabled = enabledChoices(world, walk);
  const byDefault = node.decision?.default;
  const [first] = enabled;
  if (first !== undefined && byDefault !== undefined) {
    if (byDefault === 'repeat') return enter(world, walk, walk.node);
    const fixed = byDefault === 'first-enabled' ? first : enabled.find(({ id }) => id === byDefault.choice);
    const choice = fixed ?? (node.next === undefined ? first : undefined);
    if (choice !== undefined) return leaveByChoice(world, walk, choice);
  }
  if (node.next === undefined) {
    throw new StoryFault('dead-end', walk.node, `Nothing leads on from node "${walk.node}".`);
  }
  const left = first === undefined ? walk : { ...walk, decided: arrivalOf(walk) };
  return enter(world, left, follow(world, left, node.next, walk.node));
}

/** Why it is not the time to decide; the window of a walk without time limits does not close. */
function untimely(decision: Decision, walk: Walk, frame: number, limits: boolean): Taken | undefined {
  const { appearsAtFrame = 0, locksAtFrame } = decision;
  if (!(frame >= appearsAtFrame)) return refuse('too-early');
  if (limits && !walk.waiting && locksAtFrame !== undefined && frame >= locksAtFrame)
    return refuse('too-late');
  return undefined;
}

function choose(
  world: World,
  walk: Walk,
  node: ShownNode,
  event: Extract<PlacedEvent, { type: 'choose' }>,
  limits: boolean,
): Taken {
  const choice = node.type === 'form' ? undefined : node.choices?.find(({ id }) => id === event.choice);
  if (choice === undefined || node.type === 'form') return refuse('choice-unknown');
  if (event.says !== undefined && event.says !== choice.label) return refuse('choice-changed');
  if (!isEnabled(world, walk, walk.node, choice)) return refuse('choice-disabled');
  const wrongTime = untimely(node.decision ?? {}, walk, event.frame, limits);
  if (wrongTime !== undefined) return wrongTime;
  if (walk.waiting || switchesNow(node)) return done(leaveByChoice(world, walk, choice));
  return done({ ...walk, pick: choice.id, arrival: arrivalOf(walk) });
}

function end(world: World, walk: Walk, node: ShownNode, limits: boolean): Taken {
  if (node.type === 'form' || walk.waiting) return refuse('nothing-to-end');
  const picked = node.choices?.find(({ id }) => id === walk.pick);
  if (picked !== undefined) return done(leaveByChoice(world, walk, picked));
  if (node.type === 'hub') return refuse('nothing-to-end');
  return waitsAtEnd(world, walk, node, limits)
    ? done({ ...walk, waiting: true, arrival: arrivalOf(walk) })
    : done(leaveInSilence(world, walk, node));
}

/** Whether a scene that ends now waits for its viewer: silence leads nowhere, or time is not limited. */
function waitsAtEnd(world: World, walk: Walk, node: ChoosingNode, limits: boolean): boolean {
  if (enabledChoices(world, walk).length === 0) return false;
  if (!limits) return true;
  const { default: byDefault, locksAtFrame } = node.decision ?? {};
  return byDefault === undefined && locksAtFrame === undefined && node.next === undefined;
}

function expire(world: World, walk: Walk, node: ShownNode, frame: number, limits: boolean): Taken {
  const locksAtFrame = node.decision?.locksAtFrame;
  if (!limits || locksAtFrame === undefined || !(frame >= locksAtFrame)) return refuse('not-expired');
  if (node.type === 'form') return done(leaveForm(world, walk, node, node.question.otherwise));
  if (walk.pick !== undefined || !switchesNow(node)) return refuse('not-expired');
  return done(leaveInSilence(world, walk, node));
}

function answer(
  world: World,
  walk: Walk,
  node: ShownNode,
  event: Extract<PlacedEvent, { type: 'answer' | 'skip' }>,
  limits: boolean,
): Taken {
  if (node.type !== 'form') return refuse('not-a-form');
  const wrongTime = untimely(node.decision ?? {}, walk, event.frame, limits);
  if (wrongTime !== undefined) return wrongTime;
  const { variable, optional, otherwise } = node.question;
  if (event.type === 'skip') {
    return optional === true ? done(leaveForm(world, walk, node, otherwise)) : refuse('not-optional');
  }
  const declaration = member(world.story.variables, variable);
  if (declaration === undefined) {
    throw new StoryFault('no-variable', walk.node, `The story has no variable "${variable}".`);
  }
  const checked = checkAnswer(declaration, event.value, world.covers);
  return checked.ok
    ? done(leaveForm(world, walk, node, checked.value))
    : { ok: false, refusal: { reason: 'answer-refused', problem: checked.problem } };
}

/**
 * Lets an event happen to a walk.
 *
 * @param limits whether time limits apply.
 * @throws StoryFault where the story is wrong.
 */
export function take(world: World, walk: Walk, event: PlacedEvent, limits = true): Taken {
  const node = nodeOf(world.story, walk.node);
  if (event.node !== walk.node) return refuse('not-here');
  if (event.visit !== undefined && event.visit !== member(walk.visits, walk.node)) return refuse('not-here');
  if (!isShown(node)) return refuse('over');
  switch (event.type) {
    case 'choose':
      return choose(world, walk, node, event, limits);
    case 'answer':
    case 'skip':
      return answer(world, walk, node, event, limits);
    case 'expire':
      return expire(world, walk, node, event.frame, limits);
    case 'ended':
      return end(world, walk, node, limits);
    case 'follow':
      return node.type === 'cta' ? done(walk) : refuse('no-link');
    default:
      return event satisfies never;
  }
}
