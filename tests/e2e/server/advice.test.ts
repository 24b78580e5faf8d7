import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { adviceSchema, type Advice } from '../../../worker/advice/advice-schema.ts';
import { criteria } from '../../../worker/advice/criteria.ts';
import { knownSchema } from '../../../video/story/viewer-data-schema.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import { personExportSchema } from '../../../worker/people/people-schema.ts';
import { openShippedBench, type ShippedBench } from './shipped-bench.ts';
import { uploadOf } from './upload-form.ts';

const asOf = '2026-06-01';

/** Customers of whom three share a name and a month of renewal, and none a day. */
const loyal = Array.from({ length: 12 }, (_, index) => ({
  ...{ customer_id: `c-${index}`, first_name: ['Anna', 'Ben', 'Cleo', 'Dora'][index % 4] ?? '' },
  ...{ segment: 'loyal', renewal_date: `2026-07-${String(index + 1).padStart(2, '0')}`, plan: 'Plus' },
}));
const order = { template: 'renewal-offer', quality: 'draft', idColumn: 'customer_id', asOf, rows: loyal };

let bench: ShippedBench;

beforeAll(async () => {
  bench = await openShippedBench();
});

afterAll(() => bench?.close());

async function advise(payload: object): Promise<Advice> {
  const answer = await bench.post('/v1/advice', payload);
  expect(answer.statusCode, answer.body).toBe(200);
  return adviceSchema.parse(answer.json());
}

const findings = ({ factors }: Advice, criterion: keyof typeof criteria) =>
  factors
    .flatMap((factor) => factor.findings)
    .filter((each) => each.criterion === criterion)
    .map(({ level, message }) => `${level}: ${message}`);

const adviceOn = ({ recommendations }: Advice, field: string) =>
  recommendations.find((each) => each.field === field);

