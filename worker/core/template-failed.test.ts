import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkRecord } from '../../data/check-record.ts';
import { text } from '../../data/fields.ts';
import { recordJsonSchema } from '../../data/record.ts';
import { errors } from '../../errors/messages.ts';
import { checkStory } from '../../video/story/check/check-story.ts';
import { defineScene, type Scene } from '../../video/story/scene.ts';
import type { Fact, Template } from '../../video/story/template.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { tour } from '../../video/story/test-tour.ts';
import { describeTemplates } from '../campaigns/describe-template.ts';
import { checkRowValues } from './intake.ts';
import { hmacWith } from './hmac.ts';
import { createPlanner } from './plan-render.ts';
import { qualities } from './campaigns.ts';

const base: Template = tour;
const personal = 'Zaphodine';

const withFact = (derive: () => unknown, from: readonly string[] = ['firstName']): Template => ({
  ...base,
  facts: { odd: { from, derive } satisfies Fact },
});
const withScene = (id: string, change: Partial<Scene>): Template => {
  const scene = base.scenes[id];
  if (scene === undefined) throw new Error(`The tour has no scene ${id}.`);
  return { ...base, scenes: { ...base.scenes, [id]: { ...scene, ...change } } };
};
const lasting = (durationInFrames: unknown): Template =>
  withScene('greeting', { durationInFrames: (() => durationInFrames) as () => number });
const captioned = (captions: unknown): Template =>
  withScene('greeting', { captions: (() => captions) as unknown as Scene['captions'] });
const thrown = (): never => {
  throw new RangeError(`${personal} is out of range`);
};
const thrownType = (): never => {
  throw new TypeError(`${personal} is no list`);
};
const cue = { fromFrame: 0, toFrame: 30, text: 'Hello' };
const inputs = z.object({ firstName: z.string().transform(() => BigInt(7)) });
const odd = defineScene({ inputs, durationInFrames: 60, captions: () => [] });

const plan = (template: Template, of: 'clips' | 'render' = 'render') =>
  createPlanner(
    {
      template,
      format: '16:9',
      encoding: qualities.draft,
      asOf: '2026-06-01',
      engineVersion: '1',
      codeHashes: new Map(Object.keys(template.scenes).map((scene) => [scene, scene])),
    },
    hmacWith(Buffer.alloc(32, 1)),
  )[of]({ firstName: personal, plan: 'Plus', seats: 3 }, {});

/** What templates do to one row, and how the message about it begins. */
const failures: readonly (readonly [string, Template, RegExp])[] = [
  ['a fact that throws', withFact(thrown), /^Fact "odd" throws RangeError for this row\. Correct/],
  [
    'a fact of no personal field',
    withFact(thrown, ['plan']),
    /throws RangeError for this row\. Zaph.*range\./,
  ],
  ['a fact that is NaN', withFact(() => NaN), /^Fact "odd" returns NaN for this row\./],
  [
    'a fact that is infinite within',
    withFact(() => ({ a: [Infinity] })),
    /returns an object that JSON cannot/,
  ],
  ['a fact that is a function', withFact(() => thrown), /^Fact "odd" returns a function/],
  ['a fact that promises', withFact(() => Promise.reject(new Error('late'))), /returns a promise/],
  [
    'a duration that is a fraction',
    lasting(12.5),
    /^Scene "greeting" at node "welcome" lasts a wrong number/,
  ],
  ['a duration of nothing', lasting(0), /lasts a wrong number of frames .* from 1 to 1000000/],
  ['a duration below nothing', lasting(-3), /lasts a wrong number/],
  ['a duration that is no number', lasting(NaN), /lasts NaN for this row/],
  ['a duration without end', lasting(Infinity), /lasts Infinity/],
  ['a duration beyond every table', lasting(2 ** 40), /lasts a wrong number/],
  ['a duration that is a text', lasting('60'), /lasts a text/],
  ['a duration that is missing', lasting(undefined), /lasts nothing/],
  ['a duration that is promised', lasting(Promise.resolve(60)), /returns a promise/],
  ['a duration about nobody', withScene('menu', { durationInFrames: 0.5 }), /"menu" lasts 0\.5 for this row/],
  ['captions that throw', withScene('greeting', { captions: thrown }), /"welcome" throws RangeError/],
  ['captions that are no list', captioned('Hello'), /gives captions that cannot be shown/],
  ['captions without a place', captioned([{ ...cue, toFrame: NaN }]), /gives captions/],
  ['captions without a text', captioned([{ ...cue, text: undefined }]), /gives captions/],
  ['captions that end before they begin', captioned([{ ...cue, fromFrame: 31 }]), /gives captions/],
  [
    'inputs without a form',
    withScene('greeting', odd as unknown as Scene),
    /makes inputs that JSON cannot carry/,
  ],
  [
    'inputs that are checked later',
    withScene('greeting', { inputs: z.object({ firstName: z.string().refine(async () => true) }) }),
    /"welcome" throws/,
  ],
  [
    'inputs that are refused',
    withScene('greeting', {
      inputs: z.object({
        firstName: z.string().refine(() => false, { error: (issue) => String(issue.input) }),
      }),
    }),
    /refuses its input "firstName" for this row\. Correct/,
  ],
  [
    'an input with a letter that no font has',
    { ...base, glyphs: { covers: (codePoint) => codePoint !== 0x5a } },
    /^Scene "greeting" at node "welcome" shows “Z” \(U\+005A\), which no bundled font can draw for this row/,
  ],
  [
    'a sound without a place',
    withScene('greeting', { sounds: [{ file: 'a.wav', atFrame: NaN, gain: 1 }] }),
    /^Sound "a\.wav" of scene "greeting" at node "welcome" cannot be placed/,
  ],
  ['a poster between frames', { ...base, poster: { nodes: ['welcome'], frame: 1.5 } }, /begins at 1\.5/],
  ['a teaser of no length', { ...base, teaser: { ...base.teaser, durationInFrames: 0 } }, /lasts 0 /],
  [
    'a story without a way',
    { ...base, story: { ...base.story, start: 'nowhere' } },
    /^The story of template "tour" leads nowhere for this row\. The story has no node "nowhere"\./,
  ],
  [
    'a story without a scene',
    {
      ...base,
      story: { ...base.story, start: 'over', nodes: { ...base.story.nodes, over: { type: 'end' } } },
    },
    /^The story of template "tour" lasts 0 for this row/,
  ],
];

