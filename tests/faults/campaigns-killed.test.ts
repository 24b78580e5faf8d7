import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, it, vi } from 'vitest';
import { killChild, untilHanging } from './child.ts';
import { expectExact } from './exact-accounts.ts';
import { pollUntil, startOrderDeployment } from './campaign-deployment.ts';
import type { HoldPoint } from './process-task.ts';

// Process after process is started, on machines that have other work to do.
vi.setConfig({ testTimeout: 400_000 });

const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix} ${'N'.repeat(index + 1)}`);

it('workers killed in the middle of a clip, of a video, of an end and of a webhook', async () => {
  const bench = await startOrderDeployment({ servers, store: 'folder' });
  const { address } = await bench.startApi();
  const wishes = [...names('Anna', 4).map(bench.render), bench.campaign(names('Bo', 6), true)];
  const campaigns = await bench.order(address, wishes);
  const points: readonly HoldPoint[] = ['clip', 'assembly', 'teaser', 'settle', 'note'];
  for (const point of points) {
    const worker = await bench.startWorker(point);
    await untilHanging(worker);
    if (point === 'clip') {
      const running = await worker.processes();
      expect(running.filter((each) => each.includes('ffmpeg'))).not.toEqual([]);
      expect(running.filter((each) => each.includes('--headless'))).not.toEqual([]);
    }
    await killChild(worker);
  }
  const last = await bench.startWorker();
  // Two videos are joined at a time: two webhooks may be under way, and a video beside what the worker hangs at.
  await expectExact(bench, campaigns, { resent: 2, uploaded: points.length });
  last.kill('SIGTERM');
  await last.ended;
  expect(await last.survivors(5_000)).toEqual([]);
});

it('workers killed in the middle of uploads: no object is half, and parts are no object', async () => {
  const bench = await startOrderDeployment({ servers });
  const { s3 } = bench;
  if (s3 === undefined) throw new Error('There is no bucket.');
  const { address } = await bench.startApi();
  const campaigns = await bench.order(address, names('Anna', 4).map(bench.render));

  await s3.fault({ kind: 'hold-upload', address: '/clips/' });
  const first = await bench.startWorker();
  await pollUntil(s3.requests, (made) => made.some((each) => /^PUT \S*\/clips\//.test(each)));
  await killChild(first);

  await s3.fault({ kind: 'hold-upload', address: 'partNumber=3' });
  const second = await bench.startWorker('large-video');
  await pollUntil(s3.requests, (made) => made.some((each) => each.includes('partNumber=3')));
  await killChild(second);
  await s3.fault({ kind: 'none' });
  const parts = await readdir(s3.folder, { recursive: true });
  expect(parts.filter((file) => file.includes(`_S3rver_uploads${path.sep}`))).not.toEqual([]);

  await bench.startWorker();
  await expectExact(bench, campaigns, { uploaded: 2 });
});

it('an API killed between the tables and the queue: the campaign is made, and its repetition is the same', async () => {
  const bench = await startOrderDeployment({ servers, store: 'folder' });
  const dying = await bench.startApi('queue');
  const wishes = [bench.render('Anna'), bench.campaign(['Bo', 'Cleo'])];
  const answers = Promise.all(wishes.map((wish) => bench.send(dying.address, wish)));
  await dying.process.until((events) => events.filter(({ type }) => type === 'hanging').length === 2);
  await killChild(dying.process);
  expect(await answers).toEqual([{ kind: 'broken' }, { kind: 'broken' }]);

  const { address } = await bench.startApi();
  await bench.startWorker();
  const again = await Promise.all(wishes.map((wish) => bench.send(address, wish)));
  expect(again).toMatchObject([
    { kind: 'accepted', replayed: true },
    { kind: 'accepted', replayed: true },
  ]);
  await expectExact(
    bench,
    again.flatMap((answer) => (answer.kind === 'accepted' ? [answer.order] : [])),
  );
});
