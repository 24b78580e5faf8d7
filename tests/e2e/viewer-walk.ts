import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import { personExportSchema } from '../../worker/people/people-schema.ts';
import { renderSchema } from '../../worker/campaigns/report-schema.ts';
import {
  knownChangedSchema,
  knownSchema,
  viewerReceiptSchema,
} from '../../video/story/viewer-data-schema.ts';
import { eventsAppendedSchema, remakeSchema, sessionSchema } from '../../video/story/viewer-schema.ts';
import type { SessionEvent } from '../../video/story/engine/take.ts';
import type { KnownChange } from '../../video/story/engine/viewer-protocol.ts';

type Headers = Readonly<Record<string, string>>;

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks the API of a deployment, wherever it is. @param path without the origin. */
export type Ask = (
  path: string,
  request?: { readonly method?: 'POST' | 'GET'; readonly headers?: Headers; readonly body?: object },
) => Promise<Answer>;

/** Words that are nowhere else: of a person's record, id, answer and correction. */
export interface Marks {
  readonly name: string;
  readonly id: string;
  readonly place: string;
  readonly corrected: string;
}

export function newMarks(): Marks {
  const mark = (prefix: string): string => `${prefix}${randomBytes(4).toString('hex')}`;
  return { name: mark('Zaphod'), id: mark('cust-'), place: mark('Mag'), corrected: mark('Ford') };
}

/** A film of a marked person and the session of its owner. */
export interface MarkedFilm {
  readonly id: string;
  readonly token: string;
  readonly pass: Headers;
}

const patient = { timeout: 120_000, interval: 300 };

const orderOf = ({ name, id }: Marks): object => ({
  template: 'invitation',
  quality: 'draft',
  record: { name, town: 'Ulm', plan: 'Plus' },
  customerId: id,
});

/** The header that a person's browser sends: for machines no clips are made. */
export const ofPerson = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
} as const;

/** Talks to the API as a client and as a viewer do. @param client headers with a key. */
export function viewerOf(asAnyone: Ask, client: Headers) {
  const ask: Ask = (path, request) =>
    asAnyone(path, { ...request, headers: { ...ofPerson, ...request?.headers } });
  const post = async (path: string, body: object, headers: Headers): Promise<unknown> => {
    const answer = await ask(path, { method: 'POST', headers, body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  };
  const get = async (path: string, headers: Headers): Promise<unknown> =>
    JSON.parse((await ask(path, { headers })).body);

  return {
    post,
    get,

    /** Orders a film, waits for it and opens it. */
    watch: async (marks: Marks): Promise<MarkedFilm> => {
      const { id } = renderSchema.parse(await post('/v1/renders', orderOf(marks), client));
      const done = await vi.waitFor(async () => {
        const render = renderSchema.parse(await get(`/v1/renders/${id}`, client));
        expect(render.status.state).toBe('done');
        return render;
      }, patient);
      const token = done.links.page?.split('/v/')[1] ?? '';
      const opened = await post('/viewer/session', { link: token, carry: 'memory' }, {});
      return { id, token, pass: { authorization: `Bearer ${sessionSchema.parse(opened).access}` } };
    },

    append: async ({ pass }: MarkedFilm, after: number, ...events: readonly SessionEvent[]) => {
      const sent = events.map((event) => ({ id: randomBytes(6).toString('base64url'), event }));
      return eventsAppendedSchema.parse(await post('/viewer/events', { run: 0, after, events: sent }, pass));
    },

    change: async ({ pass }: MarkedFilm, ...changes: readonly KnownChange[]) =>
      knownChangedSchema.parse(await post('/viewer/known', { changes }, pass)),

    untilRemade: ({ pass }: MarkedFilm) =>
      vi.waitFor(async () => {
        expect(remakeSchema.parse(await get('/viewer/remake', pass))).toEqual({ state: 'none' });
      }, patient),

    /** Asks for a clip as often as it is told to. */
    clip: ({ pass }: MarkedFilm, url: string) =>
      vi.waitFor(async () => {
        const answer = await ask(url, { headers: pass });
        if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
        return answer;
      }, patient),
  };
}

/** What leads to the question of the invitation. */
export const toQuestion: readonly SessionEvent[] = [
  { type: 'start' },
  { type: 'ended', node: 'hello', visit: 1 },
];

/** Answers it; the clip that follows shows the answer. */
export const answerQuestion = (value: string): SessionEvent => ({
  type: 'answer',
  node: 'where',
  visit: 1,
  frame: 0,
  value,
});

/** The name of the clip that shows the answer. */
export const houseOf = (place: string): string => `["house","own",{"home":"${place}"}]`;

/** A person watches, answers, agrees, corrects, withholds, shares, takes a copy, and has all of it erased. */
export async function walkAndErase(ask: Ask, client: Headers, marks: Marks): Promise<void> {
  const viewer = viewerOf(ask, client);
  const film = await viewer.watch(marks);
  const { id, token, pass } = film;
  await viewer.append(film, 0, ...toQuestion);
  await viewer.post('/viewer/consent', { variable: 'home', agreed: true }, pass);
  const answered = await viewer.append(film, 2, answerQuestion(marks.place));
  expect(answered.outcome).toBe('appended');
  await viewer.clip(film, answered.clips[houseOf(marks.place)]?.url ?? '');
  await viewer.untilRemade(film);

  await viewer.change(film, { name: 'name', do: 'correct', value: marks.corrected });
  const { values } = knownSchema.parse(await viewer.get('/viewer/known', pass));
  expect(values.find(({ name }) => name === 'town')?.value).toBe(marks.place);
  expect(values.find(({ name }) => name === 'name')?.value).toBe(marks.corrected);
  await viewer.untilRemade(film);
  await viewer.post('/viewer/share', {}, pass);
  const { videos } = personExportSchema.parse(await viewer.get('/viewer/known/export', pass));
  const exported = videos.find((video) => video.id === id);
  expect(exported).toMatchObject({
    record: { name: marks.name },
    current: { name: marks.corrected, town: marks.place },
  });
  expect(JSON.stringify(exported?.sessions)).toContain(marks.place);

  // What is being made when everything goes must not come back either.
  await viewer.change(film, { name: 'name', do: 'withhold' });
  const erased = viewerReceiptSchema.parse(await viewer.post('/viewer/erase', { confirm: true }, pass));
  expect(erased.erased).toMatchObject({ records: 1, sessions: 1, events: 3 });
  const again = await ask('/viewer/session', { method: 'POST', body: { link: token, carry: 'memory' } });
  expect(again.status).toBe(404);
  // A later order of them is accepted, and nothing of it is kept.
  const late = renderSchema.parse(await viewer.post('/v1/renders', orderOf(marks), client));
  await vi.waitFor(async () => {
    const { status } = renderSchema.parse(await viewer.get(`/v1/renders/${late.id}`, client));
    expect(status).toMatchObject({ state: 'skipped', reason: 'erased' });
  }, patient);
}
