import { describe, expect, it } from 'vitest';
import { boolean } from '../../data/fields.ts';
import { renewalOffer } from '../../templates/renewal-offer/template.ts';
import { yearInReview } from '../../templates/year-in-review/template.ts';
import { withCoarser } from '../../video/story/coarser.ts';
import type { Template } from '../../video/story/template.ts';
import { namesUsed } from '../people/known-view.ts';
import type { DataField } from './advice-schema.ts';
import { groupAlike, mayBeLeftOut, recommend, type RecommendFacts } from './recommend.ts';

/** A file of 1,000 rows whose columns are full and varied, but for what is said of some. */
function fieldsOf(
  template: Template,
  changes: Readonly<Record<string, Partial<DataField>>> = {},
): DataField[] {
  const used = namesUsed(template);
  return Object.entries(template.record).map(([name, field]) => ({
    ...{ field: name, label: field.label, column: name, kind: field.kind, personal: field.personal },
    scenes: [...(used.get(name) ?? [])].sort(),
    optional: !field.required && field.fallback === undefined,
    required: field.required,
    ...{ filled: 1, usable: 1, doubtful: 0, distinct: { values: 500, exact: true }, only: null, dates: null },
    fallback: { shown: typeof field.fallback === 'string' ? field.fallback : null, rows: 0, noticed: 0 },
    ...changes[name],
  }));
}

function advise(
  template: Template,
  changes: Readonly<Record<string, Partial<DataField>>> = {},
  more: Partial<RecommendFacts> = {},
) {
  const fields = fieldsOf(template, changes);
  const recommendations = recommend({
    ...{ template, used: namesUsed(template), fields, rows: 1000, frames: 10_000 },
    ...{ coarser: new Map(), without: new Map(), fits: true, ...more },
  });
  return {
    recommendations,
    of: (name: string) => recommendations.find(({ field }) => field === name),
    fields,
  };
}

const saving = { clips: 400, frames: 4_000, coreHours: 2.5 };

