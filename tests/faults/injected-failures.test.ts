import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BatchOutcome } from '../../cli/batch/run-batch.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import {
  engineColumns,
  newDeployment,
  openDeployment,
  removeDeployment,
  type Deployment,
} from '../e2e/deployment.ts';
import { readTable, runCsv, statusesOf } from '../e2e/run-csv.ts';
import { injectFailures } from './injected-failures.ts';
import { watchForBrokenFiles } from './shelves.ts';

const none = { passing: 0, lasting: 0 };

describe.each(engineColumns)('parts that fail on %s', (column) => {
  const failures = injectFailures(7);
  let deployment: Deployment;
  let open: OpenPipeline;
  let worker: RunningWorker;
  let afterVideo: (() => Promise<void>) | undefined;

  /** A video is done in the tables, and its owner does not have it yet. */
  const watchTables = (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    renders: {
      ...pipeline.renders,
      complete: async (id, coming) => {
        await afterVideo?.();
        return pipeline.renders.complete(id, coming);
      },
    },
  });

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment(column, servers, { concurrency: 2 });
    open = await openDeployment(deployment, {
      exchangeParts: (pipeline) => watchTables(failures.exchangeParts(pipeline)),
    });
    worker = await open.startWorker();
  });
  afterAll(async () => {
    await worker.stop('drain');
    await open.close();
    await removeDeployment(deployment);
  });

  /** As somebody does who gives the same command again when it ends with an error. */
  async function runUntilItEnds(csv: string, text: string): Promise<BatchOutcome> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await runCsv(open.pipeline, { csv, text, folder: deployment.folder, out: csv.slice(0, -4) });
      } catch (error) {
        if (tries === 50) throw error;
      }
    }
  }

  it.each([
    { name: 'soon gone', rates: { passing: 0.08, lasting: 0 } },
    { name: 'here to stay', rates: { passing: 0.02, lasting: 0.03 } },
    { name: 'of both kinds, often', rates: { passing: 0.15, lasting: 0.03 } },
  ])(
    'errors $name: as many rows come out as went in, and a later run heals them',
    async ({ name, rates }) => {
      const csv = `${name.replaceAll(/\W/g, '-')}.csv`;
      const people = Array.from({ length: 5 }, (_, index) => `${name} ${'x'.repeat(index)}`);
      const rows = [...people, '', people[0] ?? ''].map((person, index) => `f-${index},"${person}"`);
      const text = ['id,name', ...rows, ''].join('\n');
      const brokenFiles = watchForBrokenFiles(deployment);

      const injected = failures.count();
      failures.set(rates);
      const report = await runUntilItEnds(csv, text);
      failures.set(none);
      expect(failures.count()).toBeGreaterThan(injected);
      const { rows: results } = await readTable(report.resultsFile);
      expect(results.map((row) => row.id)).toEqual(['f-0', 'f-1', 'f-2', 'f-3', 'f-4', 'f-5', 'f-6']);
      const counted = { done: 0, failed: 0 };
      for (const row of results) {
        if (row.bespoke_status === 'done') counted.done += 1;
        else if (row.bespoke_status === 'failed' && row.bespoke_error_code !== '') counted.failed += 1;
      }
      expect(counted.done + counted.failed).toBe(7);
      expect(report).toMatchObject({ rows: 7, ...counted, skipped: 0, cancelled: 0 });
      expect(results[5]).toMatchObject({ bespoke_error_code: 'row-invalid' });
      expect((await readTable(report.failedFile)).rows).toHaveLength(counted.failed);
      expect(await readdir(path.join(path.dirname(report.resultsFile), 'videos'))).toHaveLength(counted.done);
      expect(await brokenFiles()).toEqual([]);

      const healed = await runCsv(open.pipeline, {
        csv,
        folder: deployment.folder,
        out: csv.slice(0, -4),
      });
      // A row that ended without a picture is done again for it.
      const isWhole = results.map((row) => row.bespoke_status === 'done' && row.bespoke_warnings === '');
      expect(await statusesOf(healed)).toEqual(
        isWhole.map((whole, row) => (row === 5 ? 'failed' : whole ? 'skipped' : 'done')),
      );
      expect(await brokenFiles()).toEqual([]);
    },
  );

  it('files that vanish between joining and handing over are made again', async () => {
    afterVideo = async () => {
      afterVideo = undefined;
      await rm(path.join(deployment.folder, 'store', 'videos'), { recursive: true });
    };
    const text = 'id,name\nv-1,Vera\nv-2,Vito\n';
    const { folder } = deployment;
    const report = await runCsv(open.pipeline, { csv: 'vanish.csv', text, folder, out: 'vanish' });
    expect(afterVideo).toBeUndefined();
    expect(await statusesOf(report)).toEqual(['done', 'done']);
    expect(await readdir(path.join(folder, 'vanish', 'videos'))).toEqual(['v-1.mp4', 'v-2.mp4']);
  });
});
