import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { registry } from '../../fixtures/shipped-templates.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { decodeMark } from '../../fixtures/templates/frame-counter/frame-colour.ts';
import { decodeFrames } from '../decode-video.ts';
import { stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

let served: ServedDeployment;
let worker: RunningWorker | undefined;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  served = await serveDeployment();
  headers = await served.keyed('render', 'read');
});

afterEach(async () => {
  await worker?.stop('abort');
  worker = undefined;
});

afterAll(() => served.close());

const bodyFor = (name: string) => ({ template: 'frame-counter', quality: 'draft', record: { name } });

const campaign = (body: object, more: Readonly<Record<string, string>> = {}) =>
  served.server.inject({
    method: 'POST',
    url: '/v1/renders',
    headers: { ...headers, ...more },
    payload: body,
  });

const get = (url: string, more: Readonly<Record<string, string>> = {}) =>
  served.server.inject({ url: url.replace(publicUrl, ''), headers: { ...headers, ...more } });

async function placed(name: string) {
  const response = await campaign(bodyFor(name));
  expect(response.statusCode).toBe(202);
  return renderSchema.parse(response.json());
}

/** The standings that a stream of events told, and the id of the last. */
function readEvents(text: string) {
  const events = Array.from(text.matchAll(/^id: (\S+)\ndata: (.+)\n\n/gm), ([, id = '', data = '']) => ({
    id,
    render: renderSchema.parse(JSON.parse(data)),
  }));
  return { states: events.map(({ render }) => render.status.state), last: events.at(-1) };
}

describe('a video whose page needs clips that the video does not show', () => {
  it('is told of without fault and without a step back, from its order to its end', async () => {
    const reports: ReturnType<typeof renderSchema.parse>[] = [];
    let look: () => Promise<void> = () => Promise.resolve();
    const stub = stubParts({ draw: () => look(), assemble: () => look() });
    const options = { registry, exchangeParts: stub };
    const tour = await serveDeployment({}, options, { concurrency: 1 });
    const keys = await tour.keyed('render', 'read');
    const ask = (url: string) => tour.server.inject({ url: url.replace(publicUrl, ''), headers: keys });

    const record = { firstName: 'Anna', home: 'House', household: 4, monthlyBill: 148, currency: 'EUR' };
    const payload = { template: 'product-tour', quality: 'draft', record };
    const answer = await tour.server.inject({ method: 'POST', url: '/v1/renders', headers: keys, payload });
    expect(answer.statusCode).toBe(202);
    const { links } = renderSchema.parse(answer.json());
    look = async () => {
      const report = await ask(links.self);
      expect(report.statusCode).toBe(200);
      reports.push(renderSchema.parse(report.json()));
    };
    const running = await tour.open.startWorker();
    onTestFinished(async () => {
      await running.stop('abort');
      await tour.close();
    });
    const stream = readEvents((await ask(links.events)).body);
    await look();
    expect([stream.states.at(-1), reports.at(-1)?.status.state]).toEqual(['done', 'done']);

    const rendering = reports.flatMap(({ status }) => (status.state === 'rendering' ? [status] : []));
    expect(rendering.some(({ beside }) => beside !== undefined)).toBe(true);
    for (const { done, total, beside } of rendering) {
      expect(done).toBeLessThanOrEqual(total);
      expect(total).toBe(rendering[0]?.total);
      if (beside !== undefined) expect(beside.done).toBeLessThan(beside.total);
    }
    const risen = (counts: readonly number[]) => expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    risen(rendering.map(({ done }) => done));
    risen(rendering.flatMap(({ beside }) => beside?.done ?? []));
    expect(rendering.at(-1)).toMatchObject({ done: rendering[0]?.total });
  });
});

