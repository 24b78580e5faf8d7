import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { errors } from '../../errors/messages.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { parseConfig } from '../../worker/config.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { erasePerson } from '../../worker/people/erase-person.ts';
import type { SpeechText } from '../../video/story/speech.ts';
import { serverBinary } from '../services/server-binaries.ts';
import { decodeSound } from './decode-video.ts';
import { type Deployment, newDeployment, openDeployment, removeDeployment } from './deployment.ts';
import { readTable, runCsv, statusesOf } from './run-csv.ts';

let deployment: Deployment;
let open: OpenPipeline;
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
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  const { speech } = parseConfig({ BESPOKE_SPEECH: 'espeak-ng' });
  deployment = await newDeployment('embedded', servers, { concurrency: 2, speech });
  open = await openDeployment(deployment, { exchangeParts });
  ({ pipeline } = open);
  worker = await open.startWorker();
});

afterAll(async () => {
  await worker.stop('drain');
  await open.close();
  await removeDeployment(deployment);
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
