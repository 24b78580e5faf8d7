import { describe, expect, it } from 'vitest';
import { contrast } from '../../video/kit/contrast.ts';
import { checkRecord } from '../../data/check-record.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { withCoarser } from '../../video/story/coarser.ts';
import { bindPath } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { momentFrame, pathCues, pathDuration } from '../../video/story/path.ts';
import { makeRandom } from '../../video/story/check/explore.ts';
import { brand, palettes } from './brand.ts';
import { plans, segments, type Plan, type Segment } from './record.ts';
import { renewalOffer } from './template.ts';

const context = { asOf: '2026-01-15' };
const bind = (row: object) => bindPath(renewalOffer, row as Record<string, unknown>, {}, context);
const row = (segment: Segment, plan: Plan, firstName = 'Anna', renewalDate = '2026-03-14') => ({
  firstName,
  segment,
  renewalDate,
  plan,
  locale: 'en-GB',
});
const everyKind = segments.flatMap((segment) => plans.map((plan) => [segment, plan] as const));
const identity = ({ scene, inputs }: BoundScene) => canonicalJson([scene, inputs]);

describe('renewal offer', () => {
  it.each(everyKind)(
    'shows %s on %s in about 15 seconds, five scenes, one of them personal',
    (segment, plan) => {
      const path = bind(row(segment, plan));
      expect(pathDuration(path) / renewalOffer.fps).toBeCloseTo(15.3, 5);
      expect(path).toHaveLength(5);
      const personal = path.filter((bound) => bound.personal);
      expect(personal.map(({ scene }) => scene)).toEqual(['personal']);
      expect(personal[0]?.durationInFrames).toBe(2.5 * renewalOffer.fps);
    },
  );

  it('lets the segment pick the scenes', () => {
    const scenesOf = (segment: Segment) => bind(row(segment, 'Plus')).map(({ scene }) => scene);
    const common = ['opening', 'personal', 'benefits', 'offer', 'outro'];
    expect(scenesOf('loyal')).toEqual(common);
    expect(scenesOf('new')).toEqual(common);
    expect(scenesOf('at-risk')).toEqual(common.with(0, 'comeback'));
    expect(scenesOf('business')).toEqual(common.with(2, 'invoice'));
  });

  it('needs 23 shared clips for a campaign of 1,000 people, and one more for each person', () => {
    const random = makeRandom(7);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const clips = Array.from({ length: 1000 }, (_, index) =>
      bind(row(pick(segments), pick(plans), `Person ${index}`, `2026-0${1 + Math.floor(random() * 9)}-11`)),
    ).flat();
    expect(new Set(clips.filter(({ personal }) => !personal).map(identity)).size).toBe(23);
    expect(new Set(clips.filter(({ personal }) => personal).map(identity)).size).toBe(1000);
  });

  it('says the month alone where a campaign wants no more', () => {
    const wordsOf = (segment: Segment, locale = 'en-GB') => {
      const record = { ...row(segment, 'Plus'), locale };
      const path = bindPath(withCoarser(renewalOffer, ['renewalDate']), record, {}, context);
      return pathCues(renewalOffer, path).map(({ text }) => text);
    };
    expect(wordsOf('loyal')).toContain('your plan renews in March 2026.');
    expect(wordsOf('at-risk')).toContain('your place is kept until March 2026.');
    expect(wordsOf('new', 'de-DE')).toContain('your first renewal is in März 2026.');
    expect(JSON.stringify(wordsOf('loyal'))).not.toContain('14');
  });

  it('keeps name and date out of shared clips', () => {
    const shared = bind(row('loyal', 'Plus', 'Rumpelstilz', '2026-04-05')).filter(
      ({ personal }) => !personal,
    );
    expect(JSON.stringify(shared)).not.toMatch(/Rumpelstilz|2026-04-05/);
  });
});

describe.each(Object.entries(renewalOffer.fixtures))('fixture %s', (_, { record }) => {
  it('is a record that the template accepts', () => {
    const cells = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value ?? '']));
    expect(checkRecord(renewalOffer.record, cells)).toMatchObject({ ok: true, record });
  });

  it('has captions in order, several a scene, long enough to read', () => {
    const path = bind(record);
    const cues = pathCues(renewalOffer, path);
    expect(cues.length).toBeGreaterThanOrEqual(2 * path.length);
    let end = 0;
    for (const { fromFrame, toFrame, text } of cues) {
      expect(fromFrame).toBeGreaterThanOrEqual(end);
      expect(toFrame - fromFrame).toBeGreaterThanOrEqual(10);
      expect(text.trim()).not.toBe('');
      end = toFrame;
    }
    expect(end).toBeLessThanOrEqual(pathDuration(path));
  });

  it('has its poster and its teaser in the personal scene', () => {
    const path = bind(record);
    const start = momentFrame(renewalOffer, path, { nodes: ['personal'], frame: 0 });
    expect(momentFrame(renewalOffer, path, renewalOffer.poster) - start).toBe(46);
    expect(renewalOffer.teaser.frame + renewalOffer.teaser.durationInFrames).toBeLessThan(75);
  });
});

describe('every fixture together', () => {
  it('reaches every scene and every segment', () => {
    const rows = Object.values(renewalOffer.fixtures).map(({ record }) => record);
    const scenes = new Set(rows.flatMap((record) => bind(record).map(({ scene }) => scene)));
    expect([...scenes].sort()).toEqual(Object.keys(renewalOffer.scenes).sort());
    expect(new Set(rows.map(({ segment }) => segment))).toEqual(new Set(segments));
  });
});

describe('colours', () => {
  const pairs = segments.flatMap((segment) => {
    const { sky, onSky, near, onNear, quietOnNear, page, onPage, quietOnPage } = palettes[segment];
    return [
      [onSky, sky],
      [onNear, near],
      [quietOnNear, near],
      [onPage, page],
      [quietOnPage, page],
    ] as const;
  });

  it.each([
    ...pairs,
    [brand.onSun, brand.sun],
    [brand.onNight, brand.night],
    [brand.onPaper, brand.paper],
    [brand.quietOnPaper, brand.paper],
  ] as const)('reads %s on %s at 4.5:1 or more', (text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });
});
