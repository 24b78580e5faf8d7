import type { SessionEvent } from '../../story/engine/take.ts';
import type { AppendEvents, EventsAppended } from '../../story/engine/viewer-protocol.ts';

/** The queue's dependencies and callbacks. */
export interface EventQueueParts {
  readonly send: (append: AppendEvents, keepalive: boolean) => Promise<EventsAppended>;
  readonly newId: () => string;
  /** Resolves after a while, or earlier when the network comes back. */
  readonly pause: (ms: number) => Promise<void>;
  /** The server has answered. */
  readonly answered: (answer: EventsAppended) => void;
  /** Whether events wait because the server is unavailable. */
  readonly stuck: (isStuck: boolean) => void;
  /** The server refuses these events; sending them again does not help. */
  readonly refused: (error: unknown) => void;
  /** Whether sending again may help after an error. */
  readonly mayPass: (error: unknown) => boolean;
}

const firstPauseMs = 1_000;
const longestPauseMs = 15_000;
/** Most events that the server takes in one request. */
const mostAtOnce = 100;

/** Sends events in order, one request at a time, and repeats failed requests. The server recognizes repeated events by id. */
export class EventQueue {
  readonly #parts: EventQueueParts;
  readonly #run: number;
  #lines: number;
  #waiting: AppendEvents['events'] = [];
  #asks = false;
  #sending = false;
  #stopped = false;

  /**
   * @param lines number of lines of the server's log that the player knows.
   * @param run number of that log.
   */
  constructor(parts: EventQueueParts, lines: number, run = 0) {
    this.#parts = parts;
    this.#run = run;
    this.#lines = lines;
  }

  /** Events that the server has not taken yet. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Lines of the server's log that are known here. */
  get lines(): number {
    return this.#lines;
  }

  add(event: SessionEvent): void {
    this.#waiting = [...this.#waiting, { id: this.#parts.newId(), event }];
    void this.#flush();
  }

  /** Asks for the clips of the current node, and has those ordered that are missing. */
  ask(): void {
    this.#asks = true;
    void this.#flush();
  }

  /** Sends the waiting events while the page is closing; the server recognizes repeated ones by id. */
  handOver(): void {
    if (this.#waiting.length === 0 || this.#stopped) return;
    this.#parts.send(this.#nextAppend(), true).catch(() => undefined);
  }

  /** Continues after another log and drops the events that wait for the old one. */
  reset(lines: number): void {
    this.#lines = lines;
    this.#waiting = [];
  }

  stop(): void {
    this.#stopped = true;
  }

  #nextAppend(): AppendEvents {
    return { run: this.#run, after: this.#lines, events: this.#waiting.slice(0, mostAtOnce) };
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    let pauseMs = firstPauseMs;
    while ((this.#waiting.length > 0 || this.#asks) && !this.#stopped) {
      const append = this.#nextAppend();
      const asks = this.#asks;
      this.#asks = false;
      try {
        const answer = await this.#parts.send(append, false);
        pauseMs = firstPauseMs;
        this.#parts.stuck(false);
        if (answer.outcome === 'appended') {
          const sent = new Set(append.events.map(({ id }) => id));
          this.#lines = append.after + answer.log.length;
          this.#waiting = this.#waiting.filter(({ id }) => !sent.has(id));
        }
        this.#parts.answered(answer);
      } catch (error) {
        if (!this.#parts.mayPass(error)) {
          this.stop();
          this.#parts.refused(error);
          break;
        }
        this.#asks ||= asks;
        this.#parts.stuck(true);
        await this.#parts.pause(pauseMs);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
    this.#sending = false;
  }
}