describe('advice on a file', () => {
  it('counts what a coarser field saves as two plans do, and names the setting', async () => {
    const [advice, fine, coarse] = [
      await advise(order),
      await bench.plan(order),
      await bench.plan({ ...order, coarser: ['renewalDate'] }),
    ];
    expect([fine.clips.distinct, coarse.clips.distinct]).toEqual([16, 8]);
    expect(advice.clips).toEqual(fine.clips);
    const saving = {
      clips: fine.clips.toRender - coarse.clips.toRender,
      frames: fine.frames.toRender - coarse.frames.toRender,
    };
    expect(adviceOn(advice, 'renewalDate')).toMatchObject({
      ...{ advice: 'customize', coarser: 'renewalMonth', apply: 'setting' },
      saving,
    });
    expect(advice.apply).toMatchObject({ coarser: ['renewalDate'], saving });
    expect(adviceOn(advice, 'firstName')).toMatchObject({ advice: 'personalize', apply: 'none' });
    // Applied, there is nothing left to apply.
    const applied = await advise({ ...order, coarser: ['renewalDate'] });
    expect(applied.clips).toEqual(coarse.clips);
    expect(applied).toMatchObject({ coarser: ['renewalDate'], apply: null });
    expect(adviceOn(applied, 'renewalDate')).toMatchObject({ advice: 'customize', apply: 'none' });
  });

  it('keeps to one to one where nothing is shared by saying less', async () => {
    const rows = loyal.map((row, index) => ({ ...row, first_name: `Person ${index}` }));
    const advice = await advise({ ...order, rows });
    expect(adviceOn(advice, 'renewalDate')).toMatchObject({ advice: 'personalize', saving: { clips: 0 } });
    expect(advice.apply).toBeNull();
  });

  it('names an empty, an invalid and a constant column, stale dates and segments that nobody is in', async () => {
    const rows = loyal.map((row, index) => ({
      ...row,
      ...{ locale: '', first_name: 'Anna', note: 'x' },
      plan: index < 3 ? 'Gold' : 'Plus',
      renewal_date: index < 6 ? '2024-01-01' : row.renewal_date,
    }));
    const advice = await advise({ ...order, rows });
    expect(advice.level).toBe('not-yet');
    expect(advice.rows).toMatchObject({ good: 9, bad: 3 });
    const dataOf = (name: string) => advice.data.fields.find(({ field }) => field === name);
    expect(dataOf('locale')).toMatchObject({ filled: 0, usable: 0, distinct: { values: 0, exact: true } });
    expect(dataOf('plan')).toMatchObject({ filled: 1, usable: 0.75, distinct: { values: 2 } });
    expect(dataOf('firstName')).toMatchObject({ only: 'Anna', distinct: { values: 1 } });
    expect(dataOf('renewalDate')?.dates).toEqual({ oldest: '2024-01-01', newest: '2026-07-12', unlikely: 3 });
    expect(findings(advice, 'rows-usable')).toEqual(['not-yet: 9 of 12 rows become videos; 3 rows fail.']);
    expect(findings(advice, 'fields-filled')).toEqual([
      'not-yet: Plan is filled in 100 % of the rows and usable in 75 %.',
    ]);
    expect(findings(advice, 'values-differ')).toEqual([
      'with-care: First name is “Anna” in every row: it says nothing about the viewer.',
    ]);
    expect(adviceOn(advice, 'firstName')).toMatchObject({ advice: 'leave-out', apply: 'file' });
    expect(findings(advice, 'dates-fresh')).toEqual([
      'not-yet: Renewal date makes no sense for 2026-06-01 in 3 rows (25 %).',
    ]);
    expect(findings(advice, 'segments-own')).toEqual([
      'ready: Everybody is in loyal: nothing differs by it.',
    ]);
    expect(findings(advice, 'segments-occur')).toEqual([
      'with-care: Nobody is in the audience segments new, atRisk or business. No row has the segment new, at-risk or business. No row has the plan Basic or Premium.',
    ]);
    expect(findings(advice, 'nodes-reached')).toEqual([
      'with-care: Nobody comes to the nodes comeback, opening-new, opening-business and invoice.',
    ]);
    expect(findings(advice, 'data-needed')).toEqual(['with-care: The video does not use 1 column: note.']);
  });

  it('says how many workers a date takes, and what it costs', async () => {
    const hours = (await advise(order)).time.workerHours;
    const soon = new Date(Date.now() + (hours * 3_600_000) / 2.5).toISOString();
    const late = await advise({ ...order, by: soon, hourPrice: 10, budget: 1e-6, currency: 'EUR' });
    expect(late.time.by).toMatchObject({ at: soon, workers: 3, inTime: false });
    expect(late.time.money).toMatchObject({ hourPrice: 10, currency: 'EUR', budget: 1e-6 });
    expect(late.time.money?.cost).toBeCloseTo(10 * hours, 6);
    const lower = await advise({ ...order, coarser: ['renewalDate'] });
    expect(late.apply?.cost).toBeCloseTo(10 * lower.time.workerHours, 6);
    expect(late.apply?.workers).toBe(Math.ceil((2.5 * lower.time.workerHours) / hours));
    expect(findings(late, 'time-to-spare')).toEqual([
      expect.stringMatching(/^not-yet: All videos by .* need 3 workers like this one/),
    ]);
    expect(findings(late, 'money-to-spare')).toEqual([expect.stringMatching(/^not-yet: It costs .* EUR/)]);
    const early = await advise({ ...order, by: '2099-01-01T00:00:00+01:00' });
    expect(early.time.by).toMatchObject({ at: '2098-12-31T23:00:00.000Z', workers: 1, inTime: true });
    const over = await advise({ ...order, by: '2020-01-01T00:00:00Z' });
    expect(over.time.by).toMatchObject({ workers: null, inTime: false });
    expect(findings(over, 'time-to-spare')[0]).toMatch(/^not-yet: 2020-01-01 00:00 \(UTC\) is over\./);
  });

  it('says who sees what and who may do what', async () => {
    const advice = await advise(order);
    expect(advice.privacy.fields.map(({ field, correct, withhold }) => [field, correct, withhold])).toEqual([
      ['firstName', true, true],
      ['renewalDate', true, false],
      ['link', false, true],
    ]);
    expect(advice.resources).toMatchObject({ workers: { running: 1, counted: 1 }, keys: 1 });
    expect(advice.resources.roles.find(({ scope }) => scope === 'admin')).toMatchObject({
      keys: 1,
      names: ['test'],
    });
    expect(Object.values(advice.resources.parts)).not.toContain('away');
    // Names of keys are for admins.
    const other = await bench.served.keyed('render');
    const answer = await bench.post('/v1/advice', order, other);
    expect(adviceSchema.parse(answer.json()).resources.roles.map(({ names }) => names)).toEqual([
      ...[null, null, null, null],
    ]);
  });

  it('judges only by criteria of the document', async () => {
    const { factors } = await advise({ ...order, hourPrice: 1 });
    for (const { factor, findings: all } of factors) {
      for (const { criterion } of all) {
        expect(criteria[criterion as keyof typeof criteria]?.factor, criterion).toBe(factor);
      }
    }
    const judged = new Set(factors.flatMap(({ findings: all }) => all.map(({ criterion }) => criterion)));
    expect([...judged].sort()).toEqual(Object.keys(criteria).sort());
  });

  it('takes a form, and refuses what makes no sense', async () => {
    const csv = 'customer_id,first_name,segment,renewal_date,plan\n1,Anna,loyal,2026-07-01,Plus\n';
    const fields = Object.entries({
      template: 'renewal-offer',
      asOf,
      coarser: 'renewalDate',
      hourPrice: '0.40',
    });
    const answer = await bench.served.server.inject({
      ...uploadOf(csv, fields, { headers: bench.headers }),
      url: '/v1/advice',
    });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(adviceSchema.parse(answer.json())).toMatchObject({
      coarser: ['renewalDate'],
      time: { money: { hourPrice: 0.4 } },
    });
    const unknown = await bench.post('/v1/advice', { ...order, coarser: ['city'] });
    expect([unknown.statusCode, unknown.json()]).toMatchObject([
      400,
      { code: 'coarser-unknown', errors: [{ pointer: '/coarser' }] },
    ]);
    for (const [payload, status] of [
      [{ ...order, budget: 5 }, 400],
      [{ ...order, by: 'tomorrow' }, 400],
      [{ ...order, template: 'none' }, 422],
    ] as const) {
      expect((await bench.post('/v1/advice', payload)).statusCode, JSON.stringify(payload)).toBe(status);
    }
  });
});

