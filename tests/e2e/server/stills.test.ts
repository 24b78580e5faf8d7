import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../../client/api-client.ts';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import type { Pipeline } from '../../../worker/core/pipeline.ts';
import { decodeMark, nameMark, type FrameMark } from '../../fixtures/templates/frame-counter/frame-colour.ts';
import { engineColumns, newDeployment } from '../deployment.ts';
import { newGate, stubParts } from '../stub-parts.ts';
import { serveAgain, type ServedDeployment } from './server-bench.ts';

const template = 'frame-counter';

describe.each(engineColumns)('POST /v1/stills on %s', (column) => {
  let served: ServedDeployment;
  let worker: RunningWorker;
  let headers: Readonly<Record<string, string>>;
  const gate = newGate();
  let drawn = 0;
  let failing: Error | undefined;
  let lastFile = '';

  /** Clips wait at the gate; pictures are really drawn. */
  const exchangeParts = (pipeline: Pipeline): Pipeline => {
    const stubbed = stubParts({ draw: gate.pass, assemble: () => Promise.resolve() })(pipeline);
    return {
      ...stubbed,
      store: {
        ...stubbed.store,
        publish: (namespace, name, ...rest) => {
          if (namespace === 'stills' && name.endsWith('.png')) lastFile = name;
          return stubbed.store.publish(namespace, name, ...rest);
        },
      },
      renderer: {
        ...stubbed.renderer,
        renderStill: async (...args) => {
          drawn += 1;
          if (failing !== undefined) throw failing;
          await pipeline.renderer.renderStill(...args);
        },
      },
    };
  };

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    served = await serveAgain(
      await newDeployment(column, servers),
      { stillPatienceMs: 8_000 },
      { exchangeParts },
    );
    headers = await served.keyed('admin', 'render', 'read');
    worker = await served.open.startWorker();
  });

  afterAll(async () => {
    gate.open();
    await worker.stop('abort');
    await served.close();
  });

  const call = (
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
    more: Readonly<Record<string, string>> = headers,
  ) => served.server.inject({ method, url, headers: more, ...(payload && { payload }) });

  const ask = (payload: object, more = headers) => call('POST', '/v1/stills', payload, more);

  /** What the drawn frame says about itself. */
  async function markOf(payload: object, more = headers): Promise<FrameMark | undefined> {
    const answer = await ask(payload, more);
    expect([answer.statusCode, answer.headers['content-type']], answer.body.slice(0, 300)).toEqual([
      200,
      'image/png',
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const image = sharp(answer.rawPayload);
    expect((await image.metadata()).format).toBe('png');
    const [r = 0, g = 0, b = 0] = await image.resize(1, 1).removeAlpha().raw().toBuffer();
    return decodeMark({ r, g, b });
  }

  it('draws a record that was not ordered: the poster, or a scene at rest', async () => {
    const record = { first_name: 'Anna' };
    expect(await markOf({ template, record })).toEqual({
      ...{ scene: 'number', frame: 4, nameMark: nameMark('Anna') },
    });
    const half = { template, record, quality: 'draft' };
    expect(await markOf({ ...half, scene: 'intro' })).toMatchObject({ scene: 'intro', frame: 9 });
    expect(await markOf({ ...half, scene: 'number' })).toMatchObject({ scene: 'number', frame: 10 });
    // Nothing was ordered.
    expect((await call('GET', '/v1/renders')).json()).toMatchObject({ renders: [] });
  });

  it('draws the same request once, also when it is asked for at the same time', async () => {
    const before = drawn;
    const asked = { template, record: { name: 'Bo' }, quality: 'draft' };
    const answers = await Promise.all([ask(asked), ask(asked), ask(asked)]);
    for (const { statusCode } of answers) expect(statusCode).toBe(200);
    expect((await ask(asked)).statusCode).toBe(200);
    expect(drawn).toBe(before + 1);
    await ask({ ...asked, record: { name: 'Bob' } });
    expect(drawn).toBe(before + 2);
  });

  it('draws a row of a campaign while its video waits, by its id and by its number', async () => {
    gate.close();
    const rows = [
      { customer_id: 'c-1', name: 'Cy' },
      { customer_id: 'c-2', name: 'Dora' },
      { customer_id: 'c-3', name: '' },
    ];
    const placed = await call('POST', '/v1/campaigns', { template, quality: 'draft', rows });
    const { id: campaign } = z.looseObject({ id: z.string() }).parse(placed.json());
    const listed = z.object({ rows: z.array(renderSchema) });
    const rowsOf = async () =>
      listed.parse((await call('GET', `/v1/campaigns/${campaign}/rows`)).json()).rows;
    await vi.waitFor(async () => expect(await rowsOf()).toHaveLength(3), { timeout: 20_000 });
    const [first, second] = await rowsOf();
    expect(second?.status.state).toBe('queued');
    const expected = { scene: 'number', nameMark: nameMark('Dora') };
    expect(await markOf({ campaign, row: 2 })).toMatchObject(expected);
    expect(await markOf({ render: second?.id, scene: 'number' })).toMatchObject({ ...expected, frame: 10 });

    for (const [body, status, code] of [
      [{ campaign, row: 3 }, 409, 'record-unknown'],
      [{ campaign, row: 4 }, 404, 'render-unknown'],
      [{ campaign: crypto.randomUUID(), row: 1 }, 404, 'render-unknown'],
      [{ render: crypto.randomUUID() }, 404, 'render-unknown'],
      [{ campaign }, 400, 'request-invalid'],
      [{ campaign, row: 0 }, 400, 'request-invalid'],
      [{}, 400, 'request-invalid'],
    ] as const) {
      const answer = await ask(body);
      expect([answer.statusCode, answer.json()], JSON.stringify(body)).toMatchObject([status, { code }]);
    }
    // A key that may only order sees what it sends, and nobody's row.
    const only = await served.keyed('render');
    const refused = await ask({ campaign, row: 2 }, only);
    expect([refused.statusCode, refused.json()]).toMatchObject([403, { code: 'key-forbidden' }]);
    expect(await markOf({ template, record: { name: 'Eve' } }, only)).toBeDefined();
    expect((await ask({ template, record: { name: 'Eve' } }, await served.keyed('read'))).statusCode).toBe(
      403,
    );
    gate.open();
    await vi.waitFor(
      async () =>
        expect((await call('GET', `/v1/renders/${first?.id}`)).json()).toMatchObject({
          status: { state: 'done' },
        }),
      { timeout: 20_000 },
    );
    expect(await markOf({ render: first?.id })).toMatchObject({ nameMark: nameMark('Cy') });
    await call('DELETE', `/v1/renders/${first?.id}`);
    expect((await ask({ render: first?.id })).json()).toMatchObject({ code: 'record-unknown' });
  });

  it('refuses what an order would refuse, and scenes that are not there', async () => {
    for (const [body, status, expected] of [
      [{ template, record: {} }, 422, { code: 'record-invalid', errors: [{ pointer: '/record/name' }] }],
      [{ template: 'none', record: {} }, 422, { code: 'template-unknown' }],
      [{ template, record: { name: 'A' }, format: '9:16' }, 400, { code: 'request-invalid' }],
      [{ template, record: { name: 'A' }, scene: 'outro' }, 422, { code: 'still-failed' }],
      [{ template, record: { name: 'A', note: 1 } }, 422, { code: 'record-invalid' }],
    ] as const) {
      const answer = await ask(body);
      expect([answer.statusCode, answer.json()], JSON.stringify(body)).toMatchObject([status, expected]);
    }
    expect(await markOf({ template, record: { name: 'A', note: 1 }, unknownFields: 'ignore' })).toBeDefined();
  });

  it('says why a picture cannot be drawn, and tries it again when it is asked for again', async () => {
    failing = new BespokeError('scene-failed', 'The scene "number" could not be drawn.');
    const asked = { template, record: { name: 'Fay' } };
    const answer = await ask(asked);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      422,
      { code: 'still-failed', detail: expect.stringContaining('scene-failed') as string },
    ]);
    failing = undefined;
    expect(await markOf(asked)).toBeDefined();
    const broken = await ask({ template, record: { name: 'Nemo' } });
    expect([broken.statusCode, broken.json()]).toMatchObject([422, { code: 'still-failed' }]);
  });

  it('draws again what was lost from the store', async () => {
    const { pipeline } = served.open;
    const asked = { template, record: { name: 'Gus' } };
    expect(await markOf(asked)).toBeDefined();
    const file = lastFile;
    expect(file).toMatch(/^[0-9a-f]{64}\.png$/);
    expect(await pipeline.store.has('stills', file)).toBe(true);
    await pipeline.store.remove('stills', file);
    expect(await markOf(asked)).toBeDefined();
    expect(await pipeline.store.has('stills', file)).toBe(true);
  });

  it('draws nobody who was erased', async () => {
    const asked = { template, record: { name: 'Hal' }, customerId: 'c-h' };
    expect(await markOf(asked)).toBeDefined();
    await call('POST', '/v1/people/erase', { customerId: 'c-h' });
    const answer = await ask(asked);
    expect([answer.statusCode, answer.json()]).toMatchObject([422, { code: 'person-erased' }]);
  });

  it('waits for a worker, and answers 202 where there is none; the client asks until it has the picture', async () => {
    await worker.stop('drain');
    const asked = { template, record: { name: 'Ida' } };
    const waiting = ask(asked);
    const client = createClient({
      baseUrl: 'http://server.test',
      key: String(headers['authorization']).replace('Bearer ', ''),
      fetch: async () => {
        const answer = await ask(asked);
        const body = answer.statusCode === 202 ? null : new Uint8Array(answer.rawPayload);
        return new Response(body, { status: answer.statusCode, headers: textsOf(answer.headers) });
      },
    });
    const picture = client.drawStill(asked);
    const answer = await waiting;
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([202, '1']);
    worker = await served.open.startWorker();
    const bytes = Buffer.from(await (await picture).arrayBuffer());
    expect((await sharp(bytes).metadata()).format).toBe('png');
  });
});

const textsOf = (headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
