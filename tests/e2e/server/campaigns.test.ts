import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { RunningWorker } from '../../../worker/compose.ts';
import { serveDeployment, publicUrl, type ServedDeployment } from './server-bench.ts';
import { type Field, uploadOf } from './upload-form.ts';

const unknownId = '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10';

const campaign = z.object({
  id: z.string(),
  state: z.string(),
  rows: z.record(z.string(), z.number()),
  links: z.record(z.string(), z.string()),
});
type Campaign = z.infer<typeof campaign>;

const rowPage = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      status: z.object({ state: z.string() }),
      campaign: z.object({ row: z.number() }),
      links: z.record(z.string(), z.string()),
    }),
  ),
  next: z.string().optional(),
});

let served: ServedDeployment;
let worker: RunningWorker | undefined;
let headers: { readonly authorization: string };

beforeAll(async () => {
  served = await serveDeployment();
  headers = await served.keyed('admin');
});

afterAll(async () => {
  await worker?.stop('abort');
  await served.close();
});

async function call(options: InjectOptions) {
  const answer = await served.server.inject({ ...options, headers: { ...headers, ...options.headers } });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    json: (): unknown => answer.json(),
  };
}

/** Uploads a file; fields whose names begin with `>` come after it. */
const upload = (file: string, fields: readonly Field[], more: Readonly<Record<string, string>> = {}) =>
  call(uploadOf(file, fields, { headers: more }));

const draft: readonly Field[] = [
  ['template', 'frame-counter'],
  ['quality', 'draft'],
];

const address = (url: string): string => url.replace(publicUrl, '');

async function ask(id: string): Promise<Campaign> {
  return campaign.parse((await call({ url: `/v1/campaigns/${id}` })).json());
}

async function work(): Promise<void> {
  worker ??= await served.open.startWorker();
}

async function untilEnded(id: string, state = 'finished'): Promise<Campaign> {
  await work();
  return vi.waitFor(
    async () => {
      const found = await ask(id);
      expect(found.state).toBe(state);
      return found;
    },
    { timeout: 120_000, interval: 100 },
  );
}

/** What is left of uploads. Others may be at work. */
const scratchFiles = async (): Promise<string[]> => {
  const all = await readdir(path.join(served.deployment.folder, 'store/scratch'), {
    recursive: true,
    withFileTypes: true,
  });
  return all.filter((each) => each.isFile() && /\.(?:upload|csv)$/.test(each.name)).map(({ name }) => name);
};

const containing = (text: string): unknown => expect.stringContaining(text) as unknown;

const good = 'customer_id;first_name;note\nc-1;Anna;x\nc-2;Bo;y\n';

it('tells what a form would take, and orders nothing', async () => {
  const before = await call({ url: '/v1/campaigns' });
  const answer = await upload(`${good}c-3;;z\n`, [...draft, ['dryRun', 'true'], ['>map', 'first_name=name']]);
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject({
    rows: { good: 2, bad: 1 },
    clips: { distinct: 3 },
    input: { delimiter: ';', idColumn: 'customer_id', mapping: [{ column: 'first_name', field: 'name' }] },
    badRows: [{ row: 3, code: 'row-invalid' }],
  });
  expect((await call({ url: '/v1/campaigns' })).json()).toEqual(before.json());
  expect(await scratchFiles()).toEqual([]);
});

it('counts suspect values, fails their rows with `strict`, and ignores the kinds that `accept` names', async () => {
  const csv = 'first_name\nNULL\nAnna\nJosÃ©\nNULL\n';
  const asked: readonly Field[] = [...draft, ['dryRun', 'true'], ['map', 'first_name=name']];
  expect((await upload(csv, asked)).json()).toMatchObject({
    rows: { good: 4, bad: 0 },
    warnings: [
      { code: 'placeholder', field: 'first_name', rows: 2, examples: [{ row: 1 }] },
      { code: 'damaged-text', rows: 1, examples: [{ row: 3, message: containing('"José"') }] },
    ],
  });
  const strict = await upload(csv, [...asked, ['strict', 'true'], ['accept', 'placeholder']]);
  expect(strict.json()).toMatchObject({
    rows: { good: 3, bad: 1 },
    warnings: [],
    badRows: [{ row: 3, code: 'row-suspect', message: containing('"José"') }],
  });
  const unknown = await upload(csv, [...asked, ['accept', 'placeholders']]);
  expect(unknown.json()).toMatchObject({ status: 400, errors: [{ pointer: '/accept/0' }] });
});

