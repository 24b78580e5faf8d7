import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { decodeFrames } from '../e2e/decode-video.ts';
import { engineColumns, newDeployment, removeDeployment, type Deployment } from '../e2e/deployment.ts';
import { readTable } from '../e2e/run-csv.ts';
import { clipsOf, startChild, type Child } from './child.ts';
import { shelvedClips, watchForBrokenFiles } from './shelves.ts';

const names = ['Ada', 'Bela', 'Cyrus', 'Dora', 'Emil', 'Frieda', 'Gus', 'Hanna', 'Ivo', 'Jana', 'Kim', 'Lea'];

/** Waits for the moment of a kill. */
type Moment = (child: Child) => Promise<void>;

const within = (ms: number): Promise<void> => sleep(Math.random() * ms);

const afterStored =
  (count: number): Moment =>
  async (child) => {
    await child.until(() => clipsOf(child, 'stored').length >= count);
    await within(250);
  };

const moments: Readonly<Record<string, Moment>> = {
  'while it opens': () => within(2_000),
  'while the first clip is drawn': async (child) => {
    await child.until(() => clipsOf(child, 'render').length > 0);
    await within(500);
  },
  'after a clip or two': afterStored(1),
  'while clips are drawn and videos joined': afterStored(3),
};

describe.each(engineColumns)('kill -9 on %s', (column) => {
  let deployment: Deployment;

  beforeEach(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment(column, servers, { concurrency: 2 });
  });
  afterEach(() => removeDeployment(deployment));

  it('loses nothing, renders nothing stored again, leaves no half file and no process', async () => {
    const { folder } = deployment;
    const rows = names.map((name, index) => `k-${index},${name}`);
    await writeFile(path.join(folder, 'a.csv'), ['id,name', ...rows, 'k-x,', ''].join('\n'));
    const brokenFiles = watchForBrokenFiles(deployment);
    let stored: Awaited<ReturnType<typeof shelvedClips>> = new Map();
    for (const [when, moment] of Object.entries(moments)) {
      const child = startChild(deployment, 'a.csv');
      await moment(child);
      child.kill('SIGKILL');
      await child.ended;
      expect(await child.survivors(5_000), when).toEqual([]);
      expect(await brokenFiles(), when).toEqual([]);
      expect(
        clipsOf(child, 'render').filter((clip) => stored.has(clip)),
        `rendered again, having been stored before a kill ${when}`,
      ).toEqual([]);
      const now = await shelvedClips(deployment);
      for (const [clip, file] of stored) expect(now.get(clip), when).toEqual(file);
      stored = now;
    }

    const last = startChild(deployment, 'a.csv');
    await last.ended;
    expect(last.events.at(-1)).toEqual({
      type: 'report',
      rows: names.length + 1,
      done: names.length,
      failed: 1,
      skipped: 0,
      cancelled: 0,
    });
    expect(clipsOf(last, 'render').filter((clip) => stored.has(clip))).toEqual([]);
    expect(await last.survivors(5_000)).toEqual([]);
    const now = await shelvedClips(deployment);
    expect(now.size).toBe(names.length + 1);
    for (const [clip, file] of stored) expect(now.get(clip)).toEqual(file);
    expect(await brokenFiles()).toEqual([]);

    const { rows: results } = await readTable(path.join(folder, 'out', 'results.csv'));
    expect(results.map((row) => row.bespoke_status)).toEqual([...names.map(() => 'done'), 'failed']);
    for (const { bespoke_video: video = '' } of results.slice(0, -1)) {
      const frames = await decodeFrames(path.join(folder, 'out', video), { width: 640, height: 360 });
      expect(frames).toHaveLength(33);
    }
    const left = await readdir(path.join(folder, 'store', 'scratch'));
    expect(left.length, 'scratch of dead processes is swept').toBeLessThanOrEqual(1);
  });
});