async function scenesOf(customerId: string) {
  const exported = await bench.post('/v1/people/export', { customerId });
  return personExportSchema.parse(exported.json()).videos.map(({ scenes }) => scenes);
}

describe('a campaign that shows a field coarser', () => {
  it('renders what the plan said, and keeps to it when a record is changed', async () => {
    const coarse = { ...order, coarser: ['renewalDate'] };
    const expected = await bench.plan(coarse);
    const { report, rows } = await bench.run(coarse);
    expect(report.clips.wanted).toBe(expected.clips.toRender);
    expect(report.coarser).toEqual(['renewalDate']);
    const [first, second] = rows;
    const changed = await bench.patch(`/v1/renders/${first?.id ?? ''}`, {
      record: { renewalDate: '2026-09-09' },
    });
    expect(changed.statusCode, changed.body).toBe(202);
    await vi.waitFor(
      async () => {
        expect(JSON.stringify(await scenesOf('c-0'))).toContain('"renewalDate":"2026-09"');
      },
      { timeout: 30_000, interval: 100 },
    );

    // So does the page: what its viewer sees of themselves, and what they correct.
    const token = second?.links.page?.split('/v/')[1] ?? '';
    const opened = await bench.post('/viewer/session', { link: token, carry: 'memory' });
    const pass = { authorization: `Bearer ${sessionSchema.parse(opened.json()).access}` };
    const corrected = await bench.post(
      '/viewer/known',
      { changes: [{ name: 'renewalDate', do: 'correct', value: '2026-10-10' }] },
      pass,
    );
    expect(corrected.statusCode, corrected.body).toBe(200);
    const known = knownSchema.parse((await bench.get('/viewer/known', pass)).json());
    expect(known.values.find(({ name }) => name === 'renewalMonth')).toMatchObject({
      value: '2026-10',
      scenes: ['personal'],
    });
    await vi.waitFor(
      async () => {
        const text = JSON.stringify(await scenesOf('c-1'));
        expect(text).toContain('"renewalDate":"2026-10"');
        expect(text).not.toContain('2026-10-10');
      },
      { timeout: 30_000, interval: 100 },
    );
  });
});
