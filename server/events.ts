import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import pMap from 'p-map';
import { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';
import { errors } from '../errors/messages.ts';
import type { Snapshot } from '../worker/campaigns/report.ts';
import type { Server } from './server.ts';

/** The state of a subject, as one event. Equal snapshots have equal ids. */
export interface StateEvent {
  readonly id: string;
  readonly json: string;
  /** Whether this is the last event. */
  readonly ended: boolean;
}

/** How long the client waits before it connects again. */
const reconnectMs = 2_000;

const frameOf = ({ id, json }: StateEvent): string => `id: ${id}\ndata: ${json}\n\n`;

/**
 * Server-sent events for one client. It holds the newest snapshot only: a client that reads slowly
 * misses those in between and costs no memory for them.
 */
export class SnapshotStream extends Readable {
  #wanted = false;
  #started = false;
  #closing = false;
  #next: StateEvent | undefined;
  /** Id of the snapshot that the client has, or will have as soon as it reads. */
  #known: string | undefined;

  /** @param known id of the snapshot that the client saw last, before it lost the connection. */
  constructor(known: string | undefined) {
    super({ highWaterMark: 1, encoding: 'utf8' });
    this.#known = known;
  }

  /** Sends a snapshot unless the client has it. The last one ends the stream. */
  offer(snapshot: StateEvent): void {
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
  readonly #read: (subject: string) => Promise<StateEvent | undefined>;
  readonly #rhythm: Rhythm;
  readonly #watched = new Map<string, Set<SnapshotStream>>();
  #streams = 0;
  #polling: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param read the present state of a subject; `undefined` for an unknown id. */
  constructor(read: (subject: string) => Promise<StateEvent | undefined>, rhythm = usualRhythm) {
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

/** The headers of a request for events. */
export const eventHeaders = z.looseObject({
  'last-event-id': z
    .string()
    .max(100)
    .optional()
    .meta({
      description:
        'The id of the last event received; browsers send it themselves. That event is not sent again.',
      examples: ['9f2c1e7d3b5a48607c1d2e3f'],
    }),
});

/** The answers of a route for events, for its documentation. */
export const eventAnswers = {
  200: {
    description:
      'Server-sent events. Each `data` is the answer of the route without `/events`. It is sent at once and after every change; the stream closes after the last one.',
    content: {
      'text/event-stream': {
        schema: z.string().meta({
          examples: [
            'retry: 2000\n\nid: 9f2c1e7d3b5a48607c1d2e3f\ndata: {"id":"…","status":{"state":"rendering","done":2,"total":5}}\n\n',
          ],
        }),
      },
    },
  },
  204: z
    .undefined()
    .meta({ description: 'It has ended and you have received its last event. Do not connect again.' }),
};

/**
 * Answers requests for events of subjects of one kind. Streams end when the server closes.
 *
 * @param read the present state of a subject; `data` is sent as JSON.
 * @param unknown the code for an unknown subject.
 */
export function answerEvents(
  server: Server,
  read: (id: string) => Promise<Snapshot<unknown> | undefined>,
  unknown: ErrorCode,
): (id: string, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const feed = new SnapshotFeed(async (id) => {
    const snapshot = await read(id);
    return snapshot && { id: snapshot.id, json: JSON.stringify(snapshot.data), ended: snapshot.ended };
  });
  server.addHook('preClose', async () => feed.close());

  return async (id, request, reply) => {
    const known = request.headers['last-event-id'];
    const stream = await feed.open(id, typeof known === 'string' ? known : undefined);
    if (stream === 'unknown') throw errors.nothingHere(unknown);
    void reply.header('cache-control', 'no-store');
    if (stream === 'ended') return reply.code(204).send();
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
  };
}
