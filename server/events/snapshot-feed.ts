import pMap from 'p-map';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { SnapshotStream, type Standing } from './snapshot-stream.ts';

/** How often subjects are looked at, and connections shown to be alive, in milliseconds. */
interface Rhythm {
  readonly pollMs: number;
  readonly heartbeatMs: number;
}

const usualRhythm: Rhythm = { pollMs: 500, heartbeatMs: 15_000 };

/** Subjects looked at at a time, so that many watchers never crowd out the work itself. */
const readsAtOnce = 4;

/** Connections that one process holds open. */
const mostStreams = 2_000;

/**
 * Streams of events about subjects of one kind. A subject that many watch is looked at once for all of
 * them; one that nobody watches is not looked at.
 */
export class SnapshotFeed {
  readonly #read: (subject: string) => Promise<Standing | undefined>;
  readonly #rhythm: Rhythm;
  readonly #watched = new Map<string, Set<SnapshotStream>>();
  #streams = 0;
  #polling: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param read how a subject stands now; `undefined` when there is none of this id. */
  constructor(read: (subject: string) => Promise<Standing | undefined>, rhythm = usualRhythm) {
    this.#read = read;
    this.#rhythm = rhythm;
  }

  /**
   * Events for one client, beginning with the present standing unless it knows that one.
   *
   * @param known the client's `Last-Event-ID`.
   * @returns `ended` when the client knows how it ended, `unknown` when there is no such subject.
   * @throws BespokeError `service-unavailable` when this process can hold no more connections.
   */
  async open(subject: string, known: string | undefined): Promise<SnapshotStream | 'ended' | 'unknown'> {
    const standing = await this.#read(subject);
    if (standing === undefined) return 'unknown';
    if (standing.ended && standing.id === known) return 'ended';
    if (this.#closed || this.#streams >= mostStreams) {
      throw new BespokeError('service-unavailable', 'No more connections for events can be held open here.');
    }
    const stream = new SnapshotStream(known);
    if (!standing.ended) this.#watch(subject, stream);
    stream.offer(standing);
    return stream;
  }

  /** Ends all streams; clients come back to whichever process is there then. */
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

  /** The next round begins a while after this one has ended, however long it takes. */
  #pollSoon(): void {
    this.#polling = setTimeout(() => {
      const round = pMap([...this.#watched.keys()], (subject) => this.#tell(subject), {
        concurrency: readsAtOnce,
      });
      void round.then(() => {
        if (this.#beating !== undefined && !this.#closed) this.#pollSoon();
      });
    }, this.#rhythm.pollMs).unref();
  }

  async #tell(subject: string): Promise<void> {
    // What cannot be read now is read in the next round; the streams stay open.
    const standing = await this.#read(subject).catch(() => 'away' as const);
    if (standing === 'away') return;
    for (const stream of this.#watched.get(subject) ?? []) {
      if (standing === undefined) stream.finish();
      else stream.offer(standing);
    }
  }
}
