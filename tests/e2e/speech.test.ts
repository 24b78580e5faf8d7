import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { errors } from '../../errors/messages.ts';
import type { RunningWorker } from '../../worker/compose.ts';
import { levelSpeech, timeSpeech } from '../../worker/adapters/media/speech-sound.ts';
import { makeEspeak } from '../../worker/adapters/speech/espeak.ts';
import { parseConfig } from '../../worker/config.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { renderSchema } from '../../worker/campaigns/report-schema.ts';
import { sessionSchema } from '../../video/story/viewer-schema.ts';
import { erasePerson } from '../../worker/people/erase-person.ts';
import type { SpeechText } from '../../video/story/speech.ts';
import { serverBinary } from '../services/server-binaries.ts';
import { decodeSound } from './decode-video.ts';
import type { Deployment } from './deployment.ts';
import { withLocalClient } from './local-client.ts';
import { decodeFrames } from './probe.ts';
import { readTable, runCsv, statusesOf } from './run-csv.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server/server-bench.ts';
import { ofPerson } from './viewer-walk.ts';

let served: ServedDeployment;
let deployment: Deployment;
let pipeline: Pipeline;
let worker: RunningWorker;
const said: string[] = [];
let refuse: ((text: SpeechText) => Error | undefined) | undefined;

/** Writes down what the voice is asked to say. */
const exchangeParts = (parts: Pipeline): Pipeline => {
  const { speech } = parts;
  if (speech === undefined) throw new Error('The deployment has no voice.');
  return {
    ...parts,
    speech: {
      ...speech,
      speak: async (text, signal) => {
        const error = refuse?.(text);
        if (error !== undefined) throw error;
        said.push(text.said);
        return speech.speak(text, signal);
      },
    },
  };
};

beforeAll(async () => {
  serverBinary('espeak-ng');
  const { speech } = parseConfig({ BESPOKE_SPEECH: 'espeak-ng', BESPOKE_SPEECH_PRICE: '16' });
  served = await serveDeployment({}, { exchangeParts }, { concurrency: 2, speech });
  ({ deployment } = served);
  ({ pipeline } = served.open);
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('drain');
  await served.close();
});

const run = (csv: string, text: string) =>
  runCsv(pipeline, {
    ...{ csv, text, folder: deployment.folder, template: 'greeter', out: `out-${csv}`, idColumn: 'id' },
  });

