import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineScene, defineTemplate, text, type SceneLine } from '../template.ts';
import { bindPath } from './bind.ts';
import { framesCutOff, sceneTexts, speakScene } from './time-scene.ts';
import { pathCues } from './path.ts';
import { estimateSpoken, placeLines, type Speak, speechCues, textOf, timeWords } from './speech.ts';

/** Says a letter, digit or space in a tenth of a second. */
const evenly: Speak = ({ said, text: written }) => {
  const seconds = said.length / 10;
  return { hash: `spoken-${said}`, seconds, words: timeWords(written, 'en', seconds) };
};

const timing = { fps: 10, language: 'en', speak: evenly };

describe('lines', () => {
  it('follow one another unless they say when they begin', () => {
    const lines = [{ text: 'Good morning' }, { text: 'Anna' }, { text: 'Bye', atFrame: 40 }];
    const placed = placeLines(lines, timing).map(({ fromFrame, toFrame }) => [fromFrame, toFrame]);
    // A pause of a quarter of a second is three frames.
    expect(placed).toEqual([
      [0, 12],
      [15, 19],
      [40, 43],
    ]);
  });

  it('have words in order, within the line, each at least a frame long', () => {
    const [line] = placeLines(
      [{ text: 'I am a very, very short-lived line of 12 words.', atFrame: 7 }],
      timing,
    );
    expect(line?.words.map((word) => word.text).join(' ')).toBe(line?.text);
    let end = 7;
    for (const { fromFrame, toFrame } of line?.words ?? []) {
      expect(fromFrame).toBeGreaterThanOrEqual(end - 1);
      expect(toFrame).toBeGreaterThan(fromFrame);
      end = toFrame;
    }
    expect(end).toBeLessThanOrEqual(line?.toFrame ?? 0);
  });

  it.each([
    ['你好，世界。今天天气很好。', 'zh', ['你好，', '世界。', '今天', '天气', '很好。']],
    ['See example.com/a (or not) – now.', 'en', ['See', 'example.com/a', '(or', 'not) –', 'now.']],
    ['…', 'en', ['…']],
  ])('%s has words', (written, language, words) => {
    expect(timeWords(written, language, 3).map((word) => word.text)).toEqual(words);
  });

  it('are estimated longer the more there is to say, in every script', () => {
    const seconds = (said: string): number => estimateSpoken({ said, text: said, language: 'en' }).seconds;
    expect(seconds('Hello Anna, it is good to see you.')).toBeGreaterThan(1.5);
    expect(seconds('Hello Anna, it is good to see you.')).toBeLessThan(3.5);
    expect(seconds('12,345')).toBeGreaterThan(seconds('abcde'));
    expect(seconds('今天天气很好今天天气很好')).toBeGreaterThan(2);
  });
});

describe('names', () => {
  it('are said as they are spelled, where they are whole words', () => {
    const line = { text: 'Ann, Anna and Annabel: ann.', names: { Ann: 'Ahn', Anna: undefined } };
    const { said, text: written, unspelled } = textOf(line, 'en');
    expect(said).toBe('Ahn, Anna and Annabel: ann.');
    expect(written).toBe(line.text);
    expect(unspelled).toEqual(['Anna']);
  });

  it('may contain what patterns are made of', () => {
    expect(textOf({ text: 'Hi (A+B)*, bye.', names: { '(A+B)*': '$& ay bee' } }, 'en').said).toBe(
      'Hi $& ay bee, bye.',
    );
  });
});

describe('captions', () => {
  it('are readable parts of what is said, each until the next begins', () => {
    const lines = placeLines(
      [{ text: 'Your plan renews in March, and you have collected 1,200 points since. Well done!' }],
      timing,
    );
    const cues = speechCues(lines);
    expect(cues.map(({ text: each }) => each).join(' ')).toBe(lines[0]?.text);
    expect(cues.length).toBe(3);
    for (const [index, cue] of cues.entries()) {
      expect(cue.text.length).toBeLessThanOrEqual(42);
      const next = cues[index + 1];
      if (next !== undefined && !cue.text.endsWith('.')) expect(next.fromFrame).toBe(cue.toFrame);
    }
  });
});