it('reports and refuses the suspect values of one record', async () => {
  const order = (more: object) =>
    call({
      method: 'POST',
      url: '/v1/renders',
      payload: { template: 'frame-counter', quality: 'draft', record: { name: 'N/A' }, ...more },
    });
  expect((await order({ strict: true })).json()).toMatchObject({
    status: 422,
    errors: [{ pointer: '/record/name', message: containing('placeholder') }],
  });
  const placed = z.object({ id: z.string() }).parse((await order({})).json());
  await work();
  await vi.waitFor(
    async () =>
      expect((await call({ url: `/v1/renders/${placed.id}` })).json()).toMatchObject({
        status: { state: 'done', warnings: [{ code: 'placeholder', field: 'name' }] },
      }),
    { timeout: 60_000, interval: 100 },
  );
});

it('takes rows as JSON as it takes a file', async () => {
  const payload = { template: 'frame-counter', quality: 'draft', rows: [{ Kunde: 'Anna' }, { Kunde: 'Bo' }] };
  const unmapped = await call({ method: 'POST', url: '/v1/campaigns', payload });
  expect(unmapped.json()).toMatchObject({ status: 422, code: 'csv-columns' });
  const mapped = { ...payload, map: { Kunde: 'name' } };
  expect(
    (await call({ method: 'POST', url: '/v1/campaigns', payload: { ...mapped, dryRun: true } })).json(),
  ).toMatchObject({
    rows: { good: 2, bad: 0 },
    input: { fileName: 'rows.csv' },
  });
  const placed = await call({ method: 'POST', url: '/v1/campaigns', payload: mapped });
  expect(placed.status).toBe(202);
  const { id, rows } = campaign.parse(placed.json());
  expect(rows).toMatchObject({ total: 2, queued: 2 });
  expect((await call({ method: 'DELETE', url: `/v1/campaigns/${id}` })).status).toBe(200);
});

it('answers a repeated upload with the same campaign, and refuses another one of that key', async () => {
  const key = { 'idempotency-key': 'mailing-7' };
  const first = await upload(good, draft, key);
  const again = await upload(good, draft, key);
  expect([first.status, again.status]).toEqual([202, 202]);
  const { id } = campaign.parse(first.json());
  expect(campaign.parse(again.json()).id).toBe(id);
  expect(first.headers.location).toBe(`${publicUrl}/v1/campaigns/${id}`);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect((await upload(`${good}c-4;Cy;\n`, draft, key)).json()).toMatchObject({
    status: 409,
    code: 'idempotency-conflict',
  });
  expect((await upload(good, [['template', 'frame-counter']], key)).status).toBe(409);
  expect(await scratchFiles()).toEqual([]);
  await call({ method: 'DELETE', url: `/v1/campaigns/${id}` });
});