/** Whether each tenth of a second is heard: 1 or 0. */
function heard(samples: Float32Array): string {
  const levels = Array.from({ length: Math.floor(samples.length / 4_800) }, (_, index) => {
    const part = samples.subarray(4_800 * index, 4_800 * (index + 1));
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
  return levels.map((level) => (level > 0.01 ? 1 : 0)).join('');
}

/** The samples of a file's bytes. */
async function decodeBytes(bytes: Buffer): Promise<Float32Array> {
  const file = path.join(deployment.folder, 'sound.m4a');
  await writeFile(file, bytes);
  return decodeSound(file);
}

/** Captions as `from-to text`, in tenths of a second. */
async function captionsOf(file: string): Promise<readonly string[]> {
  const [, ...cues] = (await readFile(file, 'utf8')).trim().split('\n\n');
  return cues.map((cue) => {
    const [times = '', ...text] = cue.split('\n').filter((line) => !/^\d+$/.test(line));
    const [from, to] = times.split(' --> ').map((time) => Math.round(Number(time.slice(-6)) * 10));
    return `${from}-${to} ${text.join(' ')}`;
  });
}

const filesOfSpeech = async (): Promise<readonly string[]> => {
  const names = await readdir(path.join(deployment.folder, 'store'), { recursive: true });
  return names.filter((name) => name.includes('spoken-'));
};

const header = 'id,name,nameSaid';
const sentenceTo = (name: string): string => `Hello ${name}, it is good to see you.`;

it('people hear their names, captions follow, and each text is spoken once', async () => {
  const rows = ['1,Anna,', '2,Maximiliane Hohenberger,', '3,Anna,', '4,Siobhán,Shivawn'];
  const outcome = await run('people.csv', [header, ...rows, ''].join('\n'));
  expect(await statusesOf(outcome)).toEqual(['done', 'done', 'done', 'done']);
  const once = ['Goodbye.', ...['Anna', 'Maximiliane Hohenberger', 'Shivawn'].map(sentenceTo)];
  expect(said.toSorted()).toEqual(once.toSorted());
  const { rows: results } = await readTable(outcome.resultsFile);
  const files = results.map((row) => path.join(deployment.folder, 'out-people.csv', row.bespoke_video ?? ''));
  const [anna, maximiliane, again, siobhan] = await Promise.all(files.map((file) => decodeSound(file)));
  if (anna === undefined || maximiliane === undefined) throw new Error('There is no video.');
  for (const sound of [anna, maximiliane]) {
    const [greeting, goodbye] = [heard(sound).slice(0, -12), heard(sound).slice(-12)];
    expect(greeting).toMatch(/^1[01]{10,}1000?$/);
    expect(goodbye).toMatch(/^00[01]*1{3}0+$/);
  }
  expect(maximiliane.length).toBeGreaterThan(anna.length + 24_000);
  expect(again).toEqual(anna);
  expect(siobhan).not.toEqual(anna);

  const [ofAnna, , , ofSiobhan] = await Promise.all(
    files.map((file) => captionsOf(file.replace('/videos/', '/captions/').replace(/mp4$/, 'vtt'))),
  );
  // Green while a word is said: the component knows when.
  const pictures = await decodeFrames(files[0] ?? '', 1, 1);
  const isGreen = pictures.map(([red = 0, green = 0, blue = 0]) => green > 2 * Math.max(red, blue));
  expect([isGreen[0], isGreen[pictures.length - 12 - 1]]).toEqual([true, false]);
  expect(isGreen.filter(Boolean).length).toBeGreaterThan(10);

  const tenths = anna.length / 4_800;
  expect(ofAnna?.map((cue) => cue.replace(/^\S+ /, ''))).toEqual([sentenceTo('Anna'), 'Goodbye.']);
  const [first = '', second = ''] = ofAnna ?? [];
  // The first scene is two frames longer than its words; the second speaks from its third frame on.
  expect(first).toMatch(new RegExp(`^0-${tenths - 12 - 2} `));
  expect(second).toMatch(new RegExp(`^${tenths - 12 + 2}-`));
  expect(ofSiobhan?.[0]).toContain('Hello Siobhán,');

  const before = said.length;
  const repeated = await run('again.csv', [header, ...rows, ''].join('\n'));
  expect(await statusesOf(repeated)).toEqual(['done', 'done', 'done', 'done']);
  expect(said.length).toBe(before);
  expect(repeated.campaign.frames.wanted).toBe(0);
});

it('a forecast counts what was never said, with its price and names to listen to, and says nothing', async () => {
  const before = said.length;
  const rows = ['Anna', 'Eve', 'Eve', 'Nguyễn', 'J. R.'].map((name) => ({ name }));
  const { speech, clips } = await withLocalClient(pipeline, (client) =>
    client.planCampaign({ rows }, { template: 'greeter', quality: 'draft' }),
  );
  const characters = ['Eve', 'Nguyễn', 'J. R.'].map((name) => sentenceTo(name).length);
  const sum = characters.reduce((total, each) => total + each, 0);
  expect(speech).toMatchObject({ lines: 5, spoken: 2, characters: sum, price: (sum * 16) / 1_000_000 });
  expect(speech?.names).toEqual([
    { row: 5, name: 'J. R.', why: 'has an initial or an abbreviation' },
    { row: 4, name: 'Nguyễn', why: 'has "ễ", which the language does not use' },
  ]);
  expect(clips).toEqual({ distinct: 5, stored: 2, toRender: 3 });
  expect(said.length).toBe(before);
});

it('viewers of the page hear it too', async () => {
  const headers = await served.keyed('render', 'read');
  const body = { template: 'greeter', record: { name: 'Anna' }, quality: 'draft' };
  const placed = await served.server.inject({ method: 'POST', url: '/v1/renders', headers, payload: body });
  const { id } = renderSchema.parse(placed.json());
  const find = async () =>
    renderSchema.parse((await served.server.inject({ url: `/v1/renders/${id}`, headers })).json());
  await expect.poll(async () => (await find()).status.state, { timeout: 60_000 }).toBe('done');
  const link = new URL((await find()).links.page ?? publicUrl).pathname.slice('/v/'.length);
  const opened = await served.server.inject({
    ...{ method: 'POST', url: '/viewer/session', headers: ofPerson, payload: { link, carry: 'memory' } },
  });
  const { access, clips } = sessionSchema.parse(opened.json());
  expect(Object.keys(clips).length).toBe(2);
  const pass = { ...ofPerson, authorization: `Bearer ${access ?? ''}` };
  for (const { state, cues, sounds, durationInFrames } of Object.values(clips)) {
    expect([state, cues.length, sounds.length]).toEqual(['stored', 1, 1]);
    expect(cues[0]?.toFrame).toBeLessThanOrEqual(durationInFrames);
    const sound = await served.server.inject({ url: sounds[0]?.url ?? '', headers: pass });
    expect([sound.statusCode, sound.headers['content-type']]).toEqual([200, 'audio/mp4']);
    const samples = await decodeBytes(sound.rawPayload);
    expect(heard(samples)).toMatch(/111/);
    expect(Math.abs(samples.length / 4_800 - durationInFrames)).toBeLessThan(1);
  }
});

it('rows fail alone while the voice is away, and the same command speaks them later', async () => {
  const csv = [header, '1,Bo,', '2,Cy,', '3,Di,', ''].join('\n');
  refuse = ({ said: text }) =>
    /Cy|Di/.test(text) ? errors.speechUnavailable({ why: 'The service answers 503.' }) : undefined;
  const outcome = await run('away.csv', csv);
  expect(await statusesOf(outcome)).toEqual(['done', 'failed', 'failed']);
  const [failure] = outcome.sample.failures;
  expect(failure).toMatchObject({ code: 'speech-unavailable' });
  expect(JSON.stringify(outcome.sample.failures)).not.toContain('Cy');
  const before = said.length;
  refuse = undefined;
  const later = await run('away.csv', csv);
  expect(await statusesOf(later)).toEqual(['skipped', 'done', 'done']);
  expect(said.slice(before).toSorted()).toEqual(['Cy', 'Di'].map(sentenceTo));
});

it('what is said to a person goes with the person, and what is said to all stays', async () => {
  const before = await filesOfSpeech();
  const outcome = await run('erased.csv', [header, 'p-9,Ludmilla,', ''].join('\n'));
  expect(await statusesOf(outcome)).toEqual(['done']);
  expect((await filesOfSpeech()).length).toBe(before.length + 2);
  await erasePerson(pipeline, { customerId: 'p-9' });
  await expect.poll(filesOfSpeech, { timeout: 20_000 }).toEqual(before);
});

describe('espeak-ng', () => {
  const config = { url: '', key: undefined, model: '', voices: '', pricePerMillion: undefined };
  const never = new AbortController().signal;
  const speak = async (text: string, language: string, voices = '', signal = never) => {
    const espeak = makeEspeak({ ...config, engine: 'espeak-ng', voices });
    const sound = await espeak.speak({ said: text, text, language }, signal);
    const file = path.join(deployment.folder, 'espeak.wav');
    await levelSpeech(sound, file);
    return (await timeSpeech(file, { said: text, text, language })).seconds;
  };

  it.each(['[[h@loU]] [[', '<break time="5s"/>', '-w /tmp/file', '&amp; "quoted" $(id)', "it's; `id`"])(
    'says %s as text',
    async (text) => {
      expect(await speak(text, 'en')).toBeGreaterThan(0.2);
      expect(await speak(text, 'en')).toBeLessThan(5);
    },
  );

  it('has a voice for a language and its regions, or says that it has none', async () => {
    for (const language of ['de', 'de-AT', 'pt-BR', 'zh', 'ar', 'en-US']) {
      expect(await speak('12', language), language).toBeGreaterThan(0.2);
    }
    await expect(speak('12', 'tlh')).rejects.toThrow('espeak-ng has no language "tlh"');
    await expect(speak('12', 'de', 'de=nobody')).rejects.toThrow('espeak-ng has no voice "nobody"');
  });

  it('is not named by another voice', async () => {
    const [one, other] = ['', 'en-gb'].map((voices) =>
      makeEspeak({ ...config, engine: 'espeak-ng', voices }),
    );
    expect(await one?.identity()).toMatch(/^espeak-ng \d+\.\d+/);
    expect(await other?.identity()).not.toBe(await one?.identity());
  });

  it('stops when nobody waits any more', async () => {
    const stop = new AbortController();
    const spoken = speak('a long text '.repeat(3_000), 'en', '', stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 30);
    await expect(spoken).rejects.toThrow('stopped');
  });

  it('says that it is not installed', async () => {
    const folders = process.env.PATH;
    vi.stubEnv('PATH', path.join(deployment.folder, 'nothing'));
    try {
      await expect(speak('12', 'en')).rejects.toMatchObject({ code: 'speech-unavailable' });
    } finally {
      vi.stubEnv('PATH', folders);
    }
  });
});

it('where there is no voice, a template that needs none is silent, and the forecast says so', async () => {
  const silent = await serveDeployment({}, {}, { concurrency: 2 });
  try {
    const parts = silent.open.pipeline;
    const plan = await withLocalClient(parts, (client) =>
      client.planCampaign({ rows: [{ name: 'Anna' }] }, { template: 'echo', quality: 'draft' }),
    );
    expect(plan.speech).toMatchObject({ lines: 1, silent: true, spoken: 0, characters: 0, price: null });
    const work = await silent.open.startWorker();
    const { folder } = silent.deployment;
    const outcome = await runCsv(parts, {
      ...{ csv: 'silent.csv', text: 'name\nAnna\n', folder, template: 'echo', out: 'out' },
    });
    await work.stop('drain');
    expect(await statusesOf(outcome)).toEqual(['done']);
    const { rows } = await readTable(outcome.resultsFile);
    const video = path.join(folder, 'out', rows[0]?.bespoke_video ?? '');
    expect(heard(await decodeSound(video))).toMatch(/^0*$/);
    const captions = await captionsOf(video.replace('/videos/', '/captions/').replace(/mp4$/, 'vtt'));
    expect(captions).toEqual([expect.stringMatching(/ You live in Hof\.$/)]);
  } finally {
    await silent.close();
  }
});
