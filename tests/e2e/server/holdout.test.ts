import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { comparisonSchema } from '../../../worker/measurement/comparison-schema.ts';
import { openShippedBench, type ShippedBench } from './shipped-bench.ts';

/** Rows of customers, of which the last has no plan. */
const rows = Array.from({ length: 60 }, (_, index) => ({
  ...{ customer_id: `c-${index}`, first_name: `Anna${index}`, segment: 'loyal' },
  ...{ renewal_date: '2026-12-14', plan: index === 59 ? '' : 'Plus' },
}));
const order = { template: 'renewal-offer', quality: 'draft', rows, idColumn: 'customer_id' };

let bench: ShippedBench;

beforeAll(async () => {
  bench = await openShippedBench();
});

afterAll(() => bench?.close());

type Rows = Awaited<ReturnType<ShippedBench['run']>>['rows'];

const heldOut = (made: Rows): readonly (string | undefined)[] =>
  made.flatMap(({ status, customerId }) =>
    status.state === 'skipped' && status.reason === 'holdout' ? [customerId] : [],
  );

describe('a control group', () => {
  it('is what the forecast says, gets no video, costs nothing and is named in the results', async () => {
    const holdout = { share: 0.3, key: 'spring' };
    const forecast = await bench.plan({ ...order, holdout });
    const all = await bench.plan(order);
    const { heldOut: expected, good, bad } = forecast.rows;
    expect(expected).toBeGreaterThan(5);
    expect({ sum: good + expected, bad }).toEqual({ sum: 59, bad: 1 });
    expect(forecast.clips.distinct).toBeLessThan(all.clips.distinct);

    const { id, report, rows: made } = await bench.run({ ...order, holdout });
    expect(report.rows).toMatchObject({ total: 60, done: good, failed: 1, skipped: expected });
    expect(report.clips.wanted).toBe(forecast.clips.distinct);
    const group = heldOut(made);
    expect(made.slice(0, 59).map(({ segments }) => segments)).toEqual(Array(59).fill(['loyal']));
    expect(made[59]?.segments).toBeUndefined();
    expect(group).toHaveLength(expected);
    expect(made.filter(({ links }) => links.page !== undefined)).toHaveLength(good);

    const results = (await bench.get(`/v1/campaigns/${id}/results.csv`)).body;
    const named = results.split('\r\n').filter((line) => line.endsWith(',holdout,false,'));
    expect(named.map((line) => line.split(',')[0])).toEqual(group);
    // The same customers, in another order and in another campaign.
    const again = await bench.run({ ...order, holdout, rows: rows.toReversed() });
    expect(heldOut(again.rows).toReversed()).toEqual(group);
    const other = await bench.run({ ...order, holdout: { share: 0.3, key: 'summer' } });
    expect(heldOut(other.rows)).not.toEqual(group);
  });

  it('is drawn by the file where nothing else is named, and found when a person is erased', async () => {
    const holdout = { share: 0.3 };
    const [first, second] = [await bench.run({ ...order, holdout }), await bench.run({ ...order, holdout })];
    expect(heldOut(second.rows)).toEqual(heldOut(first.rows));
    const [customer = ''] = heldOut(first.rows);
    const payload = { customerId: customer };
    const erased = await bench.post('/v1/people/erase', payload);
    expect(erased.statusCode, erased.body).toBe(200);
    const left = (await bench.get(`/v1/campaigns/${first.id}/rows?limit=100`)).body;
    expect(left).not.toContain(`"${customer}"`);
    const { rows: leftRows } = z.object({ rows: z.array(renderSchema) }).parse(JSON.parse(left));
    const emptied = leftRows.filter(({ segments }) => segments === undefined);
    expect(emptied.map(({ campaign }) => campaign?.row)).toEqual([Number(customer.slice(2)) + 1, 60]);
  });

  it('is compared in a report with those who have a video', async () => {
    const { id, rows: made } = await bench.run({ ...order, holdout: { share: 0.3, key: 'report' } });
    const group = heldOut(made);
    const sent = made.flatMap(({ status, customerId = '' }) => (status.state === 'done' ? [customerId] : []));
    // Half of those with a video, one who is held out, and one who is in no campaign.
    const renewing = [...sent.slice(0, Math.floor(sent.length / 2)), group[0], 'c-unknown'];
    const conversions = renewing.map((customerId) => ({
      ...{ customerId, name: 'renewed', value: 20, currency: 'EUR', at: new Date().toISOString() },
    }));
    const payload = { conversions };
    const reported = await bench.post('/v1/conversions', payload);
    expect(reported.json(), reported.body).toEqual({
      ...{ accepted: renewing.length, repeated: 0 },
      known: renewing.length - 1,
    });

    const report = comparisonSchema.parse((await bench.get(`/v1/campaigns/${id}/report`)).json());
    expect(report).toMatchObject({ sent: sent.length, heldOut: group.length, complete: false });
    expect(report.conversions).toMatchObject([
      {
        ...{ name: 'renewed', verdict: 'too-early' },
        sent: { people: sent.length, converted: renewing.length - 2 },
        heldOut: { people: group.length, converted: 1, rate: Number((1 / group.length).toPrecision(6)) },
        values: [{ currency: 'EUR', interval: null }],
      },
    ]);
    const [segment] = report.segments;
    expect(segment).toMatchObject({ segment: 'loyal', sent: sent.length, heldOut: group.length });
    expect(segment?.conversions).toMatchObject([
      { name: 'renewed', sent: { converted: renewing.length - 2 } },
    ]);
    expect((await bench.get(`/v1/campaigns/${id}/report?days=0`)).statusCode).toBe(400);
    expect((await bench.get(`/v1/campaigns/${crypto.randomUUID()}/report`)).statusCode).toBe(404);
    // Nothing is counted of a person who was erased.
    const who = { customerId: sent[0] };
    await bench.post('/v1/people/erase', who);
    const after = comparisonSchema.parse((await bench.get(`/v1/campaigns/${id}/report`)).json());
    expect(after).toMatchObject({ sent: sent.length - 1, heldOut: group.length });
    expect(after.conversions[0]?.sent.converted).toBe(renewing.length - 3);
  });

  it.each([
    ['no share', { share: 0 }, 400, '/holdout/share'],
    ['all', { share: 1 }, 400, '/holdout/share'],
    ['another member', { share: 0.1, size: 3 }, 400, '/holdout/size'],
  ])('with %s is refused', async (_, holdout, status, pointer) => {
    const answer = await bench.post('/v1/campaigns', { ...order, holdout });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('is refused where no column says whom a row is about', async () => {
    const nameless = rows.map(({ customer_id: _id, ...row }) => row);
    const { idColumn: _idColumn, ...rest } = order;
    const answer = await bench.post('/v1/campaigns', { ...rest, rows: nameless, holdout: { share: 0.1 } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'csv-columns' });
    expect(answer.body).toContain('control group');
  });
});
