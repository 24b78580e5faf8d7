import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { parseConfig } from '../../worker/config.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
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
  runCsv(pipeline, { csv, text, folder: deployment.folder, template: 'greeter', out: `out-${csv}` });

/** Loudness of each tenth of a second, as a text in which words are 1. */
function heard(samples: Float32Array): string {
  const levels = Array.from({ length: Math.floor(samples.length / 4_800) }, (_, index) => {
    const part = samples.subarray(4_800 * index, 4_800 * (index + 1));
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
  return levels.map((level) => (level > 0.01 ? 1 : 0)).join('');
}

it('people hear their names, each text is spoken once, and a second run speaks nothing', async () => {
  const rows = ['id,name,nameSaid', '1,Anna,', '2,Maximiliane Hohenberger,', '3,Anna,', '4,Siobhán,Shivawn', ''];
  const outcome = await run('people.csv', rows.join('\n'));
  expect(await statusesOf(outcome)).toEqual(['done', 'done', 'done', 'done']);
  expect(said.toSorted()).toEqual([
    'Goodbye.',
    'Hello Anna, it is good to see you.',
    'Hello Maximiliane Hohenberger, it is good to see you.',
    'Hello Shivawn, it is good to see you.',
  ]);
  const { rows: results } = await readTable(outcome.resultsFile);
  const videos = results.map((row) => path.join(deployment.folder, 'out-people.csv', row.bespoke_video ?? ''));
  const [anna, max, again] = await Promise.all(videos.map((video) => decodeSound(video)));
  console.log(heard(anna!), heard(max!), outcome);
  expect(max!.length).toBeGreaterThan(anna!.length + 24_000);
  expect(again).toEqual(anna);
});
