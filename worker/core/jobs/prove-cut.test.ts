import { expect, it } from 'vitest';
import { z } from 'zod';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { choice, defineScene, defineTemplate, text } from '../../../video/template.ts';
import { cutIds, type Proof } from '../cuts.ts';
import { hmacWith } from '../hmac.ts';
import type { Render } from '../renders.ts';
import { createGuard } from './guard.ts';
import { createProveCut } from './prove-cut.ts';

const hmac = hmacWith(Buffer.alloc(32, 7));
const template = defineTemplate({
  id: 'promo',
  record: {
    name: text({ label: 'Name', personal: true, example: 'Anna' }),
    plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
  },
  fps: 10,
  scenes: {
    film: defineScene({
      inputs: z.object({ name: z.string(), plan: z.string() }),
      durationInFrames: 20,
      captions: ({ plan }) => [{ fromFrame: 15, toFrame: 20, text: plan === 'Plus' ? 'For you.' : 'Bye.' }],
    }),
  },
  cuts: {
    film: [
      { until: 10, reads: [] },
      { until: 20, reads: ['name'] },
    ],
  },
});
const cut = cutIds(hmac, template, new Map([['film', 'code']])).film ?? '';

interface Case {
  readonly node?: string;
  readonly record?: object;
  readonly state?: Render['status']['state'];
  readonly code?: string;
  /** What a frame shows. */
  readonly draw?: (inputs: Readonly<Record<string, unknown>>, frame: number) => string;
}

/** Proves a part for one record. @returns what became of it. */
async function prove({ node = 'film', record, state = 'done', code = 'code', draw = () => 'film' }: Case) {
  const events: string[] = [];
  const drawn: number[][] = [];
  const note = (what: string) => {
    events.push(what);
    return Promise.resolve();
  };
  const proof: Proof = { id: 'p', cut, template: 'promo', scene: 'film', node, render: 'r' };
  const terms = {
    template: 'promo',
    format: '16:9',
    asOf: '2026-01-15',
    cuts: { film: cut },
    id: 't',
  } as const;
  const encoding = { scale: 1, crf: 20, preset: 'veryfast', jpegQuality: 90 } as const;
  const source = {
    terms: { ...terms, encoding, engineVersion: '1', codeHashes: {} },
    ...{ record: { name: 'Bo', plan: 'Basic', ...record }, images: {}, link: undefined },
  };
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => events.push(message),
  };
  const handler = createProveCut(
    {
      ...{ registry: [{ template, directory: 'file:///promo/' }], hmac, log },
      cuts: {
        findProof: () => Promise.resolve(proof),
        endProof: (_, how) => note(how),
        withdraw: async (_, frame) => (await note(`withdrawn at ${frame}`), true),
      },
      renders: {
        find: () => Promise.resolve({ status: { state } } as Render),
        source: () => Promise.resolve(record === undefined ? undefined : source),
      },
      renderer: {
        codeHash: () => Promise.resolve(code),
        drawFrames: ({ inputs }, frames, _days, onFrame) => {
          drawn.push([...frames]);
          for (const frame of frames)
            onFrame(frame, { picture: Buffer.from(draw(inputs, frame)), sounds: [] });
          return Promise.resolve();
        },
      },
      media: { looksAlike: () => Promise.resolve(false) },
      store: { has: () => Promise.resolve(true), fetch: () => Promise.resolve('') },
      metrics: { cutProven: (_template, _scene, outcome) => void events.push(outcome) },
    },
    createGuard(
      'prove-cut',
      { log },
      { run: (_, signal, work) => work(signal, () => undefined) },
      () => undefined,
    ),
    () => note('planned again'),
  );
  const attempt = { number: 1, last: true, previousCode: undefined, signal: new AbortController().signal };
  await handler({ name: 'prove-cut', proof: 'p' }, attempt).catch(() => undefined);
  return { events, drawn };
}

const frames = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => from + at);

it('draws a part with its constants and with the whole record, small and some frames at full size', async () => {
  const { events, drawn } = await prove({ record: {} });
  expect(events).toEqual(['proven', 'equal']);
  expect(drawn).toEqual([frames(0, 10), frames(0, 10), [0, 9], [0, 9]]);
});

it('withdraws a cut where a frame shows, or a caption says, what the part does not read', async () => {
  const withdrawn = (frame: number) => [
    ...[`withdrawn at ${frame}`, 'different'],
    ...['a cut was withdrawn: a frame reads what the cut says it does not read', 'planned again'],
  ];
  const shown = await prove({ record: {}, draw: ({ name }, frame) => (frame < 7 ? 'film' : String(name)) });
  expect(shown.events).toEqual(withdrawn(7));
  const said = await prove({ record: { plan: 'Plus' }, node: 'film-2' });
  expect(said.events).toEqual(withdrawn(15));
});

it('takes a scene that fails with the whole record for a difference, but not one that fails anyway', async () => {
  const fails = new BespokeError('scene-failed', 'No plan.');
  const only = await prove({
    record: { plan: 'Plus' },
    draw: ({ plan }) => {
      if (plan === 'Plus') throw fails;
      return 'film';
    },
  });
  expect(only.events[0]).toBe('withdrawn at 0');
  const always = () => {
    throw fails;
  };
  expect((await prove({ record: {}, draw: always })).events).toEqual([
    ...['job failed', 'dropped', 'given-up', 'a cut could not be proven'],
  ]);
  const slow = () => {
    throw new BespokeError('clip-timeout', 'Slow.');
  };
  expect((await prove({ record: {}, draw: slow })).events).toContain('given-up');
});

it('drops what cannot be compared any more, and waits for a render that is made again', async () => {
  expect((await prove({})).events).toEqual(['dropped']);
  expect((await prove({ record: {}, code: 'other' })).events).toEqual(['dropped']);
  expect((await prove({ record: {}, state: 'failed' })).events).toEqual(['dropped']);
  expect((await prove({ record: {}, state: 'waiting' })).events).toEqual([]);
});
