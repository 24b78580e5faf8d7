import { describe, expect, it } from 'vitest';
import type { Story } from './engine/graph.ts';
import { defineTemplate } from '../template.ts';
import type { Template } from './template.ts';
import { tour } from './test-tour.ts';

const base: Template = tour;
const define = (change: object): unknown => defineTemplate({ ...base, ...change } as never);
const { end } = { end: { type: 'end' } } as const;
const story = (node: string): Story => ({ ...base.story, nodes: { ...base.story.nodes, [node]: end } });

describe('the definition of a template', () => {
  it('accepts hyphens, digits, capitals and Chinese characters in its ids', () => {
    expect(define({ id: 'Tour-2026-游', story: story('End-2') })).toMatchObject({ id: 'Tour-2026-游' });
  });

  it.each([
    ['template', { id: 'my_tour' }, /^Its template cannot be called "my_tour"\. Remotion.*hyphens/],
    ['scene', { scenes: { ...base.scenes, 'a b': base.scenes['menu'] } }, /scene cannot be called "a b"/],
    ['node', { story: story('the.end') }, /node cannot be called "the\.end"/],
    ['node without a name', { story: story('') }, /node cannot be called ""/],
    [
      'fixture',
      { fixtures: { ...base.fixtures, Zoë: base.fixtures.typical } },
      /fixture cannot be called "Zoë"/,
    ],
    ['path', { paths: { 'a/b': [] } }, /path cannot be called "a\/b"/],
    ['template, as clips are named with two hyphens', { id: 'my--tour' }, /"my--tour" contains two hyphens/],
    ['format', { formats: ['4:3'] }, /format "4:3" is not known\. Formats are 16:9/],
    ['format, if there is none', { formats: [] }, /has no format/],
    ['fps', { fps: Number.NaN }, /fps is NaN/],
  ])('refuses a %s that Remotion would refuse', (_what, change, message) => {
    expect(() => define(change)).toThrow(
      expect.objectContaining({
        code: 'template-invalid',
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});
