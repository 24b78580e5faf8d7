import { z } from 'zod';
import { choice, number, text } from '../../data/fields.ts';
import type { RecordOf } from '../../data/record.ts';
import type { Choice } from './engine/graph.ts';
import { defineScene } from './scene.ts';
import { defineTemplate } from '../template.ts';
import { defineFacts } from './template.ts';
import type { Fixture } from './fixtures.ts';

const plan = z.enum(['Basic', 'Plus', 'Business']);

const record = {
  firstName: text({ label: 'First name', personal: true }),
  plan: choice(['Basic', 'Plus', 'Business'], { label: 'Plan', personal: false }),
  seats: number({
    label: 'Seats',
    personal: true,
    min: 1,
    max: 50,
    integer: true,
    optional: true,
    fallback: 1,
  }),
};

const sample: Fixture<RecordOf<typeof record>> = {
  record: { firstName: 'Ada', plan: 'Plus', seats: 3 },
  images: {},
};

const says = (text_: string) => () => [{ fromFrame: 0, toFrame: 60, text: text_ }];

const area = {
  '16:9': { x: 0.1, y: 0.3, width: 0.2, height: 0.3 },
  '9:16': { x: 0.1, y: 0.2, width: 0.8, height: 0.1 },
};
const beside = {
  '16:9': { x: 0.4, y: 0.3, width: 0.2, height: 0.3 },
  '9:16': { x: 0.1, y: 0.4, width: 0.8, height: 0.1 },
};

const feature = (id: string, label: string, key: string) =>
  ({ id, label, to: id, comesBack: true, key, effects: [{ add: 'seen', by: 1 }] }) satisfies Choice;