describe('a template that does not work for a row', () => {
  it.each(failures)('fails it, counted or planned, for %s', (name, template, message) => {
    for (const of of ['clips', 'render'] as const) {
      expect(() => plan(template, of)).toThrow(
        expect.objectContaining({
          code: 'template-failed',
          message: expect.stringMatching(message) as string,
        }),
      );
    }
    if (name === 'a fact of no personal field') return;
    expect(() => plan(template)).not.toThrow(personal);
  });

  it('fails a row whose letters its fonts cannot be asked for', () => {
    const template = { ...base, glyphs: { covers: thrown } };
    const record = { firstName: personal, plan: 'Plus', seats: 3 };
    const row = { row: 1, fileName: 'a', warnings: [], check: { ok: true, record } } as const;
    const { check } = checkRowValues({ linkOrigins: [] }, template, row);
    expect(check).toMatchObject({ ok: false, code: 'template-failed' });
    expect(JSON.stringify(check)).not.toContain(personal);
  });

  it.each([
    ['throws', thrown],
    ['promises', () => Promise.resolve({ ok: true })],
    ['says nothing', () => undefined],
  ])('refuses the value of a field whose own code %s, and lists the template', (_what, parse) => {
    const name = { ...text({ label: 'Name', personal: true }), parse: parse as never };
    const check = checkRecord({ name }, { name: personal });
    expect(check).toMatchObject({
      ok: false,
      issues: [
        {
          message: expect.stringMatching(
            /^Column "name" cannot be checked.*throws (Range|Type)Error/,
          ) as string,
        },
      ],
    });
    expect(recordJsonSchema({ name })).toMatchObject({ properties: { name: { title: 'Name' } } });
  });

  it('fails only the row for anything that a template throws, and not for a wrong request', () => {
    expect(tryTemplate(thrownType)).toMatchObject({
      ok: false,
      message: 'The template throws TypeError for this row. Correct the template.',
    });
    const request = errors.stepUnused({ step: 'a', type: 'end', node: 'b' });
    expect(() =>
      tryTemplate(() => {
        throw request;
      }),
    ).toThrow(request);
  });

  it('is found by the check of its story', async () => {
    for (const template of [withFact(thrown), lasting(Promise.resolve(1)), captioned('Hello')]) {
      const { findings } = await checkStory(template, { walks: 5, states: 500 });
      expect(findings.map(({ code }) => code)).toContain('template-failed');
    }
  });

  it('hides no other template from those who list them', () => {
    const entry = { directory: '' };
    const listed = describeTemplates([
      { ...entry, template: withFact(thrown) },
      { ...entry, template: base },
    ]);
    expect(listed.map(({ durationInSeconds }) => durationInSeconds.min > 0)).toEqual([false, true]);
  });
});
