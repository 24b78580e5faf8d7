import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderSchema } from '../../../server/schemas/render.ts';
import { eventsAppendedSchema } from '../../../server/schemas/viewer-events.ts';
import { sessionSchema } from '../../../server/schemas/viewer.ts';
import type { SessionEvent } from '../../../video/story/engine/events.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { createOperations } from '../../../worker/guests/run-operations.ts';
import { newGate, stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

const gate = newGate();
const drawn: unknown[] = [];
let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  served = await serveDeployment(
    {},
    {
      exchangeParts: stubParts({
        draw: async (name) => {
          drawn.push(name);
          await gate.pass();
        },
        assemble: () => Promise.resolve(),
      }),
    },
  );
  headers = await served.keyed('render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  gate.open();
  await worker.stop('abort');
  await served.close();
});

type Headers = Readonly<Record<string, string>>;

const post = (url: string, payload: object, more: Headers = {}) =>
  served.server.inject({ method: 'POST', url, payload, headers: more });
const get = (url: string, more: Headers = {}) => served.server.inject({ url, headers: more });

/** Orders a film and waits for it. @returns its id and the token of its page. */
async function newFilm(name: string, template = 'crossroads') {
  const placed = await post('/v1/renders', { template, quality: 'draft', record: { name } }, headers);
  const { id, links } = renderSchema.parse(placed.json());
  await get(links.events.replace(publicUrl, ''), headers);
  const done = renderSchema.parse((await get(`/v1/renders/${id}`, headers)).json());
  expect(done.links.page).toMatch(/^https:\/\/video\.test\/v\/[\w-]{44}$/);
  return { id, token: done.links.page?.split('/v/')[1] ?? '' };
}

/** Opens a session that is carried in memory. */
async function open(token: string) {
  const answer = await post('/viewer/session', { link: token, carry: 'memory' });
  expect(answer.statusCode).toBe(200);
  const session = sessionSchema.parse(answer.json());
  return { session, pass: { authorization: `Bearer ${session.access}` } };
}

const newId = () => randomBytes(6).toString('base64url');
const named = (...events: readonly SessionEvent[]) => events.map((event) => ({ id: newId(), event }));

const start: SessionEvent = { type: 'start' };
const left: SessionEvent = { type: 'choose', node: 'way', visit: 1, frame: 1, choice: 'left', says: 'Left' };
const toTown: readonly SessionEvent[] = [start, left, { type: 'ended', node: 'left', visit: 1 }];
const answerTown = (value: string): SessionEvent => ({
  type: 'answer',
  node: 'town',
  visit: 1,
  frame: 0,
  value,
});

async function append(pass: Headers, after: number, events: ReturnType<typeof named>, run = 0) {
  const answer = await post('/viewer/events', { run, after, events }, pass);
  expect(answer.statusCode).toBe(200);
  return eventsAppendedSchema.parse(answer.json());
}

describe('a viewer', () => {
  it('finds every clip made that the record decides, before the link was given out', async () => {
    const { token } = await newFilm('Anna');
    const { session } = await open(token);
    expect(session).toMatchObject({ rights: 'owner', title: 'Crossroads', log: [], facts: { name: 'Anna' } });
    expect(Object.entries(session.clips).map(([name, { state, shared }]) => [name, state, shared])).toEqual([
      ['["way","own",{}]', 'stored', true],
      ['["left","own",{}]', 'stored', true],
      ['["right","own",{}]', 'stored', true],
      ['["town","own",{}]', 'stored', true],
      ['["home","generic",{}]', 'stored', true],
    ]);
  });

  it('goes on where they were, on any device, and sends events as often as the network likes', async () => {
    const { token } = await newFilm('Anna');
    const { session, pass } = await open(token);
    const events = named(...toTown);
    const first = await append(pass, 0, events);
    expect(first).toMatchObject({
      outcome: 'appended',
      log: [{ to: 'way' }, { to: 'left', says: 'Left' }, { to: 'town' }],
    });
    expect(await append(pass, 0, events)).toMatchObject({ outcome: 'appended', log: first.log });
    const again = await open(token);
    expect(again.session).toMatchObject({ id: session.id, log: first.log });

    // The other tab knows two lines only.
    expect(await append(again.pass, 2, named({ type: 'back' }))).toMatchObject({
      outcome: 'behind',
      log: [{ to: 'town' }],
    });
    expect((await open(token)).session.log).toEqual(first.log);
    expect(await append(pass, 3, events.slice(0, 1))).toMatchObject({ outcome: 'refused', at: 0 });
    expect(await append(pass, 9, named(start))).toMatchObject({ outcome: 'restart', log: first.log });
    expect(await append(pass, 3, named({ type: 'back' }), 7)).toMatchObject({ outcome: 'restart' });
  });

  it('can have what they watched as one video', async () => {
    const { pipeline } = served.open;
    const { session, pass } = await open((await newFilm('Anna')).token);
    const operations = createOperations(pipeline);
    const out = path.join(await mkdtemp(path.join(tmpdir(), 'bespoke-watched-')), 'watched.mp4');
    onTestFinished(() => rm(path.dirname(out), { recursive: true, force: true }));
    const render = (id: string) =>
      operations['render.session'](
        { session: id, quality: 'draft', out },
        () => undefined,
        new AbortController().signal,
      );
    await expect(render(session.id)).rejects.toThrow('Nothing was watched in this session yet.');
    await append(pass, 0, named(...toTown));
    expect(await render(session.id)).toMatchObject({
      ...{ template: 'crossroads', format: '16:9', clips: 3, durationInFrames: 13 },
      status: { state: 'done', clipsRendered: 0 },
    });
    await append(pass, 3, named(answerTown('Rom')));
    expect(await render(session.id)).toMatchObject({ clips: 4, status: { state: 'done' } });
    await expect(render('nobody')).rejects.toThrow('No session has this id');
  });

  it('is told which event cannot be, and those before it are kept', async () => {
    const { pass } = await open((await newFilm('Bo')).token);
    const right: SessionEvent = { type: 'choose', node: 'way', visit: 1, frame: 1, choice: 'right' };
    expect(await append(pass, 0, named(start, right))).toMatchObject({
      outcome: 'refused',
      at: 1,
      refusal: { reason: 'choice-disabled' },
      log: [{ to: 'way' }],
    });
    await append(pass, 1, named(...toTown.slice(1)));
    expect(await append(pass, 3, named(answerTown('\u1200')))).toMatchObject({
      outcome: 'refused',
      at: 0,
      refusal: { reason: 'answer-refused', problem: 'not-drawable' },
      log: [],
    });
  });
});