/** A product tour: a hub of features, a timed decision, a detour, a form and a call to action. */
export const tour = defineTemplate({
  id: 'tour',
  version: 1,
  title: 'Tour',
  description: 'A product tour that tests steer.',
  record,
  formats: ['16:9', '9:16'],
  fps: 30,
  facts: defineFacts(record, {}),
  segments: { business: { eq: [{ var: 'plan' }, 'Business'] } },
  scenes: {
    greeting: defineScene({
      inputs: z.object({ firstName: z.string() }),
      durationInFrames: 60,
      captions: ({ firstName }) => says(`Hello ${firstName}`)(),
    }),
    menu: defineScene({
      inputs: z.object({}),
      durationInFrames: 60,
      captions: says('What shall we look at?'),
    }),
    feature: defineScene({
      inputs: z.object({ name: z.enum(['planning', 'sharing', 'reports', 'calls', 'letters']) }),
      durationInFrames: 90,
      captions: ({ name }) => says(name)(),
    }),
    dilemma: defineScene({
      inputs: z.object({}),
      durationInFrames: 180,
      captions: says('A customer waits.'),
    }),
    compare: defineScene({
      inputs: z.object({ plan }),
      durationInFrames: 120,
      captions: (inputs) => says(`You have ${inputs.plan}`)(),
    }),
    question: defineScene({
      inputs: z.object({}),
      durationInFrames: 90,
      captions: says('How many are you?'),
    }),
    team: defineScene({
      inputs: z.object({ size: z.number(), style: z.enum(['bold', 'careful']) }),
      durationInFrames: 90,
      captions: ({ size }) => says(`A team of ${size}`)(),
    }),
    offer: defineScene({ inputs: z.object({ plan }), durationInFrames: 120, captions: says('Our offer') }),
  },
  story: {
    version: 2,
    start: 'welcome',
    links: ['https://shop.example.com'],
    variables: {
      seen: { type: 'number', source: 'session', min: 0, max: 9, integer: true, initial: 0 },
      style: {
        type: 'choice',
        source: 'viewer',
        personal: false,
        values: ['bold', 'careful'],
        initial: 'careful',
      },
      teamSize: {
        type: 'number',
        source: 'viewer',
        min: 1,
        max: 50,
        integer: true,
        initial: { var: 'seats' },
        label: 'How many people are in your team',
        writeBack: { field: 'seats', purpose: 'To recommend a plan' },
      },
    },
    nodes: {
      welcome: {
        type: 'scene',
        scene: 'greeting',
        inputs: { firstName: { var: 'firstName' } },
        next: 'menu',
      },
      menu: {
        type: 'hub',
        scene: 'menu',
        inputs: {},
        while: 'loop',
        choices: [
          feature('planning', 'Planning', 'p'),
          feature('sharing', 'Sharing', 's'),
          {
            ...feature('reports', 'Reports', 'r'),
            when: { not: { eq: [{ var: 'plan' }, 'Basic'] } },
            whenDisabled: 'show',
          },
          { id: 'go-on', label: 'That is enough', to: 'story', key: 'g' },
        ],
        hotspots: [
          { choice: 'planning', areas: area },
          { choice: 'sharing', areas: beside },
        ],
      },
      planning: { type: 'scene', scene: 'feature', inputs: { name: { value: 'planning' } }, next: 'back' },
      sharing: { type: 'scene', scene: 'feature', inputs: { name: { value: 'sharing' } }, next: 'back' },
      reports: { type: 'scene', scene: 'feature', inputs: { name: { value: 'reports' } }, next: 'back' },
      back: { type: 'return' },
      story: {
        type: 'scene',
        scene: 'dilemma',
        inputs: {},
        decision: { appearsAtFrame: 30, locksAtFrame: 150, default: { choice: 'write' } },
        choices: [
          { id: 'call', label: 'Call at once', to: 'called', effects: [{ set: 'style', to: 'bold' }] },
          { id: 'write', label: 'Write a letter', to: 'wrote', effects: [{ set: 'style', to: 'careful' }] },
        ],
      },
      called: { type: 'scene', scene: 'feature', inputs: { name: { value: 'calls' } }, next: 'plans' },
      wrote: { type: 'scene', scene: 'feature', inputs: { name: { value: 'letters' } }, next: 'plans' },
      plans: { type: 'detour', to: 'compare', next: 'which' },
      compare: { type: 'scene', scene: 'compare', inputs: { plan: { var: 'plan' } }, next: 'back' },
      which: {
        type: 'router',
        next: [{ when: { eq: [{ var: 'business' }, true] }, to: 'offer' }, { to: 'ask' }],
      },
      ask: {
        type: 'form',
        scene: 'question',
        inputs: {},
        while: 'hold',
        question: { label: 'How many people are in your team?', variable: 'teamSize', optional: true },
        next: 'result',
      },
      result: {
        type: 'scene',
        scene: 'team',
        inputs: { size: { var: 'teamSize' }, style: { var: 'style' } },
        generic: { scene: 'compare', inputs: { plan: { var: 'plan' } } },
        next: [
          { when: { all: [{ visited: 'reports' }, { lt: [{ visits: 'menu' }, 3] }] }, to: 'menu' },
          { to: 'offer' },
        ],
      },
      offer: {
        type: 'cta',
        scene: 'offer',
        inputs: { plan: { var: 'plan' } },
        link: {
          label: 'See the offer',
          to: 'https://shop.example.com/offer',
          query: { plan: { var: 'plan' } },
        },
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  soundtrack: undefined,
  poster: { nodes: ['welcome'], frame: 30 },
  teaser: { nodes: ['welcome'], frame: 0, durationInFrames: 30 },
  glyphs: { covers: (codePoint) => codePoint < 0x2000 },
  fixtures: {
    typical: sample,
    'empty-optionals': { ...sample, record: { firstName: 'Bo', plan: 'Basic', seats: 1 } },
    longest: { ...sample, record: { firstName: 'Maximiliane', plan: 'Business', seats: 50 } },
    'right-to-left': sample,
    'emoji-and-cjk': sample,
    'missing-image': sample,
  },
});
