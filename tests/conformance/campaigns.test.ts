import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query } from '../../worker/adapters/database/database.ts';
import type { Idempotency } from '../../worker/core/campaigns.ts';
import {
  type TablesBackend,
  keysOf,
  campaignDraft,
  singleRenderDraft,
  tableBackends,
} from './tables-bench.ts';

describe.each(tableBackends)('campaigns on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  const newKey = (fingerprint = 'f'): Idempotency => ({ ...keysOf('key', 'apiKey'), fingerprint });

  /** As if a request had come so long ago. */
  const age = (key: Idempotency, days: number): Promise<unknown> =>
    db.connection.database.execute(
      sql`update bespoke.idempotency set created_at = now() - ${`${days} days`}::interval where key = ${key.key}`,
    );

  const countKeys = async (): Promise<number> =>
    (
      await query(
        db.connection.database,
        z.object({ key: z.string() }),
        sql`select key from bespoke.idempotency`,
      )
    ).length;

  it('gives campaigns back as they were placed', async () => {
    const csv = campaignDraft({
      rows: 3,
      metadata: { campaign: 'Spring \u0000 \u{1f338}', '': 'empty name' },
      source: {
        kind: 'csv',
        file: 'abc.csv',
        fileName: '../\u202efdp.csv',
        map: [{ column: 'First Name', field: 'firstName' }],
        idColumn: 'id',
      },
    });
    const record = singleRenderDraft({
      source: { kind: 'record', record: { name: 'Zoë \u0000\ud83d', deep: [{ a: null }] } },
      webhookUrl: undefined,
      quality: 'high',
      priority: 1,
      format: '9:16',
    });
    for (const campaign of [csv, record]) {
      const entry = { ...campaign, status: { state: 'planning' }, cancelling: false };
      expect(await db.campaigns.place(campaign, undefined)).toEqual({ outcome: 'placed', campaign: entry });
      expect(await db.campaigns.find(campaign.id)).toEqual(entry);
      expect(await db.campaigns.place(campaign, undefined)).toEqual({ outcome: 'placed', campaign: entry });
    }
    expect(await db.campaigns.find('unknown')).toBeUndefined();
  });

  it('places one campaign for one idempotency key', async () => {
    const key = newKey();
    const first = campaignDraft();
    const placed = await db.campaigns.place(first, key);
    expect(placed.outcome).toBe('placed');
    expect(await db.campaigns.place(campaignDraft(), key)).toEqual({
      outcome: 'repeated',
      campaign: await db.campaigns.find(first.id),
    });
    expect(await db.campaigns.place(campaignDraft(), { ...key, fingerprint: 'other' })).toEqual({
      outcome: 'conflict',
    });
    const elsewhere = campaignDraft();
    expect(await db.campaigns.place(elsewhere, { ...key, apiKey: 'another client' })).toMatchObject({
      outcome: 'placed',
      campaign: { id: elsewhere.id },
    });
  });

  it('places one campaign when requests with one key race', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = newKey();
      const placed = await Promise.all(
        ['f', 'f', 'other', 'f', 'other'].map((fingerprint) =>
          db.campaigns.place(campaignDraft({ metadata: { fingerprint } }), { ...key, fingerprint }),
        ),
      );
      expect(placed.filter(({ outcome }) => outcome === 'placed')).toHaveLength(1);
      const found = placed.flatMap((each) => (each.outcome === 'conflict' ? [] : [each.campaign]));
      expect(new Set(found.map(({ id }) => id)).size).toBe(1);
      const fingerprints = new Set(found.map(({ metadata }) => metadata['fingerprint']));
      expect(fingerprints.size).toBe(1);
      expect(found).toHaveLength(fingerprints.has('f') ? 3 : 2);
    }
  });

  it('leaves nothing behind when placing fails, so that the key can be used', async () => {
    const key = newKey();
    const invalid = campaignDraft({ rows: 2 ** 40 });
    await expect(db.campaigns.place(invalid, key)).rejects.toThrow();
    expect(await db.campaigns.find(invalid.id)).toBeUndefined();
    expect((await db.campaigns.place(campaignDraft(), { ...key, fingerprint: 'another' })).outcome).toBe(
      'placed',
    );
  });

  it('lets a key be used again after seven days, by one of those who race', async () => {
    const [recent, old] = [newKey(), newKey()];
    const first = campaignDraft();
    await db.campaigns.place(first, recent);
    await db.campaigns.place(campaignDraft(), old);
    await age(recent, 6.9);
    await age(old, 7.1);
    expect((await db.campaigns.place(campaignDraft(), { ...recent, fingerprint: 'g' })).outcome).toBe(
      'conflict',
    );
    const again = [1, 2, 3].map(() => campaignDraft());
    const placed = await Promise.all(
      again.map((campaign) => db.campaigns.place(campaign, { ...old, fingerprint: 'g' })),
    );
    expect(placed.map(({ outcome }) => outcome).toSorted()).toEqual(['placed', 'repeated', 'repeated']);
    expect(await db.campaigns.place(campaignDraft(), { ...recent, fingerprint: 'f' })).toMatchObject({
      outcome: 'repeated',
      campaign: { id: first.id },
    });
  });

  it('forgets old keys by and by', async () => {
    const old = newKey();
    await db.campaigns.place(campaignDraft(), old);
    await age(old, 8);
    const before = await countKeys();
    for (let request = 0; request < 100; request += 1) await db.campaigns.place(campaignDraft(), newKey());
    expect(await countKeys()).toBe(before - 1 + 100);
  });

  it('lists campaigns of a kind newest first, in pages', async () => {
    const placed = [1, 2, 3, 4, 5].map(() => singleRenderDraft());
    for (const campaign of placed) await db.campaigns.place(campaign, undefined);
    await db.campaigns.place(campaignDraft(), undefined);
    const first = await db.campaigns.list('render', undefined, 2);
    const later = singleRenderDraft();
    await db.campaigns.place(later, undefined);
    const second = await db.campaigns.list('render', first.next, 3);
    expect([...first.campaigns, ...second.campaigns].map(({ id }) => id)).toEqual(
      placed.map(({ id }) => id).toReversed(),
    );
    expect((await db.campaigns.list('render', undefined, 1)).campaigns[0]?.id).toBe(later.id);
    const all = await db.campaigns.list('render', undefined, 1_000);
    expect(all.next).toBeUndefined();
    expect(all.campaigns.every(({ kind }) => kind === 'render')).toBe(true);
    await expect(db.campaigns.list('render', 'x; drop', 1)).rejects.toMatchObject({
      code: 'request-invalid',
    });
  });

  it('pages through all that is not settled, oldest first', async () => {
    const [planning, rendering, ended] = [
      campaignDraft(),
      campaignDraft({ rows: 0 }),
      campaignDraft({ rows: 0 }),
    ];
    for (const campaign of [planning, rendering, ended]) await db.campaigns.place(campaign, undefined);
    await db.campaigns.planned(rendering.id);
    await db.campaigns.planned(ended.id);
    await db.campaigns.settle([ended.id]);
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await db.campaigns.unsettled(after, 2);
      ids.push(...page.campaigns.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(ids.slice(-2)).toEqual([planning.id, rendering.id]);
    expect(ids).not.toContain(ended.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