it('goes from a file to videos and back to a file, and makes failed rows anew', async () => {
  const placed = await upload(`${good}c-3;;z\nc-4;Cy;\n`, [['metadata', '{"mailing":"spring"}'], ...draft]);
  expect(placed.status).toBe(202);
  const { id, links } = campaign.parse(placed.json());
  expect(placed.json()).toMatchObject({ metadata: { mailing: 'spring' }, rows: { total: 4 } });

  const early = await call({ url: `/v1/campaigns/${id}/results.csv` });
  expect(early.json()).toMatchObject({ status: 409, code: 'campaign-unfinished' });
  expect(early.headers['retry-after']).toBe('10');
  expect((await call({ method: 'POST', url: `/v1/campaigns/${id}/retry` })).status).toBe(409);

  const ended = await untilEnded(id);
  expect(ended.rows).toEqual({
    total: 4,
    queued: 0,
    rendering: 0,
    done: 3,
    failed: 1,
    skipped: 0,
    cancelled: 0,
  });

  const results = await call({ url: address(links.results ?? '') });
  expect(results.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="campaign-${id.slice(0, 8)}-results.csv"`,
  });
  const lines = parse(results.text, { bom: true, delimiter: ';' });
  expect(lines.map((cells) => cells.slice(0, 4))).toEqual([
    ['customer_id', 'first_name', 'note', 'bespoke_status'],
    ['c-1', 'Anna', 'x', 'done'],
    ['c-2', 'Bo', 'y', 'done'],
    ['c-3', '', 'z', 'failed'],
    ['c-4', 'Cy', '', 'done'],
  ]);
  expect(lines[1]?.[4]).toMatch(new RegExp(`^${publicUrl}/f/[\\w-]{44}$`));
  const failed = await call({ url: address(links.failed ?? '') });
  expect(parse(failed.text, { bom: true, delimiter: ';' })).toHaveLength(2);
  expect(await scratchFiles()).toEqual([]);

  const retried = await call({ method: 'POST', url: `/v1/campaigns/${id}/retry` });
  expect(retried.status).toBe(202);
  expect(retried.json()).toMatchObject({ rows: 1, campaign: { id, rows: { done: 3 } } });
  expect((await untilEnded(id)).rows).toMatchObject({ done: 3, failed: 1 });
});

it('pages through rows of the states that are asked for', async () => {
  const names = Array.from(
    { length: 7 },
    (_, index) => `c-${index},${index % 3 === 2 ? '' : `N${index % 2}`}`,
  );
  const { id } = campaign.parse((await upload(`id,name\n${names.join('\n')}\n`, draft)).json());
  await untilEnded(id);

  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const query = `limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const page = rowPage.parse((await call({ url: `/v1/campaigns/${id}/rows?${query}` })).json());
    seen.push(...page.rows.map((row) => row.campaign.row));
    cursor = page.next;
  } while (cursor !== undefined);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);

  const failed = rowPage.parse((await call({ url: `/v1/campaigns/${id}/rows?status=failed` })).json());
  expect(failed.rows.map((row) => row.campaign.row)).toEqual([3, 6]);
  const ended = rowPage.parse(
    (await call({ url: `/v1/campaigns/${id}/rows?status=done,failed&limit=500` })).json(),
  );
  expect(ended.rows).toHaveLength(7);
  const [row] = ended.rows;
  expect(row?.links.video).toMatch(/\/f\//);
  expect((await call({ url: `/v1/renders/${row?.id}` })).json()).toMatchObject({
    id: row?.id,
    campaign: { id, row: 1 },
  });

  for (const query of [
    'status=finished',
    'cursor=abc',
    'cursor=%00',
    'limit=0',
    'limit=501',
    'limit=1e2',
    'limit=2&limit=3',
    'page=2',
  ]) {
    const refused = await call({ url: `/v1/campaigns/${id}/rows?${query}` });
    expect([query, refused.json()]).toMatchObject([query, { status: 400, code: 'request-invalid' }]);
  }
});

