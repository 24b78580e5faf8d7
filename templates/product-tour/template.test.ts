import { describe, expect, it } from 'vitest';
import { checkRecord } from '../../data/check-record.ts';
import { bindPath } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { chosenPlaythrough } from '../../video/story/playthrough.ts';
import { choicesOf, hasView } from '../../video/story/engine/graph.ts';
import { momentFrame, pathCues, pathDuration } from '../../video/story/path.ts';
import { beatInFrames } from './rhythm.ts';
import { productTour } from './template.ts';

const context = { asOf: '2026-01-15' };
const bind = (row: object, path: readonly string[] = []) =>
  bindPath(productTour, row as Record<string, unknown>, {}, context, chosenPlaythrough(path));
const { typical } = productTour.fixtures;
const nodesOf = (path: readonly BoundScene[]) => path.map(({ node }) => node);
const { nodes } = productTour.story;

describe('the tour', () => {
  it('looks at everything, keeps warm, and ends with a call for one who only watches', () => {
    expect(nodesOf(bind(typical.record))).toEqual([
      'welcome',
      ...['house', 'roof', 'house', 'store', 'house', 'drive', 'house', 'warmth', 'house'],
      ...['storm', 'warm-night', 'compare', 'household', 'result', 'offer'],
    ]);
  });

  it('shows a balcony instead of a roof to who lives in a flat, and typical prices without a bill', () => {
    const path = nodesOf(bind({ ...typical.record, home: 'Flat', monthlyBill: undefined }));
    expect(path).toContain('balcony');
    expect(path).not.toContain('roof');
    expect(path).toContain('typical');
  });

  it('remembers in the hub what was looked at', () => {
    const path = bind(typical.record, ['drive', 'sun', 'evening']);
    expect(path.filter(({ node }) => node === 'house').map(({ inputs }) => inputs)).toEqual([
      { sun: false, store: false, drive: false, warmth: false },
      { sun: false, store: false, drive: true, warmth: false },
      { sun: true, store: false, drive: true, warmth: false },
    ]);
  });

  it('lets decision and answer change what is recommended', () => {
    const resultOf = (path: readonly string[]) =>
      bind(typical.record, path).find(({ node }) => node === 'result')?.inputs;
    expect(resultOf(['evening', 'keep-supper', 'household=7'])).toMatchObject({ people: 7, kept: 'supper' });
    expect(resultOf(['evening', 'keep-warm', 'household='])).toMatchObject({ people: 4, kept: 'warmth' });
  });

  it('has more than 14 nodes with a view, and a generic view where a viewer decides the inputs', () => {
    const shown = Object.values(nodes).filter(hasView);
    expect(shown.length).toBeGreaterThan(14);
    const own = Object.keys(productTour.story.variables);
    for (const { inputs, generic } of shown) {
      const reads = Object.values(inputs).some((input) => 'var' in input && own.includes(input.var));
      expect(generic !== undefined).toBe(reads);
    }
  });

  it('names every choice for screen readers and for counting, by a name of its own', () => {
    const choices = Object.values(nodes).flatMap(choicesOf);
    expect(choices.every(({ accessibleLabel = '', label }) => accessibleLabel.length > label.length)).toBe(
      true,
    );
    expect(new Set(choices.map(({ analytics }) => analytics)).size).toBe(choices.length);
  });

  it('keeps people out of all clips but three', () => {
    const row = { ...typical.record, firstName: 'Rumpelstilz', monthlyBill: 8642 };
    const path = bind(row);
    expect(path.filter(({ personal }) => personal).map(({ node }) => node)).toEqual([
      ...['welcome', 'compare', 'result'],
    ]);
    const shared = path.filter(({ personal }) => !personal);
    expect(JSON.stringify(shared)).not.toMatch(/Rumpelstilz|8642/);
  });

  it('needs 16 hubs at most, five of them for those who only watch', () => {
    const hubs = new Set(
      bind(typical.record)
        .filter(({ node }) => node === 'house')
        .map(({ inputs }) => canonicalJson(inputs)),
    );
    expect(hubs.size).toBe(5);
  });
});

describe.each(Object.entries(productTour.fixtures))('fixture %s', (_, { record }) => {
  it('is a record that the template accepts', () => {
    expect(checkRecord(productTour.record, { ...record })).toEqual({
      ok: true,
      record,
      warnings: [],
    });
  });

  it.each(Object.entries({ watched: [], ...productTour.paths }))('keeps to the beat when %s', (__, path) => {
    const scenes = bind(record, path);
    expect(scenes.filter(({ durationInFrames }) => durationInFrames % beatInFrames !== 0)).toEqual([]);
    expect(pathDuration(scenes) / productTour.fps).toBeLessThan(80);
  });

  it('has captions in order, several a scene, long enough to read', () => {
    const path = bind(record);
    const cues = pathCues(productTour, path);
    expect(cues.length).toBeGreaterThanOrEqual(2 * path.length);
    let end = 0;
    for (const { fromFrame, toFrame, text } of cues) {
      expect(fromFrame).toBeGreaterThanOrEqual(end);
      expect(toFrame - fromFrame).toBeGreaterThanOrEqual(15);
      expect(text.trim()).not.toBe('');
      end = toFrame;
    }
    expect(end).toBeLessThanOrEqual(pathDuration(path));
  });

  it('has its poster and its teaser in the greeting, clear of its ends', () => {
    const path = bind(record);
    const { poster, teaser } = productTour;
    expect(momentFrame(productTour, path, poster)).toBe(poster.frame);
    expect(poster.frame).toBeGreaterThan(0);
    expect(teaser.frame).toBeGreaterThan(0);
    expect(teaser.frame + teaser.durationInFrames).toBeLessThan(path[0]?.durationInFrames ?? 0);
  });
});
