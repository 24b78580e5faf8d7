import { checkAnswer } from './check-answer.ts';
import { member, type Value } from './condition.ts';
import { applyEffects } from './effects.ts';
import type { PlacedEvent, Refusal } from './events.ts';
import { isShown, type Choice, type Decision, type FormNode, type ShownNode } from './graph.ts';
import { StoryFault } from './story-fault.ts';
import {
  choiceName,
  comeBackTo,
  enabledChoices,
  enter,
  follow,
  isEnabled,
  nodeOf,
  type Walk,
  type World,
} from './walk.ts';

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
