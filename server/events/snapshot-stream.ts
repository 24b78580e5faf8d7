import { Readable } from 'node:stream';

/** How something stands, as one event tells it. Equal standings have equal ids. */
export interface Standing {
  readonly id: string;
  readonly json: string;
  /** Whether this is the last event. */
  readonly ended: boolean;
}

/** What the client is to wait before it connects again. */
const reconnectMs = 2_000;

const frameOf = ({ id, json }: Standing): string => `id: ${id}\ndata: ${json}\n\n`;

/**
 * Server-sent events for one client. It holds the newest standing only: a client that reads slowly
 * misses those in between and costs no memory for them.
 */
export class SnapshotStream extends Readable {
  #wanted = false;
  #begun = false;
  #closing = false;
  #next: Standing | undefined;
  /** Id of the standing that the client has, or will have as soon as it reads. */
  #known: string | undefined;

  /** @param known id of the standing that the client saw last, before it lost the connection. */
  constructor(known: string | undefined) {
    super({ highWaterMark: 1, encoding: 'utf8' });
    this.#known = known;
  }

  /** Tells the client unless it knows already. The last standing ends the stream. */
  offer(standing: Standing): void {
    if (standing.id !== this.#known) {
      this.#known = standing.id;
      this.#next = standing;
    }
    if (standing.ended) this.#closing = true;
    this.#flow();
  }

  /** Shows the connection's other end, and all proxies between, that it is alive. */
  beat(): void {
    if (this.#wanted && this.#next === undefined) this.#put(':\n\n');
  }

  /** Ends the stream after what is owed to it. */
  finish(): void {
    this.#closing = true;
    this.#flow();
  }

  override _read(): void {
    this.#wanted = true;
    if (!this.#begun) {
      this.#begun = true;
      this.#put(`retry: ${reconnectMs}\n\n`);
      return;
    }
    this.#flow();
  }

  #put(text: string): void {
    this.#wanted = false;
    this.push(text);
  }

  #flow(): void {
    if (!this.#wanted || this.readableEnded) return;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.#put(frameOf(next));
    else if (this.#closing) {
      this.#wanted = false;
      this.push(null);
    }
  }
}
