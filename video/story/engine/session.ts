import type { Value } from './condition.ts';
import { type Refusal, type SessionEvent, take } from './take.ts';
import { choicesOf } from './graph.ts';
import { StoryFault, beginWalk, nodeOf, type Walk, type World } from './walk.ts';
import { canonicalJson } from '../canonical-json.ts';

interface Steps {
  readonly walk: Walk;
  readonly rest: Steps | undefined;
}

/** A session as its log makes it: never stored, always replayed. Immutable. */
export interface Session {
  /** Where the viewer is; `undefined` before the start. */
  readonly walk: Walk | undefined;
  /** Whether time limits apply. */
  readonly limits: boolean;
  /** Walks that `undo` goes back to, and those that `redo` goes on to. */
  readonly past: Steps | undefined;
  readonly future: Steps | undefined;
}

/**
 * A line of the log: what happened and what it led to. What it led to says what the viewer meant, so that
 * a story that has changed since never takes an old decision for another one.
 */
export interface LogEntry {
  readonly event: SessionEvent;
  /** The node where the walk stood afterwards. */
  readonly to: string;
  /** The label of the choice that was taken. */
  readonly says?: string | undefined;
  /** Variables whose value the event changed; `null` for one that is absent since. */
  readonly set?: Readonly<Record<string, Value | null>> | undefined;
}

/** What an event did to a session. */
export type Step =
  | { readonly ok: true; readonly session: Session; readonly entry: LogEntry }
  | { readonly ok: false; readonly refusal: Refusal };

/** The session before anything happened. */
export const newSession: Session = { walk: undefined, limits: true, past: undefined, future: undefined };

const refuse = (reason: Exclude<Refusal['reason'], 'answer-refused'>): Step => ({
  ok: false,
  refusal: { reason },
});

function changes(before: Walk | undefined, after: Walk): LogEntry['set'] {
  const old = before?.variables ?? {};
  const changed: Record<string, Value | null> = {};
  for (const [name, value] of Object.entries(after.variables)) if (old[name] !== value) changed[name] = value;
  for (const name of Object.keys(old)) if (!Object.hasOwn(after.variables, name)) changed[name] = null;
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function labelTaken(world: World, walk: Walk | undefined, event: SessionEvent): string | undefined {
  if (walk === undefined || event.type !== 'choose') return undefined;
  return choicesOf(nodeOf(world.story, walk.node)).find(({ id }) => id === event.choice)?.label;
}

function stepped(world: World, before: Session, event: SessionEvent, session: Session, walk: Walk): Step {
  const says = labelTaken(world, before.walk, event);
  const set = changes(before.walk, walk);
  const entry: LogEntry = {
    event,
    to: walk.node,
    ...(says !== undefined && { says }),
    ...(set !== undefined && { set }),
  };
  return { ok: true, session, entry };
}

/**
 * Lets an event happen. Pure: the same world, session and event give the same step. A refused event
 * changes nothing and does not belong into the log. Where the story is wrong, the refusal says how; one that
 * passes the check never refuses for that.
 */
export function step(world: World, session: Session, event: SessionEvent): Step {
  try {
    return stepTo(world, session, event);
  } catch (error) {
    if (error instanceof StoryFault) return refuse(error.kind);
    throw error;
  }
}

/** @throws StoryFault */
function stepTo(world: World, session: Session, event: SessionEvent): Step {
  const { walk, past, future } = session;
  const to = (next: Partial<Session>, at: Walk) =>
    stepped(world, session, event, { ...session, ...next, walk: at }, at);
  const goOn = (at: Walk, from: Walk) => to({ past: { walk: from, rest: past }, future: undefined }, at);

  if (event.type === 'start')
    return walk === undefined ? to({}, beginWalk(world)) : refuse('already-started');
  if (walk === undefined) return refuse('not-started');
  switch (event.type) {
    case 'back':
      return walk.decided === undefined ? refuse('nothing-to-go-back-to') : goOn(walk.decided, walk);
    case 'undo':
      if (past === undefined) return refuse('nothing-to-undo');
      return to({ past: past.rest, future: { walk, rest: future } }, past.walk);
    case 'redo':
      if (future === undefined) return refuse('nothing-to-redo');
      return to({ past: { walk, rest: past }, future: future.rest }, future.walk);
    case 'time-limits':
      return to({ limits: event.on }, walk);
    case 'choose':
    case 'answer':
    case 'skip':
    case 'expire':
    case 'ended':
    case 'follow': {
      const taken = take(world, walk, event, session.limits);
      if (!taken.ok) return taken;
      return taken.walk === walk ? to({}, walk) : goOn(taken.walk, walk);
    }
    default:
      return event satisfies never;
  }
}

/** What a log means to a story as it is now. */
export type Replay =
  | { readonly ok: true; readonly session: Session }
  /** The first line that does not lead where it led: the session must begin anew. */
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** Whether a line led to the same place, by the same words, with the same values. */
function means(recorded: LogEntry, now: LogEntry): boolean {
  return (
    recorded.to === now.to &&
    recorded.says === now.says &&
    canonicalJson(recorded.set ?? {}) === canonicalJson(now.set ?? {})
  );
}

/**
 * Makes a session from its log, or from the lines behind those that led to `from`. A story or record that has changed since either gives exactly the walk
 * that the log tells, or is told apart from it; no decision is ever taken for another one.
 */
export function replay(world: World, log: readonly LogEntry[], from: Session = newSession): Replay {
  let session = from;
  for (const [line, recorded] of log.entries()) {
    const next = step(world, session, recorded.event);
    if (!next.ok) return { ok: false, line, reason: next.refusal.reason };
    if (!means(recorded, next.entry)) return { ok: false, line, reason: 'leads-elsewhere' };
    session = next.session;
  }
  return { ok: true, session };
}