const template = (speech: (inputs: { name: string }) => readonly SceneLine[], cuts?: readonly number[]) =>
  defineTemplate({
    id: 'speaking',
    record: { name: text({ label: 'Name', personal: true }) },
    fps: 10,
    scenes: {
      only: defineScene({
        inputs: z.object({ name: z.string() }),
        speech,
        durationInFrames:
          cuts === undefined
            ? (_, spoken) => Math.max(...spoken.map(({ toFrame }) => toFrame))
            : (cuts.at(-1) ?? 1),
      }),
    },
    ...(cuts && {
      cuts: { only: cuts.map((until, index) => ({ until, reads: index === 0 ? [] : (['name'] as const) })) },
    }),
  });

const pathOf = (made: ReturnType<typeof template>, name: string) =>
  bindPath(made, { name }, {}, { asOf: '2026-01-15' });

describe('a scene that speaks', () => {
  it('lasts as long as it is said', () => {
    const made = template(({ name }) => [{ text: `Hi ${name}` }]);
    const [bound] = pathOf(made, 'Maximiliane');
    if (bound === undefined) throw new Error('There is no scene.');
    const spoken = speakScene(made, bound, evenly);
    expect(spoken.durationInFrames).toBe('Hi Maximiliane'.length);
    expect(spoken.inputs['spoken']).toMatchObject([
      { hash: 'spoken-Hi Maximiliane', text: 'Hi Maximiliane' },
    ]);
    expect(bound.inputs['spoken']).not.toHaveProperty('0.hash');
    expect(pathCues(made, [spoken])).toEqual([{ fromFrame: 0, toFrame: 14, text: 'Hi Maximiliane' }]);
    // Once more changes nothing.
    expect(speakScene(made, spoken, evenly)).toEqual(spoken);
  });

  it('says nothing that has no letters', () => {
    const made = template(({ name }) => [{ text: name }, { text: ' – ' }, { text: '', atFrame: 3 }]);
    expect(pathOf(made, 'Bo').flatMap((bound) => sceneTexts(made, bound))).toMatchObject([{ said: 'Bo' }]);
  });

  it.each<[string, SceneLine]>([
    ['`atFrame`', { text: 'Hi', atFrame: 1.5 }],
    ['`gain`', { text: 'Hi', gain: Number.NaN }],
    ['`language`', { text: 'Hi', language: 'not a language' }],
    ['`voice`', { text: 'Hi', voice: '-w/etc/passwd' }],
    ['`text`', { text: undefined as never }],
    ['characters', { text: 'x'.repeat(4_001) }],
  ])('is refused with a wrong %s', (what, line) => {
    const made = template(() => [line]);
    expect(() => pathOf(made, 'Bo')).toThrow(new RegExp(`cannot be spoken.*${what}`));
  });

  it('says in each part of a cut scene what is heard there', () => {
    const made = template(({ name }) => [{ text: `Hi ${name}`, atFrame: 10 }], [10, 15, 20]);
    const parts = pathOf(made, 'Bo').map((bound) => speakScene(made, bound, evenly));
    expect(parts.map(({ inputs }) => inputs['spoken'] !== undefined)).toEqual([false, true, false]);
    expect(parts.map(({ inputs }) => inputs['name'])).toEqual(['Anna', 'Bo', 'Bo']);
    const longer = pathOf(made, 'Maximiliane').map((bound) => speakScene(made, bound, evenly));
    expect(longer.map(({ inputs }) => inputs['spoken'] !== undefined)).toEqual([false, true, true]);
    expect(longer.map((bound) => framesCutOff(made, bound))).toEqual([0, 4, 4]);
    expect(pathCues(made, longer)).toEqual([{ fromFrame: 10, toFrame: 20, text: 'Hi Maximiliane' }]);
  });

  it('has no input that is called as what it says', () => {
    const made = defineTemplate({
      id: 'speaking',
      record: { spoken: text({ label: 'Spoken', personal: true }) },
      scenes: {
        only: defineScene({
          inputs: z.object({ spoken: z.string() }),
          speech: () => [{ text: 'Hi' }],
          durationInFrames: 10,
        }),
      },
    });
    expect(() => bindPath(made, { spoken: 'x' }, {}, { asOf: '2026-01-15' })).toThrow(/rename the input/);
  });
});
