import { expect, it } from 'vitest';
import { errors } from '../../errors/messages.ts';
import { failedRow, type FirstRow, stopsCampaign } from './stop-campaign.ts';

const times = (count: number, row: (index: number) => FirstRow): readonly FirstRow[] =>
  Array.from({ length: count }, (_, index) => row(index));
const lasts = (frames: number): FirstRow =>
  failedRow(
    errors.templateFailed({
      subject: 'Scene "one" at node "a"',
      what: `lasts ${frames}`,
      why: 'Correct it.',
    }),
  );
const throws = (index: number, why = `TypeError: odd ${index}`): FirstRow =>
  failedRow(errors.sceneFailed({ template: 'birthday', scene: 'one', frame: index, why }));
const badCell: FirstRow = failedRow({ code: 'row-invalid', message: 'Column "plan" is empty.' });

it.each([
  ['whose durations are fractions', times(20, (index) => lasts(index + 0.5))],
  ['whose scene throws, at different frames and about different values', times(25, (index) => throws(index))],
  ['with bad cells between them', times(40, (index) => (index % 2 === 0 ? badCell : lasts(0.5)))],
])('stops a campaign with first rows %s', (_what, rows) => {
  const stopped = stopsCampaign(rows);
  expect(stopped).toMatchObject({ code: 'campaign-stopped' });
  expect(stopped?.message).toMatch(
    /^The first 20 rows all fail in the same way, so the campaign was stopped/,
  );
});

it.each([
  ['too few rows', times(19, () => lasts(0.5))],
  ['one good row among the first', times(30, (index) => (index === 19 ? 'good' : lasts(0.5)))],
  ['rows that fail in two ways', times(30, (index) => (index === 7 ? throws(1) : lasts(0.5)))],
  ['another code', times(30, (index) => (index === 7 ? failedRow(errors.unexpected()) : lasts(0.5)))],
  ['nothing but bad cells', times(40, () => badCell)],
  ['failures after good rows', [...times(5, () => 'good'), ...times(30, () => lasts(0.5))]],
])('does not stop a campaign with %s', (_what, rows) => {
  expect(stopsCampaign(rows)).toBeUndefined();
});
