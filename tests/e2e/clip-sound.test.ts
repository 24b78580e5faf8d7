import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionSchema } from '../../video/story/viewer-schema.ts';
import { clipFiles } from '../../worker/core/clips.ts';
import { renderSchema } from '../../worker/campaigns/report-schema.ts';
import { erasePerson } from '../../worker/people/erase-person.ts';
import { decodeSound } from './decode-video.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server/server-bench.ts';
import { ofPerson } from './viewer-walk.ts';

let served: ServedDeployment;
let stop: () => Promise<void>;

beforeAll(async () => {
  served = await serveDeployment();
  const worker = await served.open.startWorker();
  stop = () => worker.stop('drain');
});

afterAll(async () => {
  await stop();
  await served.close();
});

interface SoundingVideo {
  readonly id: string;
  readonly link: string;
  /** Loudness of each tenth of a second. */
  readonly levels: readonly number[];
  readonly samples: Float32Array;
  readonly clips: readonly string[];
}

/** Orders a video of the template `voices` and waits for it. */
async function order(name: string): Promise<SoundingVideo> {
  const headers = await served.keyed('render', 'read');
  const body = { template: 'voices', record: { name }, quality: 'draft', customerId: name };
  const placed = await served.server.inject({ method: 'POST', url: '/v1/renders', headers, payload: body });
  expect(placed.statusCode, placed.body).toBe(202);
  const { id } = renderSchema.parse(placed.json());
  const find = async () =>
    renderSchema.parse((await served.server.inject({ url: `/v1/renders/${id}`, headers })).json());
  await expect.poll(async () => (await find()).status.state, { timeout: 60_000 }).toBe('done');
  const { links } = await find();
  const { renders, store } = served.open.pipeline;
  const planned = (await renders.findPlanned(id))?.planned;
  if (planned === undefined) throw new Error('The render is not planned.');
  const samples = await decodeSound(await store.fetch('videos', `${planned.key}.mp4`));
  const levels = Array.from({ length: 20 }, (_, index) => {
    const part = samples.subarray(4_800 * index, 4_800 * (index + 1));
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
  const link = new URL(links.page ?? publicUrl).pathname.slice('/v/'.length);
  return { id, link, levels, samples, clips: planned.path.map(({ clip }) => clip) };
}

/** What the store has of clips, without their pictures. */
const filesOfClips = async (clips: readonly string[]): Promise<readonly string[]> => {
  const names = await readdir(path.join(served.deployment.folder, 'store'), { recursive: true });
  return clips.map((clip) =>
    names
      .flatMap((name) => (name.includes(clip) && !name.endsWith('.jpg') ? [path.extname(name)] : []))
      .toSorted()
      .join(' '),
  );
};

it('what components play is in the video, clip by clip, without clicks', async () => {
  const { levels, samples, clips } = await order('Anna');
  expect(levels.map((level) => (level > 0.1 ? 1 : 0)).join('')).toBe('11111111110000011111');
  const steepest = Math.max(
    ...samples.subarray(4_800, 40_000).map((sample, at, all) => Math.abs(sample - (all[at - 1] ?? sample))),
  );
  const joint = samples.subarray(47_500, 48_600);
  for (let at = 1; at < joint.length; at += 1) {
    expect(Math.abs((joint[at] ?? 0) - (joint[at - 1] ?? 0))).toBeLessThan(1.3 * steepest);
  }
  expect(await filesOfClips(clips)).toEqual(['.m4a .mp4 .wav', '.m4a .mp4 .wav']);
});

it('viewers get what a clip plays, each only of their own film', async () => {
  const [anna, bo] = [await order('Anna'), await order('Bo')];
  const open = async ({ link }: SoundingVideo) => {
    const payload = { link, carry: 'memory' };
    const answer = await served.server.inject({
      method: 'POST',
      url: '/viewer/session',
      headers: ofPerson,
      payload,
    });
    const { access, clips } = sessionSchema.parse(answer.json());
    const pass = { ...ofPerson, authorization: `Bearer ${access ?? ''}` };
    const [sounds] = Object.entries(clips).flatMap(([name, clip]) =>
      name.includes('name') ? [clip.sounds] : [],
    );
    return { pass, sounds: sounds ?? [] };
  };
  const [hers, his] = [await open(anna), await open(bo)];
  expect([hers.sounds.length, his.sounds.length]).toEqual([1, 1]);
  const hear = async ({ sounds, pass }: typeof hers, with_ = pass) => {
    const url = sounds[0]?.url ?? '';
    return served.server.inject({ url, headers: with_ });
  };
  const heard = await hear(hers);
  expect([heard.statusCode, heard.headers['content-type']]).toEqual([200, 'audio/mp4']);
  expect(heard.rawPayload.subarray(4, 8).toString()).toBe('ftyp');
  expect((await hear(his)).statusCode).toBe(204);
  expect((await hear(hers, his.pass)).statusCode).toBeGreaterThanOrEqual(400);
  expect((await hear(hers, ofPerson as never)).statusCode).toBe(401);
});

it('a sound that was lost is made again, and all of it goes with its person', async () => {
  const first = await order('Ada');
  const [, own = ''] = first.clips;
  const store = path.join(served.deployment.folder, 'store');
  const names = await readdir(store, { recursive: true });
  for (const name of names) {
    if (name.endsWith(clipFiles(own).sound) || (name.endsWith('.mp4') && name.includes('videos')))
      await rm(path.join(store, name));
  }
  // Another order of the same customer: the clip counts as stored until its sound is opened.
  const again = await order('Ada');
  expect(again.levels.slice(15).every((level) => level > 0.1)).toBe(true);
  expect(await filesOfClips([own])).toEqual(['.m4a .mp4 .wav']);
  await erasePerson(served.open.pipeline, { customerId: 'Ada' });
  await expect.poll(() => filesOfClips([own]), { timeout: 20_000 }).toEqual(['']);
});
