import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import { comparisonSchema } from '../../../worker/measurement/comparison-schema.ts';
import { openShippedBench, type ShippedBench } from './shipped-bench.ts';

/** Loyal customers, of whom the last has no plan and the one before no id. */
const rows = Array.from({ length: 40 }, (_, index) => ({
  ...{ customer_id: index === 38 ? '' : `c-${index}`, first_name: 'Anna', segment: 'loyal' },
  ...{ renewal_date: '2026-12-14', plan: index === 39 ? '' : 'Plus' },
}));
const variants = ['loyal', 'atRisk'];
const order = {
  ...{ template: 'renewal-offer', quality: 'draft', rows, idColumn: 'customer_id', variants },
  holdout: { share: 0.2, key: 'spring' },
};

let bench: ShippedBench;

beforeAll(async () => {
  bench = await openShippedBench();
});

afterAll(() => bench?.close());

/** The first scene of a render, and what it is planned with. */
async function shownBy(id: string) {
  const { renders } = bench.served.open.pipeline;
  const [render, source] = [await renders.find(id), await renders.source(id)];
  return { first: render?.path[0]?.node, variant: source?.terms.variant, render };
}

const firstOf = { loyal: 'opening-loyal', atRisk: 'comeback' } as const;

describe('variants of a story', () => {
  it('are assigned as the forecast says, and the same again in another order of rows', async () => {
    const forecast = await bench.plan(order);
    const { id, report, rows: made } = await bench.run(order);
    expect(report.clips.wanted).toBe(forecast.clips.distinct);
    const count = (name: string | undefined) =>
      made.filter(({ variant, status }) => variant === name && status.state === 'done').length;
    expect(forecast.variants).toEqual([
      { variant: 'atRisk', good: count('atRisk') },
      { variant: 'loyal', good: count('loyal') },
    ]);
    expect(Math.min(count('atRisk'), count('loyal'))).toBeGreaterThan(5);
    const loyal = { good: forecast.rows.good, heldOut: forecast.rows.heldOut };
    expect(forecast.segments).toContainEqual({ segment: 'loyal', ...loyal });
    for (const { id: render, status, variant, segments } of made) {
      if (status.state === 'skipped') expect({ variant, segments }).toEqual({ segments: ['loyal'] });
      if (status.state !== 'done' || variant === undefined) continue;
      const shown = await shownBy(render);
      expect(shown).toMatchObject({ first: firstOf[variant as 'loyal'], variant: { name: variant } });
      expect(segments).toEqual(['loyal']);
    }
    expect(made[38]).toMatchObject({ status: { state: 'failed' } });
    expect(made[38]?.variant).toBeUndefined();
    const results = (await bench.get(`/v1/campaigns/${id}/results.csv`)).body.trim().split('\r\n');
    expect(results[0]).toMatch(/,bespoke_variant$/);
    expect(results.slice(1, 39).map((line) => line.split(',').at(-1))).toEqual(
      made.slice(0, 38).map(({ variant = '' }) => variant),
    );
    const again = await bench.run({
      ...order,
      variants: variants.toReversed(),
      rows: rows.slice(0, 38).toReversed(),
    });
    expect(again.rows.toReversed().map(({ variant }) => variant)).toEqual(
      made.slice(0, 38).map(({ variant }) => variant),
    );
    const few = await bench.run({ ...order, limit: 10 });
    expect(few.rows.map(({ variant }) => variant)).toEqual(made.slice(0, 10).map(({ variant }) => variant));
  });

  it('stay with a customer who corrects their data, and whose sender changes it', async () => {
    const { rows: made } = await bench.run(order);
    const atRisk = made.find(({ variant, status }) => variant === 'atRisk' && status.state === 'done');
    const { id = '', links, customerId = '' } = atRisk ?? {};
    const token = links?.page?.split('/v/')[1] ?? '';
    const opened = sessionSchema.parse(
      (await bench.post('/viewer/session', { link: token, carry: 'memory' }, {})).json(),
    );
    const pass = { authorization: `Bearer ${opened.access}` };
    const changes = [
      { name: 'firstName', do: 'correct', value: 'Zoë' },
      { name: 'segment', do: 'correct', value: 'new' },
    ];
    const before = await shownBy(id);
    const corrected = await bench.post('/viewer/known', { changes }, pass);
    expect(corrected.json(), corrected.body).toMatchObject({ outcome: 'changed' });
    await vi.waitFor(
      async () => {
        const { render } = await shownBy(id);
        expect(render?.key).toBeDefined();
        expect(render?.key).not.toBe(before.render?.key);
      },
      { timeout: 30_000, interval: 100 },
    );
    const after = await shownBy(id);
    expect(after).toMatchObject({
      ...{ first: 'comeback', variant: { name: 'atRisk' } },
      render: { variant: 'atRisk', segments: ['loyal'], customerId },
    });

    const patched = await bench.patch(`/v1/renders/${id}`, { record: { plan: 'Basic' } });
    expect(patched.statusCode, patched.body).toBe(202);
    const newer = renderSchema.parse(patched.json()).id;
    await vi.waitFor(
      async () => {
        expect(renderSchema.parse((await bench.get(`/v1/renders/${newer}`)).json()).status.state).toBe(
          'done',
        );
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(await shownBy(newer)).toMatchObject({ first: 'comeback', variant: { name: 'atRisk' } });
    expect(renderSchema.parse((await bench.get(`/v1/renders/${newer}`)).json()).variant).toBe('atRisk');

    await bench.post('/v1/people/erase', { customerId });
    const left = (await shownBy(id)).render;
    expect(left).toMatchObject({ status: { state: 'skipped' } });
    expect({ variant: left?.variant, segments: left?.segments }).toEqual({});
  });

  it('are compared with each other, and judged as the order fixed it', async () => {
    const measure = { days: 20, baseRate: 0.05 };
    const { id, rows: made } = await bench.run({ ...order, measure });
    const payload = {
      conversions: made.flatMap(({ variant, customerId }) =>
        variant === 'loyal' && customerId !== undefined
          ? [{ customerId, name: 'renewed', at: new Date().toISOString() }]
          : [],
      ),
    };
    expect((await bench.post('/v1/conversions', payload)).statusCode).toBe(200);
    const report = comparisonSchema.parse((await bench.get(`/v1/campaigns/${id}/report`)).json());
    const people = (name: string) =>
      made.filter(({ variant, status }) => variant === name && status.state === 'done').length;
    expect(report).toMatchObject({
      ...{ days: 20, measure, complete: false },
      variants: ['atRisk', 'loyal'].map((name) => ({ variant: name, people: people(name) })),
      variantConversions: [
        {
          rates: [
            { variant: 'atRisk', converted: 0 },
            { variant: 'loyal', converted: people('loyal') },
          ],
          comparisons: [
            ...[{ variant: 'atRisk', against: 'loyal', verdict: 'too-early', intervals: 'always-valid' }],
          ],
        },
      ],
    });
    expect(report.conversions[0]).toMatchObject({ planned: { conversions: 1, missing: 1 } });
    expect((await bench.get(`/v1/campaigns/${id}/report?days=5`)).json()).toMatchObject({ days: 5, measure });
    const refused = await bench.post('/v1/campaigns', { ...order, measure: { days: 0 } });
    expect(refused.json()).toMatchObject({ status: 400, errors: [{ pointer: '/measure/days' }] });
  });

  it.each([
    ['one name', ['loyal'], 400, '/variants'],
    ['the same name twice', ['loyal', 'loyal'], 400, '/variants'],
  ])('are refused with %s', async (_, names, status, pointer) => {
    const answer = await bench.post('/v1/campaigns', { ...order, variants: names });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('are refused with names that the template lacks, and list those it has', async () => {
    const answer = await bench.post('/v1/campaigns', { ...order, variants: ['loyal', 'plan', 'vip'] });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toMatch(/called plan, vip.*It has loyal, new, atRisk, business\./);
  });

  it('are refused where no column says whom a row is about', async () => {
    const nameless = rows.map(({ customer_id: _id, ...row }) => row);
    const { idColumn: _idColumn, holdout: _holdout, ...rest } = order;
    const answer = await bench.post('/v1/campaigns', { ...rest, rows: nameless });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('Variants are assigned by customer');
  });
});
