import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionSchema } from '../../video/story/viewer-schema.ts';
import { runTool } from '../../worker/adapters/media/ffmpeg.ts';
import { sampleRate, writeWav } from '../../worker/adapters/media/wav.ts';
import { renderSchema } from '../../worker/campaigns/report-schema.ts';
import type { RunningWorker } from '../../worker/compose.ts';
import { erasePerson } from '../../worker/people/erase-person.ts';
import { decodeSound } from './decode-video.ts';
import { withLocalClient } from './local-client.ts';
import { readTable, runCsv, statusesOf } from './run-csv.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server/server-bench.ts';
import { ofPerson } from './viewer-walk.ts';

const tone = (hertz: number, seconds: number, loudness = 0.2): Buffer => {
  const left = new Float32Array(seconds * sampleRate).map(
    (_, at) => loudness * Math.sin((2 * Math.PI * hertz * at) / sampleRate),
  );
  return writeWav({ left, right: left }, 1);
};

let served: ServedDeployment;
let worker: RunningWorker;
let origin: string;
let closeHost: () => Promise<unknown>;

beforeAll(async () => {
  const mp3 = ['-v', 'error', '-i', 'pipe:0', '-c:a', 'libmp3lame', '-f', 'mp3', 'pipe:1'];
  const files: Readonly<Record<string, Buffer>> = {
    '/short.wav': tone(1000, 1),
    '/long.mp3': await runTool('ffmpeg', mp3, { input: tone(1000, 2, 0.02) }),
    '/page.mp3': Buffer.from('<html>Not here</html>'),
    '/silent.wav': tone(1000, 1, 0),
  };
  const host = createServer(({ url = '' }, response) => {
    const file = files[url];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(file);
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  closeHost = () => new Promise((resolve) => host.close(resolve));
  origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  served = await serveDeployment({}, {}, { imageOrigins: [origin] });
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('drain');
  await served.close();
  await closeHost();
});

/** How loud a tone is in a stretch, in seconds. */
function loudnessOf(samples: Float32Array, hertz: number, from: number, to: number): number {
  const part = samples.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate));
  const turn = (2 * Math.PI * hertz) / sampleRate;
  const [cosine, sine] = [Math.cos, Math.sin].map((wave) =>
    part.reduce((sum, sample, at) => sum + sample * wave(turn * at), 0),
  );
  return (2 * Math.hypot(cosine ?? 0, sine ?? 0)) / part.length;
}

const filesOfRecordings = async (): Promise<readonly string[]> => {
  const names = await readdir(path.join(served.deployment.folder, 'store'), { recursive: true });
  return names.filter((name) => name.includes('audio-'));
};

const rows = ['short.wav,Plus', 'long.mp3,Plus', 'short.wav,Basic', 'gone.wav,Plus', 'page.mp3,Plus'];
const csvOf = (): string =>
  [
    'id,name,voice,plan',
    ...[...rows, 'silent.wav,Basic'].map((row, index) => `p-${index + 1},Anna ${index},${origin}/${row}`),
    '',
  ].join('\n');

it('a video is as long as the voice of its row, which is heard in its place over lower music', async () => {
  const { pipeline } = served.open;
  const csv = csvOf();
  const plan = await withLocalClient(pipeline, (client) =>
    client.planCampaign(
      { file: new Blob([csv]), fileName: 'a.csv' },
      { template: 'caller', quality: 'draft' },
    ),
  );
  expect(plan.warnings).toMatchObject([{ code: 'audio-unavailable', rows: 3 }]);
  const outcome = await runCsv(pipeline, {
    ...{ csv: 'calls.csv', text: csv, folder: served.deployment.folder, template: 'caller' },
    ...{ out: 'out', idColumn: 'id' },
  });
  expect(await statusesOf(outcome)).toEqual(Array(6).fill('done'));
  const { rows: results } = await readTable(outcome.resultsFile);
  const notes = results.map((row) => /Voice: (.*?);/.exec(row.bespoke_warnings ?? '')?.[1]);
  expect(notes).toEqual([
    ...[
      undefined,
      undefined,
      undefined,
      'the server answered 404',
      'the file is no sound',
      'the file is silent',
    ],
  ]);
  const sounds = await Promise.all(
    results.map((row) => decodeSound(path.join(served.deployment.folder, 'out', row.bespoke_video ?? ''))),
  );
  const tenths = sounds.map(({ length }) => Math.round(length / 4_800));
  const isMp3 = (at: number): boolean => at === 1;
  expect(tenths.filter((_, at) => !isMp3(at))).toEqual([35, 35, 25, 25, 25]);
  // An MP3 is padded by its encoder.
  expect(tenths[1]).toBeGreaterThanOrEqual(45);
  expect(tenths[1]).toBeLessThanOrEqual(46);

  const [plus, louder, basic, without] = sounds;
  if (!plus || !louder || !basic || !without) throw new Error('There are too few videos.');
  const speech = 0.11 * Math.SQRT2;
  for (const sound of [plus, louder, basic]) {
    // Recorded softly or loudly, all are heard alike.
    expect(loudnessOf(sound, 1000, 1.1, 1.9)).toBeCloseTo(speech, 1);
    expect(loudnessOf(sound, 1000, 0.1, 0.9)).toBeLessThan(0.005);
    expect(
      loudnessOf(sound, 1000, (sound.length - 60_000) / sampleRate, sound.length / sampleRate),
    ).toBeLessThan(0.005);
  }
  for (const sound of [plus, louder]) {
    expect(loudnessOf(sound, 200, 0.1, 0.7)).toBeCloseTo(0.25, 2);
    expect(loudnessOf(sound, 200, 1.1, 1.9)).toBeCloseTo(0.05, 2);
    const { length } = sound;
    expect(loudnessOf(sound, 200, length / sampleRate - 1.2, length / sampleRate - 0.1)).toBeCloseTo(0.25, 2);
    expect(loudnessOf(sound, 3000, 0.02, 0.28)).toBeCloseTo(0.5, 1);
    expect(loudnessOf(sound, 3000, 0.32, 1)).toBeLessThan(0.01);
  }
  expect(loudnessOf(without, 200, 0.1, 2.4)).toBeCloseTo(0.25, 2);
  for (const hertz of [200, 3000]) expect(loudnessOf(basic, hertz, 0, 3.5)).toBeLessThan(0.005);

  const again = await runCsv(pipeline, {
    ...{ csv: 'again.csv', text: csv, folder: served.deployment.folder, template: 'caller' },
    ...{ out: 'again', idColumn: 'id' },
  });
  expect(again.campaign.frames.wanted).toBe(0);
});