it('tells the end of a campaign as an event', async () => {
  const { id } = campaign.parse((await upload(good, draft)).json());
  await work();
  const events = await call({ url: `/v1/campaigns/${id}/events` });
  expect(events.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  const told = [...events.text.matchAll(/^id: (.+)\ndata: (.+)$/gm)].map(([, event = '', data = '']) => ({
    event,
    data: campaign.parse(JSON.parse(data)),
  }));
  const last = told.at(-1);
  expect(last?.data).toMatchObject({ id, state: 'finished', rows: { total: 2, done: 2 } });
  expect((await call({ url: `/v1/campaigns/${id}` })).json()).toMatchObject(last?.data ?? {});
  const again = await call({
    url: `/v1/campaigns/${id}/events`,
    headers: { 'last-event-id': last?.event ?? '' },
  });
  expect(again.status).toBe(204);
});

it('cancels a campaign once and for all', async () => {
  await worker?.stop('drain');
  worker = undefined;
  const { id } = campaign.parse((await upload('id,name\n1,Fresh A\n2,Fresh B\n', draft)).json());
  const first = await call({ method: 'DELETE', url: `/v1/campaigns/${id}` });
  expect(first.status).toBe(200);
  expect(campaign.parse(first.json()).rows).toMatchObject({ total: 2, cancelled: 2 });
  const ended = await untilEnded(id, 'cancelled');
  expect(ended.rows).toEqual({
    total: 2,
    queued: 0,
    rendering: 0,
    done: 0,
    failed: 0,
    skipped: 0,
    cancelled: 2,
  });
  expect((await call({ method: 'DELETE', url: `/v1/campaigns/${id}` })).json()).toMatchObject({
    state: 'cancelled',
  });
  const { text } = await call({ url: `/v1/campaigns/${id}/results.csv` });
  expect(parse(text, { bom: true }).map((cells) => cells[2])).toEqual([
    'bespoke_status',
    'cancelled',
    'cancelled',
  ]);
});

it('lists campaigns, the newest first', async () => {
  const page = z.object({ campaigns: z.array(campaign), next: z.string().optional() });
  const all = page.parse((await call({ url: '/v1/campaigns?limit=100' })).json());
  const first = page.parse((await call({ url: '/v1/campaigns?limit=2' })).json());
  const second = page.parse((await call({ url: `/v1/campaigns?limit=2&cursor=${first.next}` })).json());
  expect([...first.campaigns, ...second.campaigns]).toEqual(all.campaigns.slice(0, 4));
});

it.each(['', '/rows', '/events', '/results.csv', '/failed.csv'])(
  'knows no campaign%s of another id',
  async (rest) => {
    const answer = await call({ url: `/v1/campaigns/${unknownId}${rest}` });
    expect(answer.json()).toMatchObject({ status: 404, code: 'campaign-unknown' });
  },
);

it('neither retries nor cancels what is no campaign', async () => {
  const render = { template: 'frame-counter', record: { name: 'Anna' }, quality: 'draft' };
  const { id } = z
    .object({ id: z.string() })
    .parse((await call({ method: 'POST', url: '/v1/renders', payload: render })).json());
  for (const [method, rest] of [
    ['DELETE', ''],
    ['POST', '/retry'],
  ] as const) {
    expect((await call({ method, url: `/v1/campaigns/${id}${rest}` })).status).toBe(404);
    expect((await call({ method, url: `/v1/campaigns/${unknownId}${rest}` })).status).toBe(404);
  }
});

it('wants the right scopes', async () => {
  const reader = await served.keyed('read');
  const orderer = await served.keyed('render');
  const as = (key: typeof reader, method: 'GET' | 'POST' | 'DELETE', url: string) =>
    served.server.inject({ method, url, headers: key }).then(({ statusCode }) => statusCode);
  expect(await as(reader, 'GET', '/v1/campaigns')).toBe(200);
  expect(await as(orderer, 'GET', '/v1/campaigns')).toBe(403);
  expect(await as(reader, 'POST', '/v1/campaigns')).toBe(403);
  expect(await as(reader, 'DELETE', `/v1/campaigns/${unknownId}`)).toBe(403);
  expect(await as(reader, 'GET', '/v1/webhooks/secret')).toBe(403);
  expect(await as(reader, 'GET', '/v1/webhooks/deliveries')).toBe(200);
  expect((await served.server.inject('/v1/campaigns')).statusCode).toBe(401);
});
