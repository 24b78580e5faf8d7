import { describe, expect, it } from 'vitest';
import { writeVtt } from './webvtt.ts';

describe('writeVtt', () => {
  it('writes cues with their times', () => {
    expect(writeVtt([{ fromFrame: 0, toFrame: 45, text: 'Music begins' }], 30)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nMusic begins\n',
    );
  });

  it('lets no text end its cue, start another, or become markup', () => {
    const vtt = writeVtt([{ fromFrame: 0, toFrame: 30, text: 'a\n\n00:00 --> 00:01\n<b>&' }], 30);
    expect(vtt.split('\n\n')).toHaveLength(2);
    expect(vtt).toContain('00:00 --&gt; 00:01\n&lt;b&gt;&amp;');
  });

  it('counts hours', () => {
    expect(writeVtt([{ fromFrame: 108_000, toFrame: 108_001, text: 'x' }], 30)).toContain(
      '01:00:00.000 --> 01:00:00.033',
    );
  });
});