describe('what to do with a field', () => {
  it('is to show each viewer their own value, or what people of a group share', () => {
    const { of } = advise(yearInReview);
    expect(of('firstName')?.advice).toBe('personalize');
    expect(of('plan')?.advice).toBe('customize');
  });

  it('is to ask the viewer for a choice that few rows have', () => {
    expect(advise(renewalOffer, { plan: { usable: 0.3 } }).of('plan')).toMatchObject({
      ...{ advice: 'let-viewer-choose', apply: 'designer' },
      reason: 'Only 30 % of the rows have it. A question in the film with 3 answers asks the viewer instead.',
    });
  });

  it('is to ask the viewer for yes or no as for any other choice', () => {
    const { record } = renewalOffer;
    const plan = boolean({ label: 'Plan', personal: false, optional: true, fallback: false });
    const template = { ...renewalOffer, record: { ...record, plan } };
    const { of, fields } = advise(template, { plan: { usable: 0.3 } });
    expect(of('plan')?.reason).toContain('A question in the film with 2 answers asks the viewer instead.');
    expect(mayBeLeftOut(template, fields)).not.toContain('plan');
  });

  it('is to leave out what few rows have, unless the scenes work without it', () => {
    const gaps = { favouriteCategory: { usable: 0.2, required: false }, photoUrl: { usable: 0.2 } };
    const { of, fields } = advise(yearInReview, gaps, { without: new Map([['favouriteCategory', saving]]) });
    expect(of('favouriteCategory')).toMatchObject({
      ...{ advice: 'leave-out', saving },
      reason:
        'Only 20 % of the rows have it; the other viewers would see “a bit of everything”. Without it: 400 clips and 2.5 core-hours fewer.',
    });
    expect(of('photoUrl')).toMatchObject({ advice: 'personalize', apply: 'none' });
    expect(mayBeLeftOut(yearInReview, fields)).toEqual(['favouriteCategory']);
  });

  it('is to complete what the template requires', () => {
    expect(advise(renewalOffer, { renewalDate: { usable: 0.1 } }).of('renewalDate')).toMatchObject({
      advice: 'personalize',
      apply: 'file',
    });
  });

  it('is to say less where that saves a twentieth, or where date or budget would be missed', () => {
    const coarser = (frames: number) => new Map([['renewalDate', { ...saving, frames }]]);
    const on = (more: Partial<RecommendFacts>) => advise(renewalOffer, {}, more).of('renewalDate');
    expect(on({ coarser: coarser(500) })).toMatchObject({ advice: 'customize', apply: 'setting' });
    expect(on({ coarser: coarser(499) })).toMatchObject({ advice: 'personalize', apply: 'none' });
    expect(on({ coarser: coarser(499), fits: false })).toMatchObject({ advice: 'customize' });
    const applied = advise(withCoarser(renewalOffer, ['renewalDate'])).of('renewalDate');
    expect(applied).toMatchObject({ advice: 'customize', apply: 'none' });
  });

  it('is to leave out what the story does not use, and what is the same for everyone and personal', () => {
    const unused: Template = {
      ...renewalOffer,
      record: { ...renewalOffer.record, city: yearInReview.record.city },
    };
    expect(advise(unused).of('city')).toMatchObject({ advice: 'leave-out', apply: 'file' });
    const { of } = advise(renewalOffer, { firstName: { only: 'Anna' }, plan: { only: 'Plus' } });
    expect([of('firstName')?.advice, of('plan')?.advice]).toEqual(['leave-out', 'customize']);
  });

  it('is never to remove the column of a field that the template requires', () => {
    const { of } = advise(yearInReview, { city: { only: 'Lisbon' }, may: { only: '7' } });
    expect(of('city')).toMatchObject({ advice: 'leave-out', apply: 'file' });
    expect(of('city')?.reason).toContain('write emptyAs: fallback in the mapping');
    expect(of('may')).toMatchObject({ advice: 'leave-out', apply: 'designer' });
    expect(of('may')?.reason).toContain('the template requires the column');
  });

  it('says that rows fail, and how to leave out a required field that has other words', () => {
    const { of } = advise(yearInReview, { favouriteCategory: { usable: 0.2 } });
    expect(of('favouriteCategory')).toMatchObject({
      ...{ advice: 'leave-out', apply: 'file' },
      reason:
        'Only 20 % of the rows have it; the other rows fail. To leave it out: take its column out of the file, and write emptyAs: fallback in the mapping. Viewers then see “a bit of everything”.',
    });
  });

  it('names what would be shown as people write it', () => {
    const coarser = new Map([['renewalDate', { ...saving, clips: 0, frames: 0 }]]);
    expect(advise(renewalOffer, {}, { coarser }).of('renewalDate')?.reason).toBe(
      'With the renewal month in its place: not one clip fewer for 1,000 videos. Show the value itself.',
    );
  });

  it('is to leave out a photo where date or budget is missed: nothing says less than it', () => {
    const { of } = advise(yearInReview, {}, { fits: false });
    expect(of('photoUrl')).toMatchObject({ apply: 'file' });
    expect(of('firstName')).toMatchObject({ apply: 'designer' });
  });

  it('is one line for fields that are shown together', () => {
    const grouped = ({ recommendations, fields }: ReturnType<typeof advise>) =>
      groupAlike({
        recommendations,
        data: { rows: 0, fields, fallbacks: { rows: 0, viewers: 0, firstRows: [] } },
      }).map(({ label }) => label);
    expect(grouped(advise(yearInReview))).toContain('January to December');
    const alike = Object.fromEntries(['oct', 'nov', 'dec'].map((month) => [month, { only: '7' }]));
    expect(grouped(advise(yearInReview, alike))).toEqual(
      expect.arrayContaining(['January to September', 'October to December']),
    );
  });
});
