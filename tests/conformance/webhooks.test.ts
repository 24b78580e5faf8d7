import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewCampaign } from '../../worker/core/campaigns.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../worker/core/webhooks.ts';
import {
  campaignDraft,
  clipDraft,
  deliveriesOf,
  keysOf,
  renderDraft,
  singleRenderDraft,
  tableBackends,
  type TablesBackend,
} from './tables-bench.ts';

describe.each(tableBackends)('webhook deliveries on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** An order that ends at once, and what it owes. */
  async function owe(): Promise<WebhookDelivery> {
    const campaign = campaignDraft({ rows: 0 });
    await db.campaigns.place(campaign, undefined);
    await db.campaigns.planned(campaign.id);
    const [id] = await db.campaigns.settle([campaign.id]);
    const delivery = await db.webhooks.find(id ?? '');
    if (delivery === undefined) throw new Error('Nothing is owed.');
    return delivery;
  }

  async function pendingIds(): Promise<readonly string[]> {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await db.webhooks.pending(after, 2);
      ids.push(...page.deliveries.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }

  it('begin as pending, due at once', async () => {
    const delivery = await owe();
    expect(delivery).toMatchObject({
      event: 'campaign.finished',
      url: 'https://hooks.example/bespoke',
      attempts: 0,
      lastAnswer: undefined,
      status: { state: 'pending', nextAt: delivery.createdAt },
    });
    expect(delivery.id).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(await db.webhooks.find('unknown')).toBeUndefined();
  });

  it('remember each attempt until they have arrived, and nothing after', async () => {
    const { id } = await owe();
    const nextAt = new Date('2026-11-24T12:00:00.123Z');
    await db.webhooks.recordAttempt(id, { state: 'pending', nextAt }, '503');
    expect(await db.webhooks.find(id)).toMatchObject({
      attempts: 1,
      status: { state: 'pending', nextAt },
      lastAnswer: '503',
    });
    await db.webhooks.recordAttempt(id, { state: 'pending', nextAt }, '503');
    expect((await db.webhooks.find(id))?.attempts).toBe(1);
    const at = new Date('2026-11-24T12:00:01Z');
    await db.webhooks.recordAttempt(id, { state: 'delivered', at }, '204');
    const arrived = { attempts: 2, status: { state: 'delivered', at }, lastAnswer: '204' };
    expect(await db.webhooks.find(id)).toMatchObject(arrived);
    await db.webhooks.recordAttempt(id, { state: 'failed', at: new Date() }, 'gone');
    await db.webhooks.recordAttempt(id, { state: 'pending', nextAt: new Date() }, '500');
    expect(await db.webhooks.find(id)).toMatchObject(arrived);
  });

  it('are listed newest first, of a campaign or in a state', async () => {
    const owed = [await owe(), await owe(), await owe(), await owe()];
    const [first, second, third, fourth] = owed.map(({ id }) => id);
    const at = new Date();
    await db.webhooks.recordAttempt(second ?? '', { state: 'failed', at }, 'no answer');
    await db.webhooks.recordAttempt(fourth ?? '', { state: 'failed', at }, '410');
    const ids = ({ deliveries: page }: { deliveries: readonly WebhookDelivery[] }) =>
      page.map(({ id }) => id);
    const page = await db.webhooks.list({}, undefined, 3);
    expect(ids(page)).toEqual([fourth, third, second]);
    expect(ids(await db.webhooks.list({}, page.next, 1))).toEqual([first]);
    const failed = await db.webhooks.list({ state: 'failed' }, undefined, 1);
    expect(ids(failed)).toEqual([fourth]);
    expect(ids(await db.webhooks.list({ state: 'failed' }, failed.next, 1))).toEqual([second]);
    const order = owed[1]?.campaign ?? '';
    expect(ids(await db.webhooks.list({ order }, undefined, 9))).toEqual([second]);
    expect(ids(await db.webhooks.list({ order, state: 'pending' }, undefined, 9))).toEqual([]);
    await expect(db.webhooks.list({}, '-1', 1)).rejects.toMatchObject({ code: 'request-invalid' });
  });

  it('that have not ended can be queued again', async () => {
    const [waits, tried, arrived] = [await owe(), await owe(), await owe()];
    await db.webhooks.recordAttempt(
      tried.id,
      { state: 'pending', nextAt: new Date(Date.now() + 5_000) },
      '500',
    );
    await db.webhooks.recordAttempt(arrived.id, { state: 'delivered', at: new Date() }, '200');
    const ids = await pendingIds();
    expect(ids.slice(-2)).toEqual([waits.id, tried.id]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  const endpointDraft = (changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
    id: `whe_${randomUUID()}`,
    url: 'https://crm.example/hook',
    description: 'CRM',
    events: ['render.done', 'campaign.finished'],
    version: 1,
    previousUntil: undefined,
    createdAt: new Date('2026-11-24T10:00:00.123Z'),
    ...changes,
  });

  /** A campaign whose rows are reported, with one good and one bad row. */
  async function reporting(changes: Partial<NewCampaign> = {}) {
    const campaign = campaignDraft({ rowEvents: true, ...changes });
    await db.campaigns.place(campaign, undefined);
    const { clip } = keysOf('clip');
    const good = renderDraft(1, [clip], { person: `person-${campaign.id}` });
    const bad = renderDraft(2, { state: 'failed', code: 'row-invalid', message: 'no' });
    await db.renders.record(campaign.id, [good, bad], [clipDraft(clip)]);
    await db.campaigns.planned(campaign.id);
    const finish = async () => {
      await db.clips.complete(clip, { bytes: 1, renderMs: 1 });
      return db.renders.complete(good.id);
    };
    return { campaign, good, bad, clip, finish };
  }

  const shown = (deliveries: readonly WebhookDelivery[]) =>
    deliveries.map(({ event, render, endpoint }) => [event, render, endpoint]);

  it('report each row that ends, once, in the transaction that ends it, and then the campaign', async () => {
    const { campaign, good, bad, finish } = await reporting();
    expect((await db.campaigns.find(campaign.id))?.rowEvents).toBe(true);
    expect(shown(await deliveriesOf(db, campaign.id))).toEqual([['render.failed', bad.id, undefined]]);
    const ended = await finish();
    expect(ended).toMatchObject({ rows: 1, owing: [campaign.id], over: [campaign.id] });
    // Repeated after a lost answer, or done again since its file was lost, it owes nothing more.
    expect(await db.renders.complete(good.id)).toMatchObject({ rows: 0, owing: [campaign.id] });
    await db.renders.reopen(good.id);
    await db.renders.complete(good.id);
    const [owed] = await db.campaigns.settle([campaign.id]);
    const all = await deliveriesOf(db, campaign.id);
    expect(shown(all)).toEqual([
      ['render.failed', bad.id, undefined],
      ['render.done', good.id, undefined],
      ['campaign.finished', undefined, undefined],
    ]);
    // What ends a campaign queues that message only: there may be a million of the others.
    expect(owed).toBe(all[2]?.id);
    expect((await db.campaigns.settle([campaign.id])).length).toBe(1);
    const byRow = await db.webhooks.list({ order: good.id }, undefined, 10);
    expect(shown(byRow.deliveries)).toEqual([['render.done', good.id, undefined]]);
    const silent = await reporting({ rowEvents: undefined });
    expect(await silent.finish()).not.toHaveProperty('owing');
    await db.campaigns.settle([silent.campaign.id]);
    expect(shown(await deliveriesOf(db, silent.campaign.id))).toEqual([
      ['campaign.finished', undefined, undefined],
    ]);
  });

  it('report rows that a clip fails, and again after a retry', async () => {
    const { campaign, good, bad, clip } = await reporting();
    expect(await db.clips.fail(clip, 'scene-failed', 'broken')).toMatchObject({ owing: [campaign.id] });
    await db.campaigns.settle([campaign.id]);
    expect(await db.campaigns.retry(campaign.id)).toBe(2);
    await db.renders.record(campaign.id, [good, bad], [clipDraft(clip)]);
    const rows = (await deliveriesOf(db, campaign.id)).filter(({ render }) => render !== undefined);
    expect(shown(rows)).toEqual([
      ['render.failed', bad.id, undefined],
      ['render.failed', good.id, undefined],
      ['render.failed', bad.id, undefined],
    ]);
  });

  it('about rows are queued while they are few; more wait in the tables', async () => {
    const { campaign, finish } = await reporting();
    await finish();
    const few = await db.webhooks.untriedForRows([campaign.id], 9, 2);
    expect(few.map(({ event }) => event).toSorted()).toEqual(['render.done', 'render.failed']);
    expect(await db.webhooks.untriedForRows([campaign.id], 9, 1)).toEqual([]);
    const [newest] = await db.webhooks.untriedForRows([campaign.id], 1, 2);
    expect(newest?.event).toBe('render.done');
    const [first, second] = few;
    const later = new Date(Date.now() + 60_000);
    await db.webhooks.recordAttempt(first?.id ?? '', { state: 'pending', nextAt: later }, '503');
    expect((await db.webhooks.untriedForRows([campaign.id], 9, 9)).map(({ id }) => id)).toEqual([second?.id]);
    const due = (await db.webhooks.dueForRows(10_000)).map(({ id }) => id);
    expect(due).toContain(second?.id);
    expect(due).not.toContain(first?.id);
    expect(await db.webhooks.dueForRows(1)).toHaveLength(1);
    // They are not among those that are looked at page by page.
    expect(await pendingIds()).not.toContain(second?.id);
  });

  it('about rows go when their person is erased', async () => {
    const { campaign, good, finish } = await reporting();
    await finish();
    const { counts } = await db.people.erase({ person: good.person ?? '' }, []);
    expect(counts.webhooks).toBe(1);
    const rows = (await deliveriesOf(db, campaign.id)).map(({ event }) => event);
    expect(rows).toEqual(['render.failed']);
  });

  it('go to each endpoint that wants them, besides the address of the order', async () => {
    const both = endpointDraft();
    const failures = endpointDraft({ events: ['render.failed'], url: 'https://ops.example/hook' });
    for (const each of [both, failures]) expect(await db.webhookEndpoints.add(each, 20)).toBe(true);
    expect(await db.webhookEndpoints.add(both, 2)).toBe(true);
    expect(await db.webhookEndpoints.add(endpointDraft(), 2)).toBe(false);
    expect(await db.webhookEndpoints.list()).toEqual(
      [both, failures].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
    const { campaign, good, bad, finish } = await reporting({ webhookUrl: undefined });
    await finish();
    await db.campaigns.settle([campaign.id]);
    expect(shown(await deliveriesOf(db, campaign.id))).toEqual([
      ['render.failed', bad.id, failures.id],
      ['render.done', good.id, both.id],
      ['campaign.finished', undefined, both.id],
    ]);
    const single = singleRenderDraft();
    await db.campaigns.place(single, undefined);
    await db.campaigns.fail(single.id, 'internal', 'no');
    const owed = await deliveriesOf(db, single.id);
    expect(new Set(owed.map(({ endpoint }) => endpoint))).toEqual(new Set([undefined, failures.id]));
    expect(owed.map(({ event }) => event)).toEqual(['render.failed', 'render.failed']);
    expect(await db.webhookEndpoints.remove(failures.id)).toBe(true);
    expect(await db.webhookEndpoints.remove(failures.id)).toBe(false);
    expect(await db.webhookEndpoints.find(failures.id)).toBeUndefined();
    await db.webhookEndpoints.remove(both.id);
  });

  it('to endpoints have a secret that is replaced once for each rotation', async () => {
    const endpoint = endpointDraft();
    await db.webhookEndpoints.add(endpoint, 20);
    const until = new Date('2026-11-25T10:00:00.123Z');
    const rotated = { ...endpoint, version: 2, previousUntil: until };
    expect(await db.webhookEndpoints.rotate(endpoint.id, 1, until)).toEqual(rotated);
    expect(await db.webhookEndpoints.rotate(endpoint.id, 1, new Date())).toEqual(rotated);
    expect(await db.webhookEndpoints.rotate('unknown', 1, until)).toBeUndefined();
    await db.webhookEndpoints.remove(endpoint.id);
  });
});
