import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebhookDelivery } from '../../worker/core/webhooks.ts';
import { type TablesBackend, campaignDraft, tableBackends } from './tables-bench.ts';

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
    const campaign = owed[1]?.campaign ?? '';
    expect(ids(await db.webhooks.list({ campaign }, undefined, 9))).toEqual([second]);
    expect(ids(await db.webhooks.list({ campaign, state: 'pending' }, undefined, 9))).toEqual([]);
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
});
