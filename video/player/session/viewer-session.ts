import { member } from '../../story/engine/condition.ts';
import type { Refusal, SessionEvent } from '../../story/engine/take.ts';
import { replay, newSession, step, type LogEntry, type Session } from '../../story/engine/session.ts';
import type { EventsAppended, SessionView } from '../../story/engine/viewer-protocol.ts';
import { nodeOf, type StoryState, type StoryContext } from '../../story/engine/state.ts';
import type { StoryNode } from '../../story/engine/graph.ts';

/** Whom a session tells what happened. */
export interface SessionParts {
  /** An event was applied here. */
  readonly applied: (entry: LogEntry) => void;
  /** The walk stands elsewhere than this player led it: another player of the same session went on. */
  readonly moved: () => void;
  /** Hands an event over for the server. */
  readonly send: (event: SessionEvent) => void;
}

/** A viewer's session: the log as far as it is known here, and where it leads. */
export class ViewerSession {
  readonly context: StoryContext;
  readonly #parts: SessionParts;
  #session: Session = newSession;
  #log: readonly LogEntry[] = [];

  constructor({ story, facts, log }: Pick<SessionView, 'story' | 'facts' | 'log'>, parts: SessionParts) {
    this.context = { story, facts };
    this.#parts = parts;
    this.#adopt(log);
  }

  /** Where the viewer is; `undefined` before the start. */
  get state(): StoryState | undefined {
    return this.#session.state;
  }

  get limits(): boolean {
    return this.#session.limits;
  }

  get log(): readonly LogEntry[] {
    return this.#log;
  }

  get canUndo(): boolean {
    return this.#session.past !== undefined;
  }

  /** The node where the walk stands. */
  get node(): StoryNode | undefined {
    const { state } = this;
    return state === undefined ? undefined : nodeOf(this.context.story, state.node);
  }

  /** The place as events name it. */
  get here(): { readonly node: string; readonly visit?: number } {
    const { state } = this;
    const visit = state && member(state.visits, state.node);
    return { node: state?.node ?? '', ...(visit !== undefined && { visit }) };
  }

  /** Lets an event happen. @returns why it changes nothing, if it does not. */
  apply(event: SessionEvent): Refusal | undefined {
    const taken = step(this.context, this.#session, { at: new Date().toISOString(), ...event });
    if (!taken.ok) return taken.refusal;
    this.#session = taken.session;
    this.#log = [...this.#log, taken.entry];
    this.#parts.send(taken.entry.event);
    this.#parts.applied(taken.entry);
    return undefined;
  }

  /** Where an event would lead; `undefined` where it is refused. */
  foresee(event: SessionEvent): StoryState | undefined {
    const taken = step(this.context, this.#session, event);
    return taken.ok ? taken.session.state : undefined;
  }

  /**
   * Takes the log's lines behind those that were known. @param known lines that stay.
   * @returns the log's length.
   */
  catchUp({ log }: Pick<EventsAppended, 'log'>, known: number): number {
    this.#adopt([...this.#log.slice(0, known), ...log]);
    this.#parts.moved();
    return this.#log.length;
  }

  /** @throws Error where the log does not lead where it says, which the server makes sure of. */
  #adopt(log: readonly LogEntry[]): void {
    const replayed = replay(this.context, log);
    if (!replayed.ok) throw new Error(`The session cannot go on: line ${replayed.line}, ${replayed.reason}.`);
    this.#session = replayed.session;
    this.#log = log;
  }
}
