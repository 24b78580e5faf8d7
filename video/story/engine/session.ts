import type { Value } from './condition.ts';
import { type Refusal, type SessionEvent, take } from './take.ts';
import { choicesOf } from './graph.ts';
import { StoryFault, startStory, nodeOf, type StoryState, type StoryContext } from './state.ts';
import { canonicalJson } from '../canonical-json.ts';

interface Steps {
  readonly state: StoryState;
  readonly rest: Steps | undefined;
}

/** A session as its log makes it: never stored, always replayed. Immutable. */
export interface Session {
  /** Where the viewer is; `undefined` before the start. */
  readonly state: StoryState | undefined;
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
export const newSession: Session = { state: undefined, limits: true, past: undefined, future: undefined };

const refuse = (reason: Exclude<Refusal['reason'], 'answer-refused'>): Step => ({
  ok: false,
  refusal: { reason },
});

function changes(before: StoryState | undefined, after: StoryState): LogEntry['set'] {
  const old = before?.variables ?? {};
  const changed: Record<string, Value | null> = {};
  for (const [name, value] of Object.entries(after.variables)) if (old[name] !== value) changed[name] = value;
  for (const name of Object.keys(old)) if (!Object.hasOwn(after.variables, name)) changed[name] = null;
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function labelTaken(
  context: StoryContext,
  state: StoryState | undefined,
  event: SessionEvent,
): string | undefined {
  if (state === undefined || event.type !== 'choose') return undefined;
  return choicesOf(nodeOf(context.story, state.node)).find(({ id }) => id === event.choice)?.label;
}

function stepped(
  context: StoryContext,
  before: Session,
  event: SessionEvent,
  session: Session,
  state: StoryState,
): Step {
  const says = labelTaken(context, before.state, event);
  const set = changes(before.state, state);
  const entry: LogEntry = {
    event,
    to: state.node,
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
export function step(context: StoryContext, session: Session, event: SessionEvent): Step {
  try {
    return stepTo(context, session, event);
  } catch (error) {
    if (error instanceof StoryFault) return refuse(error.kind);
    throw error;
  }
}

/** @throws StoryFault */
function stepTo(context: StoryContext, session: Session, event: SessionEvent): Step {
  const { state, past, future } = session;
  const to = (next: Partial<Session>, at: StoryState) =>
    stepped(context, session, event, { ...session, ...next, state: at }, at);
  const goOn = (at: StoryState, from: StoryState) =>
    to({ past: { state: from, rest: past }, future: undefined }, at);

  if (event.type === 'start')
    return state === undefined ? to({}, startStory(context)) : refuse('already-started');
  if (state === undefined) return refuse('not-started');
  switch (event.type) {
    case 'back':
      return state.decided === undefined ? refuse('nothing-to-go-back-to') : goOn(state.decided, state);
    case 'undo':
      if (past === undefined) return refuse('nothing-to-undo');
      return to({ past: past.rest, future: { state, rest: future } }, past.state);
    case 'redo':
      if (future === undefined) return refuse('nothing-to-redo');
      return to({ past: { state, rest: past }, future: future.rest }, future.state);
    case 'time-limits':
      return to({ limits: event.on }, state);
    case 'choose':
    case 'answer':
    case 'skip':
    case 'expire':
    case 'ended':
    case 'follow': {
      const taken = take(context, state, event, session.limits);
      if (!taken.ok) return taken;
      return taken.state === state ? to({}, state) : goOn(taken.state, state);
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
export function replay(context: StoryContext, log: readonly LogEntry[], from: Session = newSession): Replay {
  let session = from;
  for (const [line, recorded] of log.entries()) {
    const next = step(context, session, recorded.event);
    if (!next.ok) return { ok: false, line, reason: next.refusal.reason };
    if (!means(recorded, next.entry)) return { ok: false, line, reason: 'leads-elsewhere' };
    session = next.session;
  }
  return { ok: true, session };
}
