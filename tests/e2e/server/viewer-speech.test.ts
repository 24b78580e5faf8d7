import { afterAll, beforeAll, expect, it } from 'vitest';
import { errors } from '../../../errors/messages.ts';
import type { SessionEvent } from '../../../video/story/engine/take.ts';
import { writeWav } from '../../../worker/adapters/media/wav.ts';
import type { Speech } from '../../../worker/core/ports.ts';
import { named, type ServedViewers, serveViewers } from './viewer-bench.ts';

let viewers: ServedViewers;
const said: string[] = [];
let isAway = false;
let identity = 'a test';

/** Hums for a twentieth of a second for each character. */
const speech: Speech = {
  pricePerMillion: undefined,
  identity: () => Promise.resolve(identity),
  speak: ({ said: text }) => {
    if (isAway) return Promise.reject(errors.speechUnavailable({ why: 'It is a test.' }));
    said.push(text);
    const hum = Float32Array.from({ length: 2_400 * text.length }, (_, index) => 0.3 * Math.sin(index / 30));
    return Promise.resolve(writeWav({ left: hum, right: hum }));
  },
};

beforeAll(async () => {
  viewers = await serveViewers((parts) => ({ ...parts, speech }));
});
afterAll(() => viewers.close());

const answer = (value: string): SessionEvent[] => [
  { type: 'start' },
  { type: 'answer', node: 'where', visit: 1, frame: 0, value },
];
const clipOf = (place: string): string => `["said","own",{"place":"${place}"}]`;

it('what a viewer answers is said to them, once, while they watch', async () => {
  const { token } = await viewers.newFilm('Anna', 'echo');
  expect(said).toEqual(['You live in Hof.']);
  const { pass } = await viewers.open(token);
  await viewers.append(pass, 0, named(...answer('Aue')));
  expect(said).toEqual(['You live in Hof.', 'You live in Aue.']);
  await expect
    .poll(async () => (await viewers.append(pass, 2, [])).clips[clipOf('Aue')]?.state, { timeout: 20_000 })
    .toBe('stored');
  const { clips } = await viewers.append(pass, 2, []);
  const { durationInFrames, cues, sounds } = clips[clipOf('Aue')] ?? {};
  expect(durationInFrames).toBe(8);
  expect(cues).toEqual([{ fromFrame: 0, toFrame: 8, text: 'You live in Aue.' }]);
  const sound = await viewers.get(sounds?.[0]?.url ?? '', pass);
  expect([sound.statusCode, sound.headers['content-type']]).toEqual([200, 'audio/mp4']);
  expect(said.length).toBe(2);
});

it('while the voice is away a viewer continues without the clip, and gets it afterwards', async () => {
  const { token } = await viewers.newFilm('Bo', 'echo');
  const { pass } = await viewers.open(token);
  isAway = true;
  const { outcome, clips } = await viewers.append(pass, 0, named(...answer('Ulm')));
  expect(outcome).toBe('appended');
  expect(clips[clipOf('Ulm')]).toBeUndefined();
  isAway = false;
  await expect
    .poll(async () => (await viewers.append(pass, 2, [])).clips[clipOf('Ulm')]?.state, { timeout: 20_000 })
    .toBe('stored');
});

it('a film that was made with another voice keeps it', async () => {
  const { token } = await viewers.newFilm('Cy', 'echo');
  const before = said.length;
  identity = 'another';
  try {
    const { pass } = await viewers.open(token);
    const { clips } = await viewers.append(pass, 0, named(...answer('Hof')));
    expect(clips[clipOf('Hof')]).toMatchObject({ state: 'stored' });
    expect(said.length).toBe(before);
  } finally {
    identity = 'a test';
  }
});