it('viewers of a page hear the voice with its clip, and sounds as they are played', async () => {
  const headers = await served.keyed('render', 'read');
  const record = { name: 'Eve', plan: 'Plus', voice: `${origin}/short.wav` };
  const payload = { template: 'caller', record, quality: 'draft', customerId: 'eve' };
  const placed = await served.server.inject({ method: 'POST', url: '/v1/renders', headers, payload });
  const { id } = renderSchema.parse(placed.json());
  const find = async () =>
    renderSchema.parse((await served.server.inject({ url: `/v1/renders/${id}`, headers })).json());
  await expect.poll(async () => (await find()).status.state, { timeout: 60_000 }).toBe('done');
  const link = new URL((await find()).links.page ?? publicUrl).pathname.slice('/v/'.length);
  const opened = await served.server.inject({
    ...{ method: 'POST', url: '/viewer/session', headers: ofPerson, payload: { link, carry: 'memory' } },
  });
  const { access, clips, music } = sessionSchema.parse(opened.json());
  expect(music).toMatchObject({ gain: 0.5, underSpeech: 0.2 });
  // From a quarter of a second before the voice, which takes a second.
  const [message, goodbye] = ['message', 'goodbye'].map((scene) =>
    Object.entries(clips).flatMap(([name, clip]) => (name.includes(scene) ? (clip.speech ?? []) : [])),
  );
  expect([message, goodbye]).toEqual([[{ fromFrame: 8, toFrame: 20 }], []]);
  const [sounds = []] = Object.entries(clips).flatMap(([name, clip]) =>
    name.includes('message') ? [clip.sounds] : [],
  );
  expect(sounds.map(({ atFrame, gain }) => [atFrame, gain])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const hear = async (url = '', pass = {}) => {
    const answer = await served.server.inject({ url, headers: { ...ofPerson, ...pass } });
    if (answer.statusCode !== 200) return answer.statusCode;
    const file = path.join(served.deployment.folder, 'heard.m4a');
    await writeFile(file, answer.rawPayload);
    return decodeSound(file);
  };
  const [ring, own] = sounds;
  const rung = await hear(ring?.url);
  if (typeof rung === 'number') throw new Error(`The server answered ${rung}.`);
  expect(loudnessOf(rung, 3000, 0.02, 0.28)).toBeCloseTo(0.5, 1);
  expect(rung.length / sampleRate).toBeLessThan(0.35);
  const voice = await hear(own?.url, { authorization: `Bearer ${access ?? ''}` });
  if (typeof voice === 'number') throw new Error(`The server answered ${voice}.`);
  expect(loudnessOf(voice, 1000, 1.1, 1.9)).toBeGreaterThan(0.1);
  expect(await hear(own?.url)).toBe(401);
  expect(await hear(music?.url)).toBeInstanceOf(Float32Array);

  // Nobody has other sounds made than those that templates play.
  const forged = (ring?.url ?? '').replace(/^\/s\/.{4}/, '/s/0000');
  expect(await hear(forged)).toBe(404);
});

it('a recording goes with the last person who has it', async () => {
  const before = await filesOfRecordings();
  expect(before).toHaveLength(2);
  const { pipeline } = served.open;
  await erasePerson(pipeline, { customerId: 'p-2' });
  await expect.poll(async () => (await filesOfRecordings()).length, { timeout: 20_000 }).toBe(1);
  for (const customerId of ['p-1', 'eve']) await erasePerson(pipeline, { customerId });
  expect(await filesOfRecordings()).toHaveLength(1);
  await erasePerson(pipeline, { customerId: 'p-3' });
  await expect.poll(filesOfRecordings, { timeout: 20_000 }).toEqual([]);
});
