import { Readable } from 'node:stream';

/** The state of a subject, as one event. Equal snapshots have equal ids. */
export interface Snapshot {
  readonly id: string;
  readonly json: string;
  /** Whether this is the last event. */
  readonly ended: boolean;
}

/** How long the client waits before it connects again. */
const reconnectMs = 2_000;

const frameOf = ({ id, json }: Snapshot): string => `id: ${id}\ndata: ${json}\n\n`;

/**
 * Server-sent events for one client. It holds the newest snapshot only: a client that reads slowly
 * misses those in between and costs no memory for them.
 */
export class SnapshotStream extends Readable {
  #wanted = false;
  #started = false;
  #closing = false;
  #next: Snapshot | undefined;
  /** Id of the snapshot that the client has, or will have as soon as it reads. */
  #known: string | undefined;

  /** @param known id of the snapshot that the client saw last, before it lost the connection. */
  constructor(known: string | undefined) {
    super({ highWaterMark: 1, encoding: 'utf8' });
    this.#known = known;
  }

  /** Sends a snapshot unless the client has it. The last one ends the stream. */
  offer(snapshot: Snapshot): void {
    if (snapshot.id !== this.#known) {
      this.#known = snapshot.id;
      this.#next = snapshot;
    }
    if (snapshot.ended) this.#closing = true;
    this.#flow();
  }

  /** Shows the connection's other end, and all proxies between, that it is alive. */
  beat(): void {
    if (this.#wanted && this.#next === undefined) this.#put(':\n\n');
  }

  /** Ends the stream after the pending snapshot. */
  finish(): void {
    this.#closing = true;
    this.#flow();
  }

  override _read(): void {
    this.#wanted = true;
    if (!this.#started) {
      this.#started = true;
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
