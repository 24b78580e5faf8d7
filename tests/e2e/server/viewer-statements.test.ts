import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { testRegistry } from '../../fixtures/templates/registry.ts';
import { newDeployment } from '../deployment.ts';
import { answerTown, named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;
/** Statements of the request that runs, as they are sent to PostgreSQL. */
const counting = new AsyncLocalStorage<string[]>();

beforeAll(async () => {
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  const deployment = await newDeployment('redis and postgres', servers);
  viewers = await serveViewers(undefined, {}, { deployment, registry: testRegistry });
  viewers.gate.open();
  const query = Object.getOwnPropertyDescriptor(Client.prototype, 'query')?.value as (
    this: Client,
    ...args: readonly unknown[]
  ) => unknown;
  vi.spyOn(Client.prototype, 'query').mockImplementation(function count(this: Client, ...args: unknown[]) {
    const [asked] = args as readonly (string | { readonly text: string })[];
    const text = typeof asked === 'string' ? asked : (asked?.text ?? '');
    counting.getStore()?.push(text);
    return query.apply(this, args) as never;
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await viewers.close();
});

/** How many statements a request sends, with those that begin and end transactions. */
async function statementsOf(request: () => PromiseLike<{ readonly statusCode: number }>): Promise<number> {
  const statements: string[] = [];
  const { statusCode } = await counting.run(statements, async () => await request());
  expect(statusCode).toBe(200);
  return statements.length;
}

async function openFilm() {
  const film = await viewers.newFilm('Anna');
  const { session, pass } = await viewers.open(film.token);
  return { ...film, pass, ref: session.clips['["way","own",{}]']?.ref ?? '' };
}

type Pass = Awaited<ReturnType<typeof openFilm>>['pass'];

const report = (pass: Pass, ref: string) => () =>
  viewers.post(
    '/viewer/reports',
    {
      ...{ page: randomUUID(), ms: 20_000, device: 'phone', automated: false },
      events: [
        { seq: 0, ms: 1, type: 'opened' },
        { seq: 1, ms: 2, type: 'interacted' },
        { seq: 2, ms: 3, type: 'entered', node: 'way', visit: 1, clip: ref },
      ],
    },
    pass,
  );

const append = (pass: Pass, after: number, events: ReturnType<typeof named>) => () =>
  viewers.post('/viewer/events', { run: 0, after, events }, pass);

// docs/performance.md names these numbers. Who adds a statement says there why.

it('a report of a page is four statements, of the owner and of a guest', async () => {
  const { pass, ref } = await openFilm();
  expect(await statementsOf(report(pass, ref))).toBe(4);
  const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, pass)).json());
  const guest = await viewers.open(shared.url.split('/v/')[1] ?? '');
  const theirs = guest.session.clips['["way","own",{}]']?.ref ?? '';
  expect(await statementsOf(report(guest.pass, theirs))).toBe(4);
});

it('an event is eight statements of the owner and seven of a guest, if its clips are stored', async () => {
  const { pass } = await openFilm();
  await append(pass, 0, named(...toTown.slice(0, 2)))();
  expect(await statementsOf(append(pass, 2, named(...toTown.slice(2))))).toBe(8);
  const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, pass)).json());
  const guest = await viewers.open(shared.url.split('/v/')[1] ?? '');
  await append(guest.pass, 0, named(...toTown.slice(0, 1)))();
  expect(await statementsOf(append(guest.pass, 1, named(...toTown.slice(1))))).toBe(7);
});

it('to order a clip is up to ten statements more', async () => {
  const { pass } = await openFilm();
  await append(pass, 0, named(...toTown))();
  expect(await statementsOf(append(pass, 3, named(answerTown('Ulm'))))).toBeLessThanOrEqual(18);
});
