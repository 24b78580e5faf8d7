import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accept } from '../../data/parse-text.ts';
import type { Field } from '../../data/record.ts';
import { bindPath, personalVariables } from './bind.ts';
import { imageInput, defineScene } from './scene.ts';
import { momentFrame, pathCues, pathDuration, pathMix } from './path.ts';
import { defineTemplate } from '../template.ts';
import { defineFacts } from './template.ts';
import type { Fixture } from './fixtures.ts';

function field<T>(schema: z.ZodType<T>, personal: boolean): Field<T> {
  return {
    kind: 'text',
    label: '',
    parse: (input) => accept(schema.parse(input)),
    jsonSchema: {},
    required: true,
    personal,
    fallback: undefined,
    aliases: [],
    example: '',
  };
}

const record = {
  name: field(z.string(), true),
  plan: field(z.string(), false),
  since: field(z.string(), true),
  photo: { ...field(z.string().optional(), true), kind: 'image' as const },
};
const facts = defineFacts(record, {
  initial: { from: ['name'], derive: ({ name }) => name.slice(0, 1) },
  band: { from: ['since'], groups: true, derive: ({ since }, { asOf }) => (since < asOf ? 'old' : 'new') },
});
const sample: Fixture<{ name: string; plan: string; since: string; photo: undefined }> = {
  record: { name: 'Ada', plan: 'Plus', since: '2020-01-01', photo: undefined },
  images: {},
};
const fixtures = {
  typical: sample,
  'empty-optionals': sample,
  longest: sample,
  'right-to-left': sample,
  'emoji-and-cjk': sample,
  'missing-image': sample,
};

const template = defineTemplate({
  id: 'bind-test',
  version: 1,
  title: '',
  description: '',
  record,
  formats: ['16:9'],
  fps: 30,
  facts,
  segments: { business: { eq: [{ var: 'plan' }, 'Premium'] } },
  scenes: {
    intro: defineScene({
      inputs: z.object({}),
      durationInFrames: 30,
      captions: () => [{ fromFrame: 0, toFrame: 90, text: 'Welcome' }],
      sounds: [{ file: 'whoosh.wav', atFrame: 5, gain: 1 }],
    }),
    hello: defineScene({
      inputs: z.object({ name: z.string(), initial: z.string(), photo: imageInput }),
      durationInFrames: ({ name }) => 20 + name.length,
      captions: ({ name }) => [{ fromFrame: 2, toFrame: 20, text: `Hello ${name}` }],
      sounds: [{ file: 'chime.wav', atFrame: 1, gain: 0.5 }],
    }),
    offer: defineScene({
      inputs: z.object({ band: z.string(), plan: z.string() }),
      durationInFrames: 40,
      captions: () => [],
    }),
  },
  story: {
    version: 2,
    start: 'intro',
    nodes: {
      intro: { type: 'scene', scene: 'intro', inputs: {}, next: 'hello' },
      hello: {
        type: 'scene',
        scene: 'hello',
        inputs: { name: { var: 'name' }, initial: { var: 'initial' }, photo: { var: 'photo' } },
        next: [{ when: { eq: [{ var: 'business' }, true] }, to: 'end' }, { to: 'offer' }],
      },
      offer: {
        type: 'scene',
        scene: 'offer',
        inputs: { band: { var: 'band' }, plan: { value: 'any' } },
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  soundtrack: undefined,
  poster: { nodes: ['offer', 'hello'], frame: 10 },
  teaser: { nodes: ['hello'], frame: 0, durationInFrames: 30 },
  glyphs: { covers: () => true },
  fixtures,
});

const asOf = { asOf: '2026-01-01' };
const bind = (plan: string) => bindPath(template, { ...sample.record, plan }, {}, asOf);

describe('bindPath', () => {
  it('gives each scene the inputs it declares and nothing else', () => {
    expect(bind('Plus').map(({ scene, inputs }) => [scene, inputs])).toEqual([
      ['intro', {}],
      ['hello', { name: 'Ada', initial: 'A', photo: { kind: 'absent' } }],
      ['offer', { band: 'old', plan: 'any' }],
    ]);
  });

  it('lets segments guard edges', () => {
    expect(bind('Premium').map(({ node }) => node)).toEqual(['intro', 'hello']);
  });

  it('calls a scene personal only when an input derives from a personal field', () => {
    expect(bind('Plus').map(({ personal }) => personal)).toEqual([false, true, false]);
    expect([...personalVariables(template)].sort()).toEqual(['initial', 'name', 'photo', 'since']);
  });

  it('shows a resolved image by the hash of its pixels', () => {
    const photo = { kind: 'stored', hash: 'a'.repeat(64) } as const;
    expect(bindPath(template, sample.record, { photo }, asOf)[1]?.inputs).toMatchObject({ photo });
  });

  it('refuses a story that comes back to where it was', () => {
    const loop = {
      ...template,
      story: { ...template.story, nodes: { intro: { type: 'router' as const, next: 'intro' } } },
    };
    expect(() => bindPath(loop, sample.record, {}, asOf)).toThrow(/returns to node/);
  });

  it('names node, scene and input where a scene refuses what it is given', () => {
    const photo = { kind: 'stored', hash: 'short' } as const;
    expect(() => bindPath(template, sample.record, { photo }, asOf)).toThrow(
      /^Scene "[^"]+" at node "[^"]+" refuses its input "photo\.hash" for this row\. Invalid string/,
    );
  });
});

describe('a path', () => {
  it('puts captions and sounds at the frames of their scenes', () => {
    const path = bind('Plus');
    expect(pathDuration(path)).toBe(30 + 23 + 40);
    expect(pathCues(template, path)).toEqual([
      { fromFrame: 0, toFrame: 30, text: 'Welcome' },
      { fromFrame: 32, toFrame: 50, text: 'Hello Ada' },
    ]);
    expect(pathMix(template, path, {}).sounds.map(({ atFrame }) => atFrame)).toEqual([5, 31]);
  });

  it('finds the poster on the first node named that is on the path', () => {
    expect(momentFrame(template, bind('Plus'), template.poster)).toBe(30 + 23 + 10);
    expect(momentFrame(template, bind('Premium'), template.poster)).toBe(30 + 10);
  });
});
