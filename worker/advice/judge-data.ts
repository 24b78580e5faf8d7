import type { Advice, Finding } from './advice-schema.ts';
import { levelAbove, levelBelow, limits } from './criteria.ts';
import { finding, type Facts } from './facts.ts';
import { sayCount, sayList, sayMany, sayShare } from './words.ts';

/** Fields that viewers see drawn. */
const drawnFields = ({ fields }: Advice['data']) =>
  fields.filter(({ kind, scenes }) => scenes.length > 0 && kind !== 'locale' && kind !== 'link');

const lowest = <T>(all: readonly T[], value: (each: T) => number): T | undefined =>
  all.toSorted((a, b) => value(a) - value(b))[0];

function judgeRows({ rows }: Facts): Finding {
  const all = rows.good + rows.bad;
  const share = all === 0 ? 0 : rows.good / all;
  return finding(
    'rows-usable',
    levelAbove(share, limits['rows-usable']),
    all === 0
      ? 'The file has no rows that could become videos.'
      : rows.bad === 0
        ? all === 1
          ? 'The only row becomes a video.'
          : `All ${sayCount(all)} rows become videos.`
        : `${sayCount(rows.good)} of ${sayMany(all, 'row')} become videos; ${sayMany(rows.bad, 'row fails', 'rows fail')}.`,
    '`bespoke plan` names each bad row and what is wrong with it.',
  );
}

function judgeFilling({ data, template }: Facts): readonly Finding[] {
  const drawn = drawnFields(data);
  const poor = drawn.filter(({ usable }) => usable < limits['fields-filled'].ready);
  if (poor.length === 0) {
    const worst = lowest(drawn, ({ usable }) => usable);
    const message =
      worst === undefined
        ? 'The scenes show no field.'
        : worst.usable === 1
          ? 'Every field that a scene shows is usable in every row.'
          : `Every field that a scene shows is usable in ${sayShare(worst.usable)} of the rows or more.`;
    return [finding('fields-filled', 'ready', message)];
  }
  return poor.map(({ field: name, label, column, filled, usable, optional, required }) => {
    const withFallback = template.record[name]?.fallback !== undefined;
    const complete = column === null ? 'Map a column to it' : 'Complete the column';
    return finding(
      'fields-filled',
      optional ? 'with-care' : levelAbove(usable, limits['fields-filled']),
      column === null
        ? `${label} has no column.`
        : filled === 0
          ? `${label} is empty in every row.`
          : filled === usable
            ? `${label} is filled in ${sayShare(filled)} of the rows.`
            : `${label} is filled in ${sayShare(filled)} of the rows and usable in ${sayShare(usable)}.`,
      required
        ? `${complete}: the other rows fail.${withFallback ? ' With emptyAs: fallback in the mapping, empty ones do not.' : ''}`
        : `${complete}, or leave the field out.`,
    );
  });
}

function judgeFallbacks({ data: { fallbacks }, rows: { good } }: Facts): Finding {
  const { viewers, firstRows } = fallbacks;
  const share = good === 0 ? 0 : viewers / good;
  const shown = firstRows.slice(0, 5);
  const more = viewers - shown.length;
  const rows = sayList([...shown.map(String), ...(more > 0 ? [`${sayCount(more)} more`] : [])]);
  return finding(
    'fallbacks-noticed',
    levelBelow(share, limits['fallbacks-noticed']),
    viewers === 0
      ? 'No viewer sees general words in place of a missing value.'
      : `${sayMany(viewers, 'viewer')} of ${sayCount(good)} would see general words in place of a missing value: row${viewers === 1 ? '' : 's'} ${rows}.`,
    'Look at them with `bespoke stills --row`, and complete the rows or leave the field out.',
  );
}

function judgeDoubts({ data }: Facts): Finding {
  // Days are judged by what they are for.
  const doubts = data.fields.map(({ label, doubtful, dates }) => ({
    label,
    doubtful: doubtful - (dates?.unlikely ?? 0),
  }));
  const [worst] = doubts.toSorted((a, b) => b.doubtful - a.doubtful);
  if (worst === undefined || worst.doubtful === 0) {
    return finding('values-doubtful', 'ready', 'No value is doubtful. Dates are judged below.');
  }
  const share = worst.doubtful / data.rows;
  return finding(
    'values-doubtful',
    levelBelow(share, limits['values-doubtful']),
    `${worst.label} holds a doubtful value in ${sayMany(worst.doubtful, 'row')} (${sayShare(share)}).`,
    '`bespoke plan` shows them. If they are meant: --accept. To fail their rows: --strict.',
  );
}

function judgeSpread({ data }: Facts): Finding {
  const same = drawnFields(data).filter(
    ({ personal, only, usable }) => personal && only !== null && data.rows > 1 && usable > 0.5,
  );
  const [first] = same;
  if (first === undefined)
    return finding('values-differ', 'ready', 'No personal field holds the same value in every row.');
  return finding(
    'values-differ',
    'with-care',
    same.length === 1
      ? `${first.label} is “${first.only ?? ''}” in every row: it says nothing about the viewer.`
      : `${sayList(same.map(({ label }) => label))} are the same in every row: they say nothing about the viewer.`,
    'Check the export. If it is right, leave the field out.',
  );
}

function judgePictures({ pictures: { distinct, looked } }: Facts): Finding {
  return finding(
    'pictures-known',
    looked < distinct ? 'with-care' : 'ready',
    distinct === 0
      ? 'The rows name no pictures.'
      : looked < distinct
        ? `${sayCount(looked)} of ${sayMany(distinct, 'picture')} were looked at.`
        : `All ${sayMany(distinct, 'picture')} were looked at.`,
    'Ask again without --no-pictures: each time, more of them are looked at.',
  );
}

const yearMs = 366 * 86_400_000;

function judgeDates({ data, asOf }: Facts): readonly Finding[] {
  const dated = data.fields.flatMap(({ label, dates, scenes }) =>
    dates === null || dates.newest === null ? [] : [{ label, scenes, ...dates, newest: dates.newest }],
  );
  const remedy = 'Export the file again, or set the day of the campaign with --as-of.';
  const findings = dated.flatMap(({ label, unlikely, newest }): readonly Finding[] => {
    const share = unlikely / data.rows;
    if (unlikely > 0) {
      const message = `${label} makes no sense for ${asOf} in ${sayMany(unlikely, 'row')} (${sayShare(share)}).`;
      return [finding('dates-fresh', levelBelow(share, limits['dates-fresh']), message, remedy)];
    }
    if (Date.parse(asOf) - Date.parse(newest) <= yearMs) return [];
    return [
      finding('dates-fresh', 'with-care', `The newest ${label} is ${newest}: the file may be old.`, remedy),
    ];
  });
  if (findings.length > 0) return findings;
  const message =
    dated.length === 0
      ? 'The file has no dates.'
      : `The dates are fresh: the newest ${dated.map(({ label, newest }) => `${label} is ${newest}`).join(', the newest ')}.`;
  return [finding('dates-fresh', 'ready', message)];
}

/** Judges how well the file fills the fields of the template. */
export const judgeData = (facts: Facts): readonly Finding[] => [
  judgeRows(facts),
  ...judgeFilling(facts),
  judgeFallbacks(facts),
  judgePictures(facts),
  judgeDoubts(facts),
  judgeSpread(facts),
  ...judgeDates(facts),
];
