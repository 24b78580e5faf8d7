import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query } from '../../worker/adapters/database/database.ts';
import { readRows } from '../../worker/adapters/database/compared-rows.ts';
import { usualDays } from '../../worker/core/campaigns.ts';
import type { CampaignConversions, Conversion } from '../../worker/core/conversions.ts';
import {
  campaignDraft,
  renderDraft,
  singleRenderDraft,
  tableBackends,
  type TablesBackend,
} from './tables-bench.ts';

const unique = (): string => randomBytes(8).toString('hex');
const start = new Date('2026-11-24T10:00:00.000Z');
const after = (days: number): Date => new Date(start.getTime() + days * 86_400_000);

const conversionOf = (person: string | undefined, changes: Partial<Conversion> = {}): Conversion => ({
  key: unique(),
  person,
  render: undefined,
  name: 'renewed',
  value: 49.9,
  currency: 'EUR',
  at: after(1),
  ...changes,
});

const sentGroup = { heldOut: false, segments: [], variant: undefined };

describe.each(tableBackends)('conversions on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** A campaign whose rows are done, but for those without a plan. */
  async function sendTo(people: readonly (string | undefined)[]) {
    const draft = campaignDraft({ rows: people.length, webhookUrl: undefined, createdAt: start });
    await db.campaigns.place(draft, undefined);
    const rows = people.map((person, index) => renderDraft(index + 1, [], { person }));
    await db.renders.record(draft.id, rows, []);
    await db.connection.database.execute(
      sql`update bespoke.render set state = 'done' where campaign = ${draft.id}`,
    );
    return { id: draft.id, rows };
  }

  /** What people did within the usual days, as it is added up. */
  async function compared(id: string) {
    while (await db.conversions.compare());
    return db.conversions.conversionsOf(id, usualDays);
  }

  it('are kept once, also when several clients send them several times', async () => {
    const person = unique();
    const [first, second] = [conversionOf(person), conversionOf(person, { at: after(2), value: 0.1 })];
    const sent = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? [first, second] : [second, first]));
    const repeated = await Promise.all(sent.map((list) => db.conversions.add(list)));
    expect(repeated.reduce((sum, each) => sum + each, 0)).toBe(14);
    expect(await db.conversions.add([first, first])).toBe(2);
    const { key: _key, ...kept } = first;
    expect(await db.conversions.of({ person })).toMatchObject([kept, { value: 0.1, at: after(2) }]);
  });

  it('are counted as repeated where a list has the same one twice', async () => {
    const each = conversionOf(unique());
    expect(await db.conversions.add([each, each])).toBe(1);
    expect(await db.conversions.add([])).toBe(0);
  });

  it('know whose a render is, and keep nothing of unknown and erased ones', async () => {
    const person = unique();
    const { rows } = await sendTo([person, undefined]);
    const [owned = '', owned2 = ''] = rows.map(({ id }) => id);
    const waiting = singleRenderDraft({ person, webhookUrl: undefined });
    const gone = singleRenderDraft({ source: { kind: 'erased' }, webhookUrl: undefined });
    await db.campaigns.place(waiting, undefined);
    await db.campaigns.place(gone, undefined);
    const owners = await db.conversions.owners([owned, owned2, waiting.id, gone.id, randomUUID()]);
    expect(owners.toSorted((a, b) => a.render.localeCompare(b.render))).toEqual(
      [
        { render: owned, person },
        { render: owned2, person: undefined },
        { render: waiting.id, person },
        { render: gone.id, person: undefined },
      ].toSorted((a, b) => a.render.localeCompare(b.render)),
    );
    const renders = [owned2, gone.id, randomUUID()];
    expect(await db.conversions.add(renders.map((render) => conversionOf(undefined, { render })))).toBe(0);
    expect(await db.conversions.of({ render: owned2 })).toHaveLength(1);
    expect(await db.conversions.of({ render: gone.id })).toEqual([]);
  });

  it('are of known people where a row or an order is about them', async () => {
    const [known, ordered, stranger] = [unique(), unique(), unique()];
    await sendTo([known, undefined]);
    await db.campaigns.place(singleRenderDraft({ person: ordered, webhookUrl: undefined }), undefined);
    expect(await db.conversions.countKnown([known, stranger, known, ordered])).toBe(3);
    expect(await db.conversions.countKnown([])).toBe(0);
  });

  it('go with their person, and do not come back', async () => {
    const person = unique();
    const other = conversionOf(unique());
    await db.conversions.add([conversionOf(person), conversionOf(person), other]);
    await db.people.suppress(person);
    expect((await db.people.erase({ person }, [])).counts.conversions).toBe(2);
    expect(await db.conversions.add([conversionOf(person)])).toBe(0);
    expect(await db.conversions.of({ person })).toEqual([]);
    expect(await db.conversions.of({ person: other.person ?? '' })).toHaveLength(1);
    await db.people.unsuppress(person);
    await db.conversions.add([conversionOf(person)]);
    expect(await db.conversions.of({ person })).toHaveLength(1);
  });

  it('go with a render of which nobody said whose it is', async () => {
    const { rows } = await sendTo([undefined]);
    const render = rows[0]?.id ?? '';
    await db.conversions.add([conversionOf(undefined, { render })]);
    expect((await db.people.erase({ render }, [])).counts.conversions).toBe(1);
    expect(await db.conversions.add([conversionOf(undefined, { render })])).toBe(0);
    expect(await db.conversions.of({ render })).toEqual([]);
  });

  it('leave nothing behind when they arrive while their person is erased', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = unique();
      const adding = Array.from({ length: 6 }, () => db.conversions.add([conversionOf(person)]));
      await db.people.suppress(person);
      await db.people.erase({ person }, []);
      await Promise.all(adding);
      expect(await db.conversions.of({ person })).toEqual([]);
    }
  });

  it('count for a campaign from its start, within the window, by name and currency', async () => {
    const [anna, ben, cleo] = [unique(), unique(), unique()];
    const campaign = await sendTo([anna, ben, undefined, cleo]);
    const render = campaign.rows[2]?.id ?? '';
    await db.conversions.add([
      conversionOf(anna, { at: start, value: 0.1 }),
      conversionOf(anna, { at: after(6.9), value: 0.2 }),
      conversionOf(anna, { value: 5, currency: 'USD' }),
      conversionOf(anna, { name: 'called', value: undefined, currency: undefined }),
      conversionOf(anna, { at: after(7) }),
      conversionOf(ben, { at: new Date(start.getTime() - 1) }),
      conversionOf(undefined, { render, name: 'called', value: undefined, currency: undefined }),
      conversionOf(unique()),
    ]);
    expect(await db.conversions.conversionsOf(campaign.id, 7)).toEqual({
      groups: [
        {
          ...{ ...sentGroup, people: 4 },
          converted: new Map([
            ['called', 2],
            ['renewed', 1],
          ]),
        },
      ],
      values: expect.toSatisfy((values: readonly object[]) => values.length === 2) as unknown,
    });
    expect((await db.conversions.conversionsOf(campaign.id, 7)).values).toEqual(
      expect.arrayContaining([
        { heldOut: false, name: 'renewed', currency: 'EUR', sum: 0.3, people: 1 },
        { heldOut: false, name: 'renewed', currency: 'USD', sum: 5, people: 1 },
      ]),
    );
  });

  it('count for people who were sent a video and for the control group, and for no others', async () => {
    const [sent, failed, held, deleted] = [unique(), unique(), unique(), unique()];
    const campaign = await sendTo([sent, failed, held, deleted]);
    const states = [
      `state = 'failed'`,
      `state = 'skipped', skipped_for = 'holdout', segments = '{loyal}'`,
      `state = 'skipped', skipped_for = 'deleted'`,
    ];
    for (const [index, state] of states.entries()) {
      await db.connection.database.execute(
        sql`update bespoke.render set ${sql.raw(state)} where id = ${campaign.rows[index + 1]?.id ?? ''}`,
      );
    }
    await db.connection.database.execute(
      sql`update bespoke.render set segments = '{new,city}', variant = 'b' where id = ${campaign.rows[0]?.id ?? ''}`,
    );
    await db.conversions.add([sent, failed, held, deleted].map((person) => conversionOf(person)));
    const { groups, values } = await compared(campaign.id);
    const converted = new Map([['renewed', 1]]);
    expect(groups.toSorted((one, other) => Number(one.heldOut) - Number(other.heldOut))).toEqual([
      { heldOut: false, segments: ['new', 'city'], variant: 'b', first: undefined, people: 1, converted },
      { heldOut: true, segments: ['loyal'], variant: undefined, first: undefined, people: 1, converted },
    ]);
    expect(values.map(({ heldOut, sum, people }) => `${heldOut} ${sum} ${people}`).toSorted()).toEqual([
      'false 49.9 1',
      'true 49.9 1',
    ]);
    const control = { render: campaign.rows[2]?.id ?? '', person: held };
    expect(await db.conversions.owners([control.render])).toEqual([control]);
  });

  it('are added up as they change, to what all rows together say', async () => {
    const people = Array.from({ length: 24 }, unique);
    // Two rows are of one person, and of one nobody said whose it is.
    const campaign = await sendTo([...people, people[0] ?? '', undefined]);
    const later = await sendTo(people.slice(0, 6));
    const { database } = db.connection;
    const set = (columns: string, index: number) =>
      database.execute(
        sql`update bespoke.render set ${sql.raw(columns)} where id = ${campaign.rows[index]?.id ?? ''}`,
      );
    const opens = (index: number, day: string) =>
      database
        .execute(
          sql`insert into bespoke.viewer (session, render, campaign, rights, template, format, fps, film_frames, segments, is_behind)
            values (${unique()}, ${campaign.rows[index]?.id ?? ''}, ${campaign.id}, 'owner', 't', '16:9', 30, 90, '{}', false)`,
        )
        .then(() =>
          database.execute(
            sql`update bespoke.viewer set opened_on = ${day}, device = 'phone' where render = ${campaign.rows[index]?.id ?? ''}`,
          ),
        );
    const changes: (() => Promise<unknown>)[] = [
      ...people.map(
        (person, index) => () =>
          db.conversions.add([
            conversionOf(person, { value: index % 3, at: after(index) }),
            conversionOf(person, {
              name: 'called',
              value: undefined,
              currency: undefined,
              at: after(2 * index),
            }),
          ]),
      ),
      () => db.conversions.add([conversionOf(undefined, { render: campaign.rows[25]?.id ?? '' })]),
      ...[1, 2].map(
        (index) => () => set(`state = 'skipped', skipped_for = 'holdout', segments = '{new}'`, index),
      ),
      ...[3, 4].map((index) => () => set(`segments = '{new,loyal}', variant = 'b'`, index)),
      () => set(`state = 'failed'`, 5),
      () => opens(6, '2026-11-25'),
      () => opens(7, '2026-11-26'),
      () => database.execute(sql`delete from bespoke.viewer where render = ${campaign.rows[6]?.id ?? ''}`),
      () => db.renders.delete(campaign.rows[8]?.id ?? ''),
      () => db.people.erase({ person: people[9] ?? '' }, []),
      () => db.people.erase({ render: campaign.rows[25]?.id ?? '' }, []),
      () => database.execute(sql`delete from bespoke.render where id = ${campaign.rows[10]?.id ?? ''}`),
    ];
    await Promise.all(
      changes.map(async (change, index) => {
        await change();
        // Several count at once, while others change what is counted.
        if (index % 5 === 0) await db.conversions.compare();
      }),
    );
    const inOrder = ({ groups, values }: CampaignConversions) => ({
      groups: groups
        .map(({ converted, ...group }) => ({
          ...group,
          converted: [...converted].toSorted((one, other) => one[0].localeCompare(other[0])),
        }))
        .map((group) => JSON.stringify(group))
        .toSorted(),
      values: values.map((value) => JSON.stringify(value)).toSorted(),
    });
    for (const { id } of [campaign, later]) {
      const all = inOrder(await readRows(database, id, usualDays));
      expect(inOrder(await compared(id))).toEqual(all);
      expect(all.groups.length).toBeGreaterThanOrEqual(id === campaign.id ? 4 : 1);
    }
    expect(await db.viewerEvents.videos(later.id)).toBe(6);
    await db.people.erase({ person: people[3] ?? '' }, []);
    const left = await query(
      database,
      z.object({ lines: z.array(z.string()) }),
      sql`select lines from bespoke.compared where render = ${campaign.rows[3]?.id ?? ''}`,
    );
    expect(left).toEqual([]);
    expect(inOrder(await compared(campaign.id))).toEqual(
      inOrder(await readRows(database, campaign.id, usualDays)),
    );
  });

  it('are found by index', async () => {
    const campaign = await sendTo([unique()]);
    const plan = await db.connection.transaction(async (tx) => {
      await tx.execute(sql`set local enable_seqscan = off`);
      return query(
        tx,
        z.record(z.string(), z.unknown()),
        sql`explain select from bespoke.render r
            join lateral (select 1 from bespoke.conversion v
                          where v.person = r.person and v.at >= now() - interval '1 day') found on true
            where r.campaign = ${campaign.id}`,
      );
    });
    expect(JSON.stringify(plan)).toContain('conversion_person');
  });
});
