import { expect, inject, it, vi } from 'vitest';
import { searchEverywhere, searchFolder } from '../e2e/search-everywhere.ts';
import { answerQuestion, houseOf, newMarks, toQuestion, viewerOf } from '../e2e/viewer-walk.ts';
import { killChild, untilHanging, type Child } from './child.ts';
import { startOrderDeployment } from './campaign-deployment.ts';

vi.setConfig({ testTimeout: 300_000 });

const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };

async function stop(child: Child): Promise<void> {
  child.kill('SIGTERM');
  await child.ended;
}

it('a worker killed while it makes a clip that a viewer waits for: another one makes it', async () => {
  const { startApi, startWorker, ask, client } = await startOrderDeployment({ servers });
  const { address } = await startApi();
  const viewer = viewerOf(ask(address), client);
  const first = await startWorker();
  const marks = newMarks();
  const film = await viewer.watch(marks);
  await stop(first);

  const dying = await startWorker('clip');
  await viewer.append(film, 0, ...toQuestion);
  const { clips } = await viewer.append(film, 2, answerQuestion(marks.place));
  const clip = clips[houseOf(marks.place)];
  expect(clip).toMatchObject({ state: 'making' });
  const waited = viewer.clip(film, clip?.url ?? '');
  await untilHanging(dying);
  await killChild(dying);
  await startWorker();
  expect((await waited).body).toContain('ftyp');
});

it('an erasure killed before, and after, the tables know of it is finished by asking once more', async () => {
  const { deployment, s3, startApi, startWorker, ask, client } = await startOrderDeployment({ servers });
  const worker = await startWorker();
  const barring = await startApi('erase');
  const marks = newMarks();
  const words = [marks.name, marks.id, marks.place];
  const viewer = viewerOf(ask(barring.address), client);
  const film = await viewer.watch(marks);
  await viewer.append(film, 0, ...toQuestion);
  const { clips } = await viewer.append(film, 2, answerQuestion(marks.place));
  await viewer.clip(film, clips[houseOf(marks.place)]?.url ?? '');
  // Workers finish what an erasure has left behind, too; here only the command is to.
  await stop(worker);

  const everywhere = async () => [
    ...(await searchEverywhere(deployment, words)),
    ...(await searchFolder(s3?.folder ?? '', words)),
  ];
  const held = (found: readonly string[], what: string) => found.filter((each) => each.includes(what));
  const erase = { method: 'POST', headers: client, body: { customerId: marks.id } } as const;

  const byViewer = { method: 'POST', headers: film.pass, body: { confirm: true } } as const;
  const broken = ask(barring.address)('/viewer/erase', byViewer).catch(() => 'broken');
  await untilHanging(barring.process);
  await killChild(barring.process);
  expect(await broken).toBe('broken');
  expect(held(await everywhere(), 'in table bespoke.render_source')).toHaveLength(1);

  const removing = await startApi('remove');
  const again = ask(removing.address)('/v1/people/erase', erase).catch(() => 'broken');
  await untilHanging(removing.process);
  await killChild(removing.process);
  expect(await again).toBe('broken');
  const left = await everywhere();
  expect(held(left, 'in table')).toEqual([]);
  expect(left, 'captions of the film').not.toEqual([]);

  const { address } = await startApi();
  const receipt = await ask(address)('/v1/people/erase', erase);
  expect([receipt.status, receipt.body]).toEqual([200, expect.stringContaining('"barred":true')]);
  expect(await everywhere()).toEqual([]);
});
