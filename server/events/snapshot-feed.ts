import pMap from 'p-map';
import { errors } from '../../errors/messages.ts';
import { SnapshotStream, type Snapshot } from './snapshot-stream.ts';

/** How often subjects are read, and heartbeats sent, in milliseconds. */
interface Rhythm {
  readonly pollMs: number;
  readonly heartbeatMs: number;
}

const usualRhythm: Rhythm = { pollMs: 500, heartbeatMs: 15_000 };

/** Subjects read at a time, so that many watchers never crowd out the work itself. */
const readsAtOnce = 4;

/** Connections that one process holds open. */
const mostStreams = 2_000;

/**
 * Streams of events of subjects of one kind. A subject is read once for all of its watchers, and only while it
 * has some.
 */
export class SnapshotFeed {
  readonly #read: (subject: string) => Promise<Snapshot | undefined>;
  readonly #rhythm: Rhythm;
  readonly #watched = new Map<string, Set<SnapshotStream>>();
  #streams = 0;
  #polling: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param read the present state of a subject; `undefined` for an unknown id. */
  constructor(read: (subject: string) => Promise<Snapshot | undefined>, rhythm = usualRhythm) {
    this.#read = read;
    this.#rhythm = rhythm;
  }

  /**
   * Events for one client, starting with the present snapshot unless the client has that one.
   *
   * @param known the client's `Last-Event-ID`.
   * @returns `ended` when the client has the last event, `unknown` for an unknown subject.
   * @throws BespokeError `service-unavailable` when this process has too many connections.
   */
  async open(subject: string, known: string | undefined): Promise<SnapshotStream | 'ended' | 'unknown'> {
    const snapshot = await this.#read(subject);
    if (snapshot === undefined) return 'unknown';
    if (snapshot.ended && snapshot.id === known) return 'ended';
    if (this.#closed || this.#streams >= mostStreams) {
      throw errors.streamsTaken();
    }
    const stream = new SnapshotStream(known);
    if (!snapshot.ended) this.#watch(subject, stream);
    stream.offer(snapshot);
    return stream;
  }

  /** Ends all streams. Clients connect again, to any process that runs. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#polling);
    clearInterval(this.#beating);
    for (const stream of this.#all()) stream.finish();
  }

  #all(): readonly SnapshotStream[] {
    return [...this.#watched.values()].flatMap((streams) => [...streams]);
  }

  #watch(subject: string, stream: SnapshotStream): void {
    const streams = this.#watched.get(subject) ?? new Set();
    this.#watched.set(subject, streams.add(stream));
    this.#streams += 1;
    stream.once('close', () => {
      this.#streams -= 1;
      streams.delete(stream);
      if (streams.size > 0) return;
      this.#watched.delete(subject);
      if (this.#watched.size === 0) this.#rest();
    });
    if (this.#beating !== undefined) return;
    this.#beating = setInterval(
      () => this.#all().forEach((each) => each.beat()),
      this.#rhythm.heartbeatMs,
    ).unref();
    this.#pollSoon();
  }

  #rest(): void {
    clearTimeout(this.#polling);
    clearInterval(this.#beating);
    this.#beating = undefined;
  }

  /** The pause starts when a round has ended, however long that took. */
  #pollSoon(): void {
    this.#polling = setTimeout(() => {
      const round = pMap([...this.#watched.keys()], (subject) => this.#send(subject), {
        concurrency: readsAtOnce,
      });
      void round.then(() => {
        if (this.#beating !== undefined && !this.#closed) this.#pollSoon();
      });
    }, this.#rhythm.pollMs).unref();
  }

  async #send(subject: string): Promise<void> {
    // A subject that cannot be read now is read in the next round; its streams stay open.
    const snapshot = await this.#read(subject).catch(() => 'unavailable' as const);
    if (snapshot === 'unavailable') return;
    for (const stream of this.#watched.get(subject) ?? []) {
      if (snapshot === undefined) stream.finish();
      else stream.offer(snapshot);
    }
  }
}