describe('a video by HTTP', () => {
  it('is ordered, followed to its end, and downloaded frame by frame', async () => {
    const { id, status, links, metadata } = renderSchema.parse(
      (await campaign({ ...bodyFor('Anna'), metadata: { ticket: 'A-1' } })).json(),
    );
    expect({ status, metadata }).toEqual({ status: { state: 'queued' }, metadata: { ticket: 'A-1' } });
    worker = await served.open.startWorker();

    const stream = await get(links.events);
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const { states, last } = readEvents(stream.body);
    expect([states.at(0), states.at(-1)]).toEqual(['queued', 'done']);
    expect((await get(links.events, { 'last-event-id': last?.id ?? '' })).statusCode).toBe(204);

    const render = renderSchema.parse((await get(links.self)).json());
    expect(render).toEqual(last?.render);
    expect(render.status).toMatchObject({ state: 'done', clipsRendered: 2, clipsReused: 0, warnings: [] });
    const { video = '', poster = '', teaser = '', captions = '' } = render.links;
    for (const [link, type] of [
      [poster, 'image/jpeg'],
      [teaser, 'image/gif'],
      [captions, 'text/vtt; charset=utf-8'],
    ] as const) {
      const answer = await served.server.inject({ url: link.replace(publicUrl, '') });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
    }
    const download = await served.server.inject({ url: video.replace(publicUrl, '') });
    expect(download.headers['content-type']).toBe('video/mp4');
    const file = path.join(served.deployment.folder, `${id}.mp4`);
    await writeFile(file, download.rawPayload);
    const frames = await decodeFrames(file, { width: 640, height: 360 });
    expect(frames.map(([r = 0, g = 0, b = 0]) => decodeMark({ r, g, b })?.frame)).toEqual([
      ...Array.from({ length: 15 }, (_, frame) => frame),
      ...Array.from({ length: 18 }, (_, frame) => frame),
    ]);

    const renewed = renderSchema.parse(
      (await served.server.inject({ method: 'POST', url: `/v1/renders/${id}/links`, headers })).json(),
    );
    expect(renewed.links.video).not.toBe(video);
    expect((await served.server.inject({ url: video.replace(publicUrl, '') })).statusCode).toBe(404);
    const again = renewed.links.video?.replace(publicUrl, '') ?? '';
    expect((await served.server.inject({ url: again, method: 'HEAD' })).statusCode).toBe(200);
    const revoked = await served.server.inject({ method: 'DELETE', url: `/v1/renders/${id}/links`, headers });
    expect(renderSchema.parse(revoked.json()).links).toEqual({ self: links.self, events: links.events });
    expect((await served.server.inject({ url: again })).statusCode).toBe(404);
  });

  it('is ordered once, however often the same request comes', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => campaign(bodyFor('Bo'), key)));
    const ids = answers.map((answer) => renderSchema.parse(answer.json()).id);
    expect(new Set(ids).size).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202, 202]);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true')).toHaveLength(4);
    expect(new Set(answers.map((answer) => answer.headers.location))).toEqual(
      new Set([`${publicUrl}/v1/renders/${ids[0]}`]),
    );

    const other = await campaign(bodyFor('Eva'), key);
    expect([other.statusCode, other.json()]).toMatchObject([409, { code: 'idempotency-conflict' }]);
    const stranger = await served.keyed('render');
    const theirs = await campaign(bodyFor('Eva'), { ...key, ...stranger });
    expect(theirs.statusCode).toBe(202);
  });

  it('is cancelled, also twice, and its stream of events ends', async () => {
    const { id, links } = await placed('Carl');
    const watching = get(links.events);
    await sleep(50);
    const cancel = () => served.server.inject({ method: 'DELETE', url: `/v1/renders/${id}`, headers });
    for (const answer of [await cancel(), await cancel()]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([200, { id, status: { state: 'cancelled' } }]);
    }
    expect(readEvents((await watching).body).states).toEqual(['queued', 'cancelled']);
  });

  it('says all that is wrong with its record', async () => {
    const answer = await campaign({ ...bodyFor('x'), record: { nam: 'Anna', name: ' ' } });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      422,
      {
        code: 'record-invalid',
        errors: [
          { pointer: '/record/name', message: 'Field "name" is empty; write a value such as Anna.' },
          { pointer: '/record/nam', message: 'There is no field "nam". Did you mean "name"?' },
        ],
      },
    ]);
  });

  it.each([
    [{ template: 'frame-countr' }, 422, 'template-unknown', '/template'],
    [{ format: '1:1' }, 400, 'request-invalid', '/format'],
    [{ webhookUrl: 'http://127.0.0.1/hook' }, 422, 'webhook-target-refused', '/webhookUrl'],
    [{ quality: 'best' }, 400, 'request-invalid', '/quality'],
    [{ metadata: { 'a/b~c': [1] } }, 400, 'request-invalid', '/metadata/a~1b~0c'],
    [{ priorty: 'urgent' }, 400, 'request-invalid', '/priorty'],
  ])('refuses %j with %i and names the place', async (change, status, code, pointer) => {
    const answer = await campaign({ ...bodyFor('Anna'), ...change });
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code, errors: [{ pointer }] }]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it.each([randomUUID(), 'abc', '..%2f..%2fetc%2fpasswd', '%00', 'x'.repeat(199), `${randomUUID()}'--`])(
    'is not found under %s',
    async (id) => {
      for (const [method, url] of [
        ['GET', `/v1/renders/${id}`],
        ['GET', `/v1/renders/${id}/events`],
        ['DELETE', `/v1/renders/${id}`],
        ['POST', `/v1/renders/${id}/links`],
        ['DELETE', `/v1/renders/${id}/links`],
      ] as const) {
        const answer = await served.server.inject({ method, url, headers });
        expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'render-unknown' }]);
      }
    },
  );

  it('leaves nothing about anybody in the log of requests', async () => {
    await campaign(bodyFor('Zaphodine'));
    await campaign({ ...bodyFor('x'), record: { name: 7, Zaphodine: 'Zaphodine' } });
    await get('/v1/renders/Zaphodine?name=Zaphodine');
    expect(JSON.stringify(served.noted)).not.toContain('Zaphodine');
    expect(served.noted.at(-1)).toMatchObject({
      message: 'request',
      fields: { method: 'GET', route: '/v1/renders/:id', status: 404 },
    });
  });
});
