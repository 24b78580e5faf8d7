import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registry } from '../../fixtures/shipped-templates.ts';
import type { Link } from '../../../video/story/engine/graph.ts';
import { eventsAppendedSchema, sessionSchema } from '../../../video/story/viewer-schema.ts';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import {
  campaignPlanSchema,
  campaignSchema,
  type RenderReport,
  renderSchema,
} from '../../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

const shop = 'https://shop.example.com';
const own = `${shop}/renew?c=1093&sig=a%20b`;
const record = {
  ...{ firstName: 'Anna', segment: 'loyal', renewalDate: '2026-12-14', plan: 'Plus', locale: 'de-DE' },
  link: own,
};
const order = { template: 'renewal-offer', quality: 'draft', record };

let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  const exchangeParts = stubParts({ draw: () => Promise.resolve(), assemble: () => Promise.resolve() });
  served = await serveDeployment({}, { registry, exchangeParts }, { linkOrigins: [shop] });
  headers = await served.keyed('admin', 'render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const call = (method: Method, url: string, payload?: object) =>
  served.server.inject({ method, url: url.replace(publicUrl, ''), headers, ...(payload && { payload }) });

async function done(payload: object, method: Method = 'POST', url = '/v1/renders'): Promise<RenderReport> {
  const placed = await call(method, url, payload);
  expect(placed.statusCode, placed.body).toBe(202);
  const { id } = renderSchema.parse(placed.json());
  return vi.waitFor(
    async () => {
      const report = renderSchema.parse((await call('GET', `/v1/renders/${id}`)).json());
      expect(report.status.state).toBe('done');
      return report;
    },
    { timeout: 20_000, interval: 50 },
  );
}

const tokenOf = (page = ''): string => page.split('/v/')[1] ?? '';

async function open(page: string | undefined) {
  const payload = { link: tokenOf(page), carry: 'memory' };
  const answer = await served.server.inject({ method: 'POST', url: '/viewer/session', payload });
  const session = sessionSchema.parse(answer.json());
  return { session, pass: { authorization: `Bearer ${session.access}` } };
}

type Session = Awaited<ReturnType<typeof open>>['session'];

const linksIn = ({ story }: Session): readonly Link[] =>
  Object.values(story.nodes).flatMap((node) => (node.type === 'cta' ? [node.link] : []));

/** @returns the page of a link that a viewer shares. */
async function share(headers: Awaited<ReturnType<typeof open>>['pass']): Promise<string> {
  const shared = await served.server.inject({ method: 'POST', url: '/viewer/share', headers, payload: {} });
  return shareSchema.parse(shared.json()).url;
}

const pageOf = (page = '', language = '') =>
  served.server.inject({ url: page.replace(publicUrl, ''), headers: { 'accept-language': language } });

describe('an address of a customer', () => {
  it.each([
    [
      'https://elsewhere.example.com/',
      'add it to BESPOKE_LINK_ORIGINS, which lists https://shop.example.com',
    ],
    ['tel:+441632960123', 'Link leads to tel:'],
    ['javascript:alert(1)', 'is not a web address'],
    ['https://user:secret@shop.example.com/', 'contains a user name or password'],
  ])('%s is refused when it is ordered', async (link, why) => {
    const answer = await call('POST', '/v1/renders', { ...order, record: { ...record, link } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'record-invalid', errors: [{ pointer: '/record/link' }] });
    expect(answer.body).toContain(why);
  });

  it('fails its row when the row is read, and the others are made', async () => {
    const rows = [
      { ...record, id: 'c-1', 'renewal link': own },
      { ...record, id: 'c-2', 'renewal link': 'https://elsewhere.example.com/' },
      { ...record, id: 'c-3', 'renewal link': '' },
    ].map(({ link: _link, ...row }) => row);
    const body = { template: 'renewal-offer', quality: 'draft', rows };
    const planned = await call('POST', '/v1/campaigns', { ...body, dryRun: true });
    expect(campaignPlanSchema.parse(planned.json())).toMatchObject({
      rows: { good: 2, bad: 1 },
      badRows: [{ row: 2, code: 'row-invalid' }],
    });
    expect(planned.body).toContain('BESPOKE_LINK_ORIGINS');
    const placed = await call('POST', '/v1/campaigns', body);
    expect(placed.statusCode, placed.body).toBe(202);
    await vi.waitFor(
      async () => {
        const report = await call('GET', `/v1/campaigns/${campaignSchema.parse(placed.json()).id}`);
        expect(campaignSchema.parse(report.json())).toMatchObject({
          state: 'finished',
          rows: { done: 2, failed: 1 },
        });
      },
      { timeout: 20_000, interval: 50 },
    );
  });

  it('is what the page leads to, and stays with the customer: a shared link leads to the template’s', async () => {
    const { links } = await done(order);
    const page = await pageOf(links.page);
    expect(page.body).not.toContain('shop.example.com');
    const { session, pass } = await open(links.page);
    expect(session.facts).toMatchObject({ link: own, plan: 'Plus' });
    expect(linksIn(session)).toMatchObject([{ field: 'link' }, { field: 'link', button: { areas: {} } }]);
    const { session: guest } = await open(await share(pass));
    expect(JSON.stringify(guest)).not.toContain('shop.example.com');
    expect(linksIn(guest).map(({ to, field }) => [to, field])).toEqual([
      ['https://solen.example/renew', undefined],
      ['https://solen.example/renew', undefined],
    ]);
  });

  it('is shown to the customer among their data, who can leave it out but not change it', async () => {
    const { links } = await done(order);
    const { pass } = await open(links.page);
    const known = await served.server.inject({ url: '/viewer/known', headers: pass });
    const { values } = known.json<{ readonly values: readonly { readonly name: string }[] }>();
    expect(values.find(({ name }) => name === 'link')).toEqual(
      expect.objectContaining({ value: own, personal: true, canWithhold: true, scenes: [] }),
    );
    const change = { changes: [{ name: 'link', do: 'correct', value: `${shop}/other` }] };
    const refused = await served.server.inject({
      method: 'POST',
      url: '/viewer/known',
      headers: pass,
      payload: change,
    });
    expect(refused.json()).toMatchObject({ outcome: 'refused' });
    const withhold = { changes: [{ name: 'link', do: 'withhold' }] };
    await served.server.inject({ method: 'POST', url: '/viewer/known', headers: pass, payload: withhold });
    expect((await open(links.page)).session.facts).not.toHaveProperty('link');
  });

  it('replaces the earlier one behind the link of the customer, although the video is the same', async () => {
    const address = '/v1/renders/by-customer/renewals/c-1';
    const first = await done(order, 'PUT', address);
    const again = await done(order, 'PUT', address);
    expect(again.replacedBy).toBe(first.id);
    const other = `${shop}/renew?c=1093&corrected=1`;
    const second = await done({ ...order, record: { ...record, link: other } }, 'PUT', address);
    expect(second).toMatchObject({ content: first.content, links: { page: first.links.page } });
    expect((await open(first.links.page)).session.facts).toMatchObject({ link: other });
    const campaign = await done({ ...order, link: { to: 'mailto:hello@example.com' } }, 'PUT', address);
    expect(campaign.link).toEqual({ to: 'mailto:hello@example.com' });
    expect(linksIn((await open(first.links.page)).session).map(({ to }) => to)).toEqual([
      'mailto:hello@example.com',
      'mailto:hello@example.com',
    ]);
  });
});

describe('the call to action of an order', () => {
  it('of one customer stays with them: a shared link leads to the template’s, and it goes with their data', async () => {
    const { link: _link, ...rest } = record;
    const to = `${shop}/basket?c=1093`;
    const { id, links } = await done({ ...order, record: rest, link: { to } });
    const { session, pass } = await open(links.page);
    expect(linksIn(session).map((each) => each.to)).toEqual([to, to]);
    const { session: guest } = await open(await share(pass));
    expect(JSON.stringify(guest)).not.toContain('shop.example.com');
    expect(linksIn(guest).map((each) => each.to)).toEqual([
      'https://solen.example/renew',
      'https://solen.example/renew',
    ]);
    expect((await call('DELETE', `/v1/renders/${id}`)).statusCode).toBe(200);
    expect((await call('GET', `/v1/renders/${id}`)).body).not.toContain('shop.example.com');
  });

  it('is on the page of every video, in the language of its viewer, and is given back', async () => {
    const label = { en: 'Call us', fr: 'Appelez-nous' };
    const link = { to: 'tel:+441632960123', label };
    const rows = ['en-GB', 'fr-FR'].map((locale) => ({ ...record, link: '', locale }));
    const placed = await call('POST', '/v1/campaigns', {
      template: 'renewal-offer',
      quality: 'draft',
      rows,
      link,
    });
    const { id } = campaignSchema.parse(placed.json());
    expect(placed.json()).toMatchObject({ link });
    const said = await vi.waitFor(
      async () => {
        const answer = await call('GET', `/v1/campaigns/${id}/rows`);
        const { rows: made } = answer.json<{ readonly rows: readonly unknown[] }>();
        const pages = made.map((row) => renderSchema.parse(row)).map(({ links }) => links.page);
        expect(pages.filter((page) => page !== undefined)).toHaveLength(2);
        return Promise.all(
          pages.map(async (page) => linksIn((await open(page)).session).map((each) => each.label)),
        );
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(said).toEqual([
      ['Call us', 'Call us'],
      ['Appelez-nous', 'Appelez-nous'],
    ]);
  });

  it.each([
    [{ to: 'javascript:alert(1)' }, '/link/to'],
    [{ to: 'tel:+441632960123', query: { a: 'b' } }, '/link/query'],
    [{ to: shop, label: '' }, '/link/label'],
    [{ to: shop, title: 'x' }, '/link/title'],
    [{}, '/link/to'],
  ])('%j is refused at %s', async (link, pointer) => {
    const answer = await call('POST', '/v1/renders', { ...order, link });
    expect(answer.statusCode).toBe(400);
    expect(JSON.stringify(answer.json())).toContain(pointer);
  });

  it('counts in the log of the session, also when the story is over', async () => {
    const { links } = await done(order);
    const { session, pass } = await open(links.page);
    const ended = ['opening-loyal', 'personal', 'benefits', 'offer', 'outro'];
    const events = [
      { type: 'start' },
      ...ended.flatMap((node) => [
        ...(node === 'offer' ? [{ type: 'follow', node }] : []),
        { type: 'ended', node },
      ]),
      { type: 'follow', node: 'end' },
    ].map((event, index) => ({ id: `e${index}`, event }));
    const payload = { run: session.run, after: 0, events };
    const answer = await served.server.inject({
      method: 'POST',
      url: '/viewer/events',
      headers: pass,
      payload,
    });
    const appended = eventsAppendedSchema.parse(answer.json());
    expect(appended.outcome).toBe('appended');
    expect(appended.log.filter(({ event }) => event.type === 'follow').map(({ to }) => to)).toEqual([
      'offer',
      'end',
    ]);
  });
});

describe('the language of a page', () => {
  it('is that of the record, whatever the browser asks for', async () => {
    const { links } = await done({ ...order, record: { ...record, locale: 'ar-EG' } });
    const page = await pageOf(links.page, 'fr');
    expect(page.body).toContain('<html lang="ar" dir="rtl">');
    expect(page.body).toContain('<title>عرض التجديد الخاص بك</title>');
    expect(page.body).toContain('<link rel="modulepreload" href="/player/part-');
    const { session } = await open(links.page);
    expect(session).toMatchObject({ title: 'عرض التجديد الخاص بك', language: 'ar', filmLanguage: 'en' });
    const soon = new Date(Date.now() + 1_000).toISOString();
    await call('PATCH', `${links.self}/links`, { expiresAt: soon });
    const ended = await vi.waitFor(
      async () => {
        const after = await pageOf(links.page, 'fr');
        expect(after.statusCode).toBe(404);
        return after;
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(ended.body).toMatch(/<html lang="ar" dir="rtl">[^]*هذا الفيلم غير متاح/);
  });

  it('is one that the browser asks for, where that of the record is not known or not spoken', async () => {
    expect((await pageOf('/v/nothing', 'es-MX, en;q=0.5')).body).toMatch(/<html lang="es" dir="ltr">/);
    expect((await pageOf('/v/nothing')).body).toMatch(/<html lang="en" dir="ltr">/);
    const { links } = await done({ ...order, record: { ...record, locale: 'pt-BR' } });
    expect((await pageOf(links.page, 'fr-CA, en;q=0.5')).body).toMatch(/<html lang="fr" dir="ltr">/);
    const file = await served.server.inject({
      url: '/f/nothing',
      headers: { accept: 'text/html', 'accept-language': 'de' },
    });
    expect(file.body).toMatch(/<html lang="de" dir="ltr">[^]*Dieser Film ist nicht verfügbar/);
    expect(file.headers['vary']).toContain('accept-language');
  });
});
