import { describe, expect, it } from 'vitest';
import type { Story } from '../video/story/engine/graph.ts';
import { tour } from '../video/story/test-tour.ts';
import { drawStory, storyLines, wordCondition } from './draw-story.ts';

/** What is written into a picture, in its order. */
const textsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = '']) => text.trim());

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The boxes of a picture's nodes. */
const boxesOf = (svg: string): readonly Box[] =>
  [
    ...svg.matchAll(/<rect x="(-?[\d.]+)" y="(-?[\d.]+)" width="([\d.]+)" height="([\d.]+)"[^>]*stroke=/g),
  ].map(([, x, y, width, height]) => {
    const [left, top] = [Number(x), Number(y)];
    return { left, top, right: left + Number(width), bottom: top + Number(height) };
  });

const withNodes = (nodes: Story['nodes']) => ({ ...tour, story: { ...tour.story, nodes } });

describe('the picture of a story', () => {
  const svg = drawStory(tour);

  it('names every node and every choice', () => {
    const texts = textsOf(svg);
    expect(texts).toEqual(expect.arrayContaining([...Object.keys(tour.story.nodes)]));
    expect(texts).toEqual(
      expect.arrayContaining(['That is enough', 'Write a letter (default)', 'Reports (comes back)', 'else']),
    );
    expect(texts).toContain('start · scene · greeting');
    expect(texts).toContain('if plan ≠ “Basic”');
  });

  it('lets no node cover another one', () => {
    const boxes = boxesOf(svg);
    expect(boxes).toHaveLength(Object.keys(tour.story.nodes).length);
    const covered = boxes.filter((one, index) =>
      boxes.some(
        (other, at) =>
          at > index &&
          one.left < other.right &&
          other.left < one.right &&
          one.top < other.bottom &&
          other.top < one.bottom,
      ),
    );
    expect(covered).toEqual([]);
  });

  it('shows what a story lacks, and is well-formed whatever names hold', () => {
    const broken = drawStory(
      withNodes({ ...tour.story.nodes, 'a<b>&"c"\u0000': { type: 'router', next: 'nowhere' } }),
    );
    expect(textsOf(broken)).toEqual(
      expect.arrayContaining(['nowhere', 'missing', 'a&lt;b&gt;&amp;&quot;c&quot;']),
    );
    expect(broken).not.toContain('\u0000');
  });

  it('draws each way once, those back from a branch too', () => {
    const lines = storyLines(tour.story).map(({ from, to, kind }) => `${from} ${kind} ${to}`);
    expect(lines).toContain('plans detour compare');
    expect(lines).toContain('back return menu');
    expect(new Set(lines).size).toBe(lines.length);
  });
});

it.each([
  [{ eq: [{ var: 'plan' }, 'Plus'] }, 'plan = “Plus”'],
  [{ eq: [{ var: 'business' }, true] }, 'business'],
  [{ not: { eq: [{ var: 'plan' }, 'Plus'] } }, 'plan ≠ “Plus”'],
  [{ not: { any: [{ visited: 'a' }, { present: 'b' }] } }, 'not (a visited or b is there)'],
  [{ all: [{ lt: [{ visits: 'a' }, 3] }, { lte: [1, { var: 'n' }] }] }, 'visits of a < 3 and 1 ≤ n'],
  [{ in: [{ var: 'plan' }, ['Basic', 'Plus']] }, 'plan is “Basic” or “Plus”'],
] as const)('a condition in words: %#', (condition, words) => {
  expect(wordCondition(condition)).toBe(words);
});
