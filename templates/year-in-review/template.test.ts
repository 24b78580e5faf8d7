import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRecord } from '../../data/check-record.ts';
import { bindPath, type ResolvedImages } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { pathCues, pathDuration } from '../../video/story/path.ts';
import type { Fixture } from '../../video/story/fixtures.ts';
import { plans } from './record.ts';
import { yearInReview as template } from './template.ts';

const asOf = '2026-01-15';
const stored: ResolvedImages = { photoUrl: { kind: 'stored', hash: 'a'.repeat(64) } };
const fixtures = Object.entries(template.fixtures);
const typical = template.fixtures.typical.record;

function pathOf(record: Fixture['record'], images: ResolvedImages = {}): readonly BoundScene[] {
  return bindPath(template, record, images, { asOf });
}

const sceneOf = (path: readonly BoundScene[], id: string): BoundScene => {
  const bound = path.find(({ scene }) => scene === id);
  if (bound === undefined) throw new Error(`No ${id} on the path.`);
  return bound;
};

describe('record', () => {
  it.each(fixtures)('fixture %s passes its own check unchanged', (_, { record }) => {
    expect(checkRecord(template.record, record)).toEqual({ ok: true, record, warnings: [] });
  });

  it('takes a row of the sample file as text', () => {
    const months = Object.fromEntries(
      ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((month) => [
        month,
        '3',
      ]),
    );
    const row = {
      firstName: 'Jens',
      city: 'Århus',
      memberSince: '2020-02-29',
      plan: 'premium',
      favouriteCategory: 'Books',
      photoUrl: '',
      locale: '',
      ...months,
    };
    const check = checkRecord(template.record, row);
    expect(check).toMatchObject({
      ok: true,
      record: { plan: 'Premium', jan: 3, photoUrl: undefined, locale: 'en-GB' },
    });
  });

  it('refuses negative months', () => {
    const check = checkRecord(template.record, { ...typical, feb: '-1' });
    expect(check).toMatchObject({ ok: false, issues: [{ field: 'feb' }] });
  });
});

describe('path', () => {
  it('lasts 24 seconds, 40 % of them personal', () => {
    const path = pathOf(typical, stored);
    const personal = path.filter((bound) => bound.personal);
    expect(path.map(({ scene }) => scene)).toEqual([
      'intro',
      'greeting',
      'category',
      'year',
      'tenure',
      'offer',
      'outro',
    ]);
    expect(pathDuration(path)).toBe(24 * template.fps);
    expect(personal.map(({ scene }) => scene)).toEqual(['greeting', 'year', 'tenure']);
    expect(pathDuration(personal) / pathDuration(path)).toBeCloseTo(0.4);
  });

  it.each(fixtures)('fixture %s binds', (_, { record }) => {
    expect(pathOf(record)).toHaveLength(7);
    expect(() => canonicalJson(pathOf(record))).not.toThrow();
  });

  it('shares a clip between people who are alike in what its scene reads', () => {
    const other = {
      ...typical,
      firstName: 'Bo',
      city: 'Oslo',
      memberSince: '2018-08-08',
      jan: 9,
      locale: 'nb-NO',
    };
    const [one, two] = [pathOf(typical, stored), pathOf(other)];
    for (const shared of ['intro', 'category', 'offer', 'outro']) {
      expect(sceneOf(two, shared).inputs).toEqual(sceneOf(one, shared).inputs);
    }
  });

  it('greets without reading the city, and the day of joining reaches no scene', () => {
    const moved = { ...typical, city: 'Oslo' };
    expect(sceneOf(pathOf(moved), 'greeting')).toEqual(sceneOf(pathOf(typical), 'greeting'));
    expect(canonicalJson(pathOf(typical))).not.toContain(String(typical['memberSince']));
  });

  it('has nine offers, whatever else is in the record', () => {
    const offers = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...plans),
        fc.date({ min: new Date('1950-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }),
        fc.string(),
        fc.nat(),
        (plan, date, firstName, jan) => {
          const memberSince = date.toISOString().slice(0, 10);
          const bound = sceneOf(pathOf({ ...typical, plan, memberSince, firstName, jan }), 'offer');
          expect(Object.keys(bound.inputs).sort()).toEqual(['plan', 'tenureBand']);
          expect(bound.personal).toBe(false);
          offers.add(canonicalJson(bound.inputs));
        },
      ),
      { numRuns: 300 },
    );
    expect(offers.size).toBeLessThanOrEqual(9);
  });
});

describe('captions', () => {
  it.each(fixtures)('of fixture %s follow one another within their scenes', (_, { record }) => {
    for (const { scene, inputs, durationInFrames } of pathOf(record)) {
      const cues = template.scenes[scene as keyof typeof template.scenes].captions(inputs as never, []);
      expect(cues.length).toBeGreaterThanOrEqual(2);
      let end = 0;
      for (const cue of cues) {
        expect(cue.fromFrame).toBeGreaterThanOrEqual(end);
        expect(cue.toFrame).toBeGreaterThan(cue.fromFrame);
        expect(cue.toFrame).toBeLessThanOrEqual(durationInFrames);
        expect(cue.text.trim()).not.toBe('');
        end = cue.toFrame;
      }
    }
  });

  it('say what is on screen', () => {
    const said = pathCues(template, pathOf(typical)).map(({ text }) => text);
    expect(said).toContain('Hello, Anna');
    expect(said).toContain('702 visits this year');
    expect(said).toContain('Your best month: October (96)');
    expect(said).toContain('You have been with us for 6 years');
    expect(said).toContain('3 months of Premium, on us');
  });
});

describe('moments', () => {
  it('lie inside the scenes they name, away from the seam', () => {
    const path = pathOf(typical);
    const { poster, teaser } = template;
    expect(poster.frame).toBeGreaterThan(30);
    expect(poster.frame).toBeLessThan(sceneOf(path, poster.nodes[0] ?? '').durationInFrames - 24);
    expect(teaser.durationInFrames / template.fps).toBeCloseTo(3, 0);
    expect(teaser.frame).toBeGreaterThan(0);
  });
});
