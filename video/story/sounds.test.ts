import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { audioInput, audioUrl, choice, defineScene, defineTemplate, text } from '../template.ts';
import { bindPath, storyContextOf } from './bind.ts';
import { pathMix } from './path.ts';
import { guessedAudio, type SceneSound, storedAudio } from './scene.ts';
import { samplePath } from './samples.ts';
import type { Soundtrack, Template } from './template.ts';
import { framesCutOff } from './time-scene.ts';

const record = {
  name: text({ label: 'Name', personal: true, example: 'Anna' }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
};
const asOf = { asOf: '2026-01-15' };

function mixOf(template: Template, row: object) {
  const path = bindPath(template, { ...row }, {}, asOf);
  return pathMix(template, path, storyContextOf(template, { ...row }, {}, asOf).facts);
}

const film = {
  inputs: z.object({ name: z.string(), plan: z.string() }),
  durationInFrames: 90,
};
const close = defineScene({
  inputs: z.object({}),
  durationInFrames: 10,
  sounds: [{ file: 'end.wav', atFrame: 2 }],
});

const withSounds = (sounds: readonly SceneSound[]) =>
  defineTemplate({
    ...{ id: 'promo', record },
    scenes: { film: defineScene({ ...film, sounds: () => sounds }), close },
  });

const row = { name: 'Bo', plan: 'Plus' };

describe('sounds by inputs', () => {
  const sounds = ({ plan }: { plan: string }): readonly SceneSound[] =>
    plan === 'Plus'
      ? [
          { file: 'bed.wav', atFrame: 35, loop: true, trim: { from: 1, to: 1.5 }, fadeInInFrames: 3 },
          { file: 'ping.wav', atFrame: 70, gain: 0.5, loop: 12 },
        ]
      : [];
  const definition = { id: 'promo', record, scenes: { film: defineScene({ ...film, sounds }), close } };

  it('are those that a function gives, each with its part, its fades and its end', () => {
    const template = defineTemplate(definition);
    expect(mixOf(template, row).sounds).toEqual([
      {
        ...{ file: 'bed.wav', atFrame: 35, gain: 1, loopInFrames: 55 },
        ...{ trim: { from: 1, to: 1.5 }, fadeInInFrames: 3 },
      },
      { file: 'ping.wav', atFrame: 70, gain: 0.5, loopInFrames: 12 },
      { file: 'end.wav', atFrame: 92, gain: 1 },
    ]);
    expect(mixOf(template, { ...row, plan: 'Basic' }).sounds.map(({ file }) => file)).toEqual(['end.wav']);
  });

  it('are the same where the scene is cut: what repeats goes on until the whole scene ends', () => {
    const reads = ['plan'] as const;
    const cuts = { film: [30, 60, 90].map((until) => ({ until, reads })) };
    for (const plan of ['Basic', 'Plus'])
      expect(mixOf(defineTemplate({ ...definition, cuts }), { ...row, plan })).toEqual(
        mixOf(defineTemplate(definition), { ...row, plan }),
      );
  });

  it.each([
    [{ file: 'a.wav', atFrame: 'x' }, /`atFrame` is a text, and must be a number of frames/],
    [{ file: '../../key.wav', atFrame: 1 }, /`file` is a text, and must be the name of a file/],
    [{ file: 'a.wav', atFrame: 1, gain: 11 }, /`gain` is a wrong number, and must be a number from 0 to 10/],
    [{ file: 'a.wav', atFrame: 1, loop: 0 }, /`loop` is/],
    [{ file: 'a.wav', atFrame: 1, trim: { from: 2, to: 1 } }, /`trim\.to` is .* more than `trim\.from`/],
    [{ file: 'a.wav', atFrame: 1, fadeOutInFrames: -1 }, /`fadeOutInFrames` is/],
    [undefined, /`sound` is nothing/],
  ])('%j is refused with the scene, the node and what is wrong', (sound, message) => {
    const failing = () => mixOf(withSounds([sound as never]), row);
    expect(failing).toThrow(/^A sound of scene "film" at node "film" cannot be placed/);
    expect(failing).toThrow(message);
  });

  it('are refused without what a record says of them', () => {
    const template = defineTemplate({
      ...{ id: 'promo', record },
      scenes: {
        film: defineScene({ ...film, sounds: ({ name }) => [{ file: `${name}/x`, atFrame: 0 }] }),
        close,
      },
    });
    expect(() => mixOf(template, row)).toThrow(/^(?!.*Bo).*cannot be placed/);
  });
});

describe('a soundtrack', () => {
  const music: Soundtrack = { file: 'music.wav', gain: 0.8, fadeOutInFrames: 20 };
  const speaking = defineScene({
    ...film,
    speech: () => [{ text: 'Hello there, and welcome to all of this.', atFrame: 30 }],
    sounds: () => [{ file: 'voice.wav', atFrame: 5, voice: true }],
  });

  it('is what its function gives for the record; nothing is no music', () => {
    const template = defineTemplate({
      ...{ id: 'promo', record, scenes: { close } },
      soundtrack: ({ plan }) => (plan === 'Plus' ? { ...music, trim: { from: 3 } } : undefined),
    });
    expect(mixOf(template, row).soundtrack).toEqual({ ...music, trim: { from: 3 } });
    expect(mixOf(template, { ...row, plan: 'Basic' }).soundtrack).toBeUndefined();
  });

  it('that is lowered knows when voices speak, in frames of the video, and which files are voices', () => {
    const template = defineTemplate({
      ...{ id: 'promo', record, scenes: { close, speaking } },
      soundtrack: { ...music, underSpeech: 0.3 },
    });
    const { speech = [], sounds } = mixOf(template, row);
    expect(speech).toHaveLength(1);
    expect(speech[0]?.fromFrame).toBe(40);
    expect(speech[0]?.toFrame).toBeLessThanOrEqual(100);
    expect(sounds.map(({ file, voice }) => [file, voice])).toEqual([
      ['end.wav', undefined],
      ['voice.wav', true],
    ]);
  });

  it('that is not lowered has the same mix whoever speaks', () => {
    const template = defineTemplate({
      ...{ id: 'promo', record, scenes: { close, speaking } },
      soundtrack: music,
    });
    const mix = mixOf(template, row);
    expect(mix.speech).toBeUndefined();
    expect(mix.sounds.every(({ voice }) => voice === undefined)).toBe(true);
  });

  it.each([
    [{ ...music, gain: NaN }, /`gain` is NaN/],
    [{ ...music, underSpeech: 2 }, /`underSpeech` is/],
    [{ ...music, file: 3 }, /`file` is/],
    ['music.wav', /`soundtrack` is/],
  ])('%j is refused', (chosen, message) => {
    const template = defineTemplate({
      ...{ id: 'promo', record, scenes: { close } },
      soundtrack: () => chosen as never,
    });
    expect(() => mixOf(template, row)).toThrow(/^The soundtrack of template "promo" cannot be played/);
    expect(() => mixOf(template, row)).toThrow(message);
  });
});

describe('a recording', () => {
  const voiced = {
    ...{ id: 'call', fps: 10 },
    record: { voice: audioUrl({ label: 'Voice', personal: true }) },
  } as const;
  const scene = (durationInFrames?: number) =>
    defineScene({
      inputs: z.object({ voice: audioInput }),
      durationInFrames:
        durationInFrames ??
        (({ voice }) => (voice.kind === 'stored' ? Math.ceil(voice.seconds * 10) + 5 : 15)),
      captions: () => [],
      sounds: ({ voice }) => [{ file: voice, atFrame: 5, gain: 0.5 }],
    });
  const hash = `audio-2040-${'a'.repeat(64)}`;
  const bind = (template: Template, voice = storedAudio(hash)) =>
    bindPath(template, { voice: 'https://a.example/v.mp3' }, { voice }, asOf);

  it('decides how long its scene is, and is an input of its clip, not of the mix', () => {
    const template = defineTemplate({ ...voiced, scenes: { film: scene() } });
    const path = bind(template);
    expect(path).toMatchObject([
      {
        ...{ durationInFrames: 26, personal: true },
        inputs: {
          voice: { kind: 'stored', hash, seconds: 2.04 },
          heard: [{ hash, atFrame: 5, toFrame: 26, gain: 0.5, isVoice: true }],
        },
      },
    ]);
    expect(pathMix(template, path, {}).sounds).toEqual([]);
    const [absent] = bindPath(template, {}, {}, asOf);
    expect(absent).toMatchObject({ durationInFrames: 15, inputs: { voice: { kind: 'absent' } } });
    expect(absent?.inputs).not.toHaveProperty('heard');
  });

  it('that is longer than its scene is cut off, which is known unless its length is a guess', () => {
    const template = defineTemplate({ ...voiced, scenes: { film: scene(20) } });
    const cutOff = (voice = storedAudio(hash)) =>
      bind(template, voice).map((bound) => framesCutOff(template, bound));
    expect(cutOff()).toEqual([6]);
    expect(cutOff(guessedAudio(10, 'a'.repeat(64)))).toEqual([0]);
  });

  it('is heard in the parts of a cut scene in which it sounds', () => {
    const cuts = { film: [3, 10, 20, 30].map((until) => ({ until, reads: ['voice'] as const })) };
    const path = bind(defineTemplate({ ...voiced, scenes: { film: scene(30) }, cuts }));
    expect(path.map(({ inputs }) => 'heard' in inputs)).toEqual([false, true, true, true]);
    const [, second, third] = path;
    expect(second?.inputs['heard']).toEqual(third?.inputs['heard']);
  });

  it('has the usual length in fixtures, a long one, and none', () => {
    const template = defineTemplate({ ...voiced, scenes: { film: scene() } });
    const lengths = (['typical', 'longest', 'missing-image', 'empty-optionals'] as const).map(
      (name) => samplePath(template, template.fixtures[name])[0]?.durationInFrames,
    );
    expect(lengths).toEqual([45, 305, 15, 15]);
  });
});
