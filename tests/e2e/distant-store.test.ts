import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { renderFiles } from '../../worker/core/renders.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import type { S3Config } from '../../worker/adapters/store/s3-client.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import type { Store } from '../../worker/core/ports.ts';
import { s3Config } from '../conformance/store-kinds.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';
import { placeCampaign, untilEnded } from './campaign-bench.ts';
import { stubParts } from './stub-parts.ts';

const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };

/** Lets answers about clips take as long as from far away, and counts how many are waited for at once. */
function distant(store: Store, waiting: { now: number; most: number }): Store {
  const from = async <T>(shelf: string, answer: Promise<T>): Promise<T> => {
    if (shelf !== 'clips') return answer;
    waiting.now += 1;
    waiting.most = Math.max(waiting.most, waiting.now);
    await sleep(50);
    waiting.now -= 1;
    return answer;
  };
  return {
    ...store,
    has: (shelf, name) => from(shelf, store.has(shelf, name)),
    fetch: (shelf, name) => from(shelf, store.fetch(shelf, name)),
  };
}

describe('a video whose clips lie in a bucket far away', () => {
  const asked = { now: 0, most: 0 };
  let deployment: Deployment;
  let open: OpenPipeline;
  let worker: RunningWorker;

  beforeAll(async () => {
    deployment = await newDeployment('embedded', servers, { store: s3Config(inject('s3')) });
    const nothing = (): Promise<void> => Promise.resolve();
    const stub = stubParts({ draw: nothing, assemble: nothing });
    const exchangeParts = (parts: Pipeline): Pipeline => {
      const stubbed = stub(parts);
      return { ...stubbed, store: distant(stubbed.store, asked) };
    };
    open = await openDeployment(deployment, { exchangeParts });
    worker = await open.startWorker();
  });
  afterAll(async () => {
    await worker.stop('drain');
    await open.close();
    await removeDeployment(deployment);
  });

  it('does not ask for them one after another', { timeout: 60_000 }, async () => {
    const { pipeline } = open;
    const wish = { record: { name: 'Ada' } };
    const [first] = await untilEnded(pipeline, await placeCampaign(pipeline, wish));
    const clips = new Set(first?.path.map(({ clip }) => clip)).size;
    expect(clips).toBeGreaterThan(1);
    await pipeline.store.remove('videos', renderFiles(first?.key ?? '').video);

    asked.most = 0;
    const [second] = await untilEnded(pipeline, await placeCampaign(pipeline, wish));
    expect(second?.status).toMatchObject({ state: 'done', clipsReused: clips });
    expect(asked.most).toBe(clips);
  });
});

describe('a process that begins with a bucket', () => {
  async function opening(changes: Partial<S3Config>): Promise<void> {
    const deployment = await newDeployment('embedded', servers, { store: s3Config(inject('s3'), changes) });
    try {
      const open = await openDeployment(deployment);
      await open.close();
    } finally {
      await removeDeployment(deployment);
    }
  }

  it('says at once that there is no such bucket', { timeout: 60_000 }, async () => {
    const message = expect.stringContaining('no bucket "mistyped"') as string;
    await expect(opening({ bucket: 'mistyped' })).rejects.toMatchObject({ code: 'store-refused', message });
  });

  it('begins although the store is away', { timeout: 60_000 }, async () => {
    await expect(opening({ endpoint: 'http://127.0.0.1:9' })).resolves.toBeUndefined();
  });
});
