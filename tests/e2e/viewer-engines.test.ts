import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it, vi } from 'vitest';
import { startOrderDeployment } from '../faults/campaign-deployment.ts';
import { removeDeployment } from './deployment.ts';
import { searchEverywhere, searchFolder } from './search-everywhere.ts';
import { serveDeployment } from './server/server-bench.ts';
import { stubParts } from './stub-parts.ts';
import { newMarks, viewerOf, walkAndErase, type Ask, type Marks } from './viewer-walk.ts';

vi.setConfig({ testTimeout: 300_000 });

const wordsOf = ({ name, id, place, corrected }: Marks): readonly string[] => [name, id, place, corrected];

/** Whatever was being made is done or given up by then. */
const afterwardsMs = 1_500;

it('a viewer’s walk leaves nothing behind, on the embedded engines', async () => {
  const nothing = (): Promise<void> => Promise.resolve();
  const exchangeParts = stubParts({ draw: nothing, assemble: nothing });
  const { deployment, open, server, noted, keyed } = await serveDeployment(
    {},
    { lookEveryMs: 200, exchangeParts },
  );
  const worker = await open.startWorker();
  const ask: Ask = async (url, { method = 'GET', headers = {}, body } = {}) => {
    const answer = await server.inject({ method, url, headers, ...(body && { payload: body }) });
    return { status: answer.statusCode, body: answer.body };
  };
  const client = await keyed('render', 'read');
  const other = await viewerOf(ask, client).watch(newMarks());
  const marks = newMarks();
  await walkAndErase(ask, client, marks);
  await sleep(afterwardsMs);
  expect((await ask('/viewer/known', { headers: other.pass })).status).toBe(200);
  await worker.stop('abort');
  await server.close();
  await open.close();
  const words = wordsOf(marks);
  expect(await searchEverywhere(deployment, words)).toEqual([]);
  expect(words.filter((word) => JSON.stringify(noted).includes(word))).toEqual([]);
  await removeDeployment(deployment);
});

it('a viewer’s walk leaves nothing behind, on Redis, PostgreSQL and a bucket, by processes of their own', async () => {
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  const { deployment, s3, startApi, startWorker, ask, client } = await startOrderDeployment({ servers });
  const api = await startApi();
  const worker = await startWorker();
  const other = newMarks();
  const marks = newMarks();
  const words = wordsOf(marks);
  const films = viewerOf(ask(api.address), client);
  const [kept] = await Promise.all([films.watch(other), walkAndErase(ask(api.address), client, marks)]);
  await sleep(afterwardsMs);
  expect((await ask(api.address)('/viewer/known', { headers: kept.pass })).status).toBe(200);
  for (const child of [api.process, worker]) {
    child.kill('SIGTERM');
    await child.ended;
  }
  const everywhere = async (of: readonly string[]) => [
    ...(await searchEverywhere(deployment, of)),
    ...(await searchFolder(s3?.folder ?? '', of)),
  ];
  expect(await everywhere(words)).toEqual([]);
  expect(await everywhere([other.name])).not.toEqual([]);
});
