import type { Value } from './condition.ts';
import { type Refusal, type SessionEvent, take } from './take.ts';
import { choicesOf } from './graph.ts';
import { StoryFault, startStory, nodeOf, type StoryState, type StoryContext } from './state.ts';
import { canonicalJson } from '../canonical-json.ts';

interface Steps {
  readonly state: StoryState;
  readonly rest: Steps | undefined;
}

/** A session's state, replayed from its event log and never stored. Immutable. */
export interface Session {
  /** The story's state; `undefined` before the start. */
  readonly state: StoryState | undefined;
  /** Whether time limits apply. */
  readonly limits: boolean;
  /** States for `undo` and for `redo`. */
  readonly past: Steps | undefined;
  readonly future: Steps | undefined;
}

/**
 * A line of the log: the event and its result. The result records what the viewer meant, so that a story that
 * has changed since does not mistake an old decision for a different one.
 */
export interface LogEntry {
  readonly event: SessionEvent;
  /** The current node afterwards. */
  readonly to: string;
  /** The label of the choice that was taken. */
  readonly says?: string | undefined;
  /** Variables whose value the event changed; `null` for one that became absent. */
  readonly set?: Readonly<Record<string, Value | null>> | undefined;
}

/** The result of an event. */
export type Step =
  | { readonly ok: true; readonly session: Session; readonly entry: LogEntry }
  | { readonly ok: false; readonly refusal: Refusal };

/** The session before its first event. */
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
 * Applies an event. Pure: the same context, session and event give the same step. A refused event changes nothing
 * and is not logged. If the story is wrong, the refusal names the fault; a story that passes the check has none.
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

/** The result of replaying a log in the current story. */
export type Replay =
  | { readonly ok: true; readonly session: Session }
  /** The first line whose result differs from the recorded one: the session must start again. */
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** Whether a line leads to the same node, by the same label, with the same values. */
function means(recorded: LogEntry, now: LogEntry): boolean {
  return (
    recorded.to === now.to &&
    recorded.says === now.says &&
    canonicalJson(recorded.set ?? {}) === canonicalJson(now.set ?? {})
  );
}

/**
 * Replays a session's log, or the lines after `from`. If the story or the record has changed since, the replay
 * either gives exactly the logged steps or reports the first line that differs.
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
