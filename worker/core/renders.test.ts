import { describe, expect, it } from 'vitest';
import { type RenderState, type Render, renderStatus } from './renders.ts';

const entry = (status: RenderState): Render => ({
  id: 'v',
  campaign: 'c',
  row: 1,
  fileName: 'a',
  priority: 1,
  coming: ['teaser'],
  key: 'ab',
  path: [
    { node: 'one', clip: 'x' },
    { node: 'two', clip: 'y' },
    { node: 'again', clip: 'x' },
  ],
  mix: 'm',
  durationInFrames: 45,
  warnings: [],
  person: undefined,
  personal: true,
  link: undefined,
  segments: [],
  variant: undefined,
  endedAt: undefined,
  status,
});

describe('renderStatus', () => {
  it.each([
    [{ state: 'waiting', path: { done: 0, total: 2 }, beside: { done: 0, total: 3 } }, { state: 'queued' }],
    [
      { state: 'waiting', path: { done: 1, total: 2 }, beside: { done: 3, total: 3 } },
      { state: 'rendering', done: 1, total: 2 },
    ],
    [
      { state: 'waiting', path: { done: 0, total: 2 }, beside: { done: 1, total: 3 } },
      { state: 'rendering', done: 0, total: 2, beside: { done: 1, total: 3 } },
    ],
    [
      { state: 'waiting', path: { done: 2, total: 2 }, beside: { done: 2, total: 3 } },
      { state: 'rendering', done: 2, total: 2, beside: { done: 2, total: 3 } },
    ],
    [{ state: 'ready' }, { state: 'rendering', done: 2, total: 2 }],
    [
      { state: 'done', clipsRendered: 1, clipsReused: 1 },
      {
        state: 'done',
        clipsRendered: 1,
        clipsReused: 1,
        durationInSeconds: 1.5,
        warnings: [],
        coming: ['teaser'],
      },
    ],
    [
      { state: 'failed', code: 'clip-timeout', message: 'late' },
      { state: 'failed', code: 'clip-timeout', message: 'late', retryable: true },
    ],
    [
      { state: 'skipped', reason: 'erased' },
      { state: 'skipped', reason: 'erased' },
    ],
    [{ state: 'cancelled' }, { state: 'cancelled' }],
  ] as const)('becomes the status %j', (state, status) => {
    expect(renderStatus(entry(state), 30)).toEqual(status);
  });
});
