import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { campaignPlanSchema, campaignSchema, renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { z } from 'zod';
import { publicUrl } from './server-bench.ts';
import { named, serveViewers, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;
let key: Readonly<Record<string, string>>;

beforeAll(async () => {
  viewers = await serveViewers();
  key = await viewers.served.keyed('render', 'read', 'admin');
});
afterAll(() => viewers.close());

const file = [
  ['Customer ID', 'Name', 'Plan', 'Note'],
  ['007', 'Anna', 'Plus', '=1+1'],
  ['c-2', 'Bo', 'Plus', ''],
  ['c-3', 'Cem', 'Basic', 'a;b'],
  ['c-4', 'Dee', 'Basic', ''],
  ['c-5', 'Eve', 'none', ''],
].map((cells) => cells.map((cell) => (cell.includes(';') ? `"${cell}"` : cell)).join(';'));

async function order(csv: string, fields: Readonly<Record<string, string>> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ template: 'invitation', quality: 'draft', ...fields }))
    form.append(name, value);
  form.append('file', new Blob([csv]), 'people.csv');
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return viewers.served.server.inject({
    ...{ method: 'POST', url: '/v1/campaigns' },
    headers: { ...key, 'content-type': request.headers.get('content-type') ?? '' },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}

const get = (url: string) => viewers.get(url.replace(publicUrl, ''), key);
const answersOf = async (id: string, query = '') => {
  const answer = await get(`/v1/campaigns/${id}/answers.csv${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.body.replace('\uFEFF', '').trimEnd().split('\r\n');
};

const hello = [{ type: 'start' }, { type: 'ended', node: 'hello', visit: 1 }] as const;
const say = (value: string) => ({ type: 'answer', node: 'where', visit: 1, frame: 0, value }) as const;

describe('answers.csv', () => {
  it('has what viewers said beside the cells of their row, and is the input of another campaign', async () => {
    const placed = await order(`${file.join('\r\n')}\r\n`);
    expect(placed.statusCode, placed.body).toBe(202);
    const { id } = campaignSchema.parse(placed.json());
    await vi.waitFor(
      async () =>
        expect(campaignSchema.parse((await get(`/v1/campaigns/${id}`)).json()).state).toBe('finished'),
      { timeout: 30_000, interval: 100 },
    );
    const listed: unknown = (await get(`/v1/campaigns/${id}/rows`)).json();
    const { rows } = z.object({ rows: z.array(renderSchema) }).parse(listed);
    const tokens = rows.map(({ links }) => links.page?.split('/v/')[1] ?? '');
    const header = 'Customer ID;Name;Plan;Note;answer_home;consent_home';
    expect(await answersOf(id)).toEqual([header]);

    const watch = async (at: number, answer: string | undefined) => {
      const { pass } = await viewers.open(tokens[at] ?? '');
      await viewers.append(pass, 0, named(...hello, ...(answer === undefined ? [] : [say(answer)])));
      return pass;
    };
    const anna = await watch(0, '=Ulm');
    await watch(1, undefined);
    await watch(2, 'Bonn');
    expect((await viewers.post('/viewer/consent', { variable: 'home', agreed: true }, anna)).statusCode).toBe(
      200,
    );
    // A guest, who has no part in it.
    const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, anna)).json());
    const guest = await viewers.open(shared.url.split('/v/')[1] ?? '');
    await viewers.append(guest.pass, 0, named(...hello, say('Rome')));

    const lines = await answersOf(id);
    expect(lines).toEqual([
      header,
      "007;Anna;Plus;=1+1;'=Ulm;true",
      'c-2;Bo;Plus;;;false',
      'c-3;Cem;Basic;"a;b";;false',
    ]);
    const [tabbed = ''] = await answersOf(id, '?delimiter=,&bom=false');
    expect(tabbed).toBe(header.replaceAll(';', ','));

    const next = await order(`${lines.join('\r\n')}\r\n`, { map: 'answer_home=town', dryRun: 'true' });
    const forecast = campaignPlanSchema.parse(next.json());
    expect(forecast.rows, next.body).toMatchObject({ good: 3, bad: 0 });
    expect(forecast.input.mapping).toContainEqual({ column: 'answer_home', field: 'town' });
    expect(forecast.input.idColumn).toBe('Customer ID');
    // Fed back, its columns are replaced, not repeated.
    const again = campaignSchema.parse((await order(`${lines.join('\r\n')}\r\n`)).json());
    expect(await answersOf(again.id)).toEqual([header]);

    await viewers.post('/v1/people/erase', { customerId: 'c-3' }, key);
    expect(await answersOf(id)).toEqual(lines.slice(0, 3));
    expect((await get(`/v1/campaigns/${crypto.randomUUID()}/answers.csv`)).statusCode).toBe(404);
    const narrow = await viewers.served.keyed('conversions');
    expect((await viewers.get(`/v1/campaigns/${id}/answers.csv`, narrow)).statusCode).toBe(403);
  });
});
