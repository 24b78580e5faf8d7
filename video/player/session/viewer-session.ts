import { member } from '../../story/engine/condition.ts';
import type { Refusal, SessionEvent } from '../../story/engine/take.ts';
import { replay, newSession, step, type LogEntry, type Session } from '../../story/engine/session.ts';
import type { EventsAppended, SessionView } from '../../story/engine/viewer-protocol.ts';
import { nodeOf, type StoryState, type StoryContext } from '../../story/engine/state.ts';
import type { StoryNode } from '../../story/engine/graph.ts';

/** Callbacks of a session. */
export interface SessionParts {
  /** An event was applied here. @param before the state until then. */
  readonly applied: (entry: LogEntry, before: StoryState | undefined) => void;
  /** The state was changed by another player of the same session. */
  readonly moved: () => void;
  /** Sends an event to the server. */
  readonly send: (event: SessionEvent) => void;
}

/** A viewer's session: the known part of its log, and the resulting state. */
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

  /** The story's state; `undefined` before the start. */
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

  /** The current node. */
  get node(): StoryNode | undefined {
    const { state } = this;
    return state === undefined ? undefined : nodeOf(this.context.story, state.node);
  }

  /** The current node, as events name it. */
  get here(): { readonly node: string; readonly visit?: number } {
    const { state } = this;
    const visit = state && member(state.visits, state.node);
    return { node: state?.node ?? '', ...(visit !== undefined && { visit }) };
  }

  /** Applies an event. @returns the refusal, if it was refused. */
  apply(event: SessionEvent): Refusal | undefined {
    const taken = step(this.context, this.#session, { at: new Date().toISOString(), ...event });
    if (!taken.ok) return taken.refusal;
    const before = this.state;
    this.#session = taken.session;
    this.#log = [...this.#log, taken.entry];
    this.#parts.send(taken.entry.event);
    this.#parts.applied(taken.entry, before);
    return undefined;
  }

  /** The state after an event; `undefined` if it would be refused. */
  foresee(event: SessionEvent): StoryState | undefined {
    const taken = step(this.context, this.#session, event);
    return taken.ok ? taken.session.state : undefined;
  }

  /**
   * Adds the log's lines after the known ones. @param known number of lines that stay.
   * @returns the log's length.
   */
  catchUp({ log }: Pick<EventsAppended, 'log'>, known: number): number {
    this.#adopt([...this.#log.slice(0, known), ...log]);
    this.#parts.moved();
    return this.#log.length;
  }

  /** @throws Error if the replay differs from the log; the server makes sure that it does not. */
  #adopt(log: readonly LogEntry[]): void {
    const replayed = replay(this.context, log);
    if (!replayed.ok)
      throw new Error(`The session cannot continue: line ${replayed.line}, ${replayed.reason}.`);
    this.#session = replayed.session;
    this.#log = log;
  }
}
