import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { settleCampaigns } from '../../worker/core/settle.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { renderFiles } from '../../worker/core/renders.ts';
import { decodeFrames } from './decode-video.ts';
import {
  engineColumns,
  newDeployment,
  openDeployment,
  removeDeployment,
  type Deployment,
} from './deployment.ts';
import { placeCampaign, queuePlanning, recordCampaign, statesOf, untilEnded } from './campaign-bench.ts';

/** What tests do to a worker's parts; all of it is empty between tests. */
interface Hooks {
  /** Called when a clip begins to be drawn; the drawing goes on when it resolves. */
  draw?: ((name: unknown, signal: AbortSignal) => Promise<void>) | undefined;
  recorded?: (() => Promise<void>) | undefined;
  /** Called in place of fetching a picture. */
  fetch?: ((signal: AbortSignal) => Promise<never>) | undefined;
}

const csvOf = (...rows: readonly string[]): string => ['id,name', ...rows, ''].join('\n');
const someName = (): string => `N${randomBytes(4).toString('hex')}`;
const webhookUrl = 'https://hooks.example.com/bespoke';

describe.each(engineColumns)('campaigns on %s', (column) => {
  let deployment: Deployment;
  let open: OpenPipeline;
  let pipeline: Pipeline;
  let worker: RunningWorker;
  const hooks: Hooks = {};
  const drawn: unknown[] = [];

  const exchangeParts = (parts: Pipeline): Pipeline => ({
    ...parts,
    renderer: {
      ...parts.renderer,
      renderClip: async (clip, file, signal, onFrame) => {
        const { name } = clip.inputs;
        await hooks.draw?.(name, signal);
        drawn.push(name);
        return parts.renderer.renderClip(clip, file, signal, onFrame);
      },
    },
    imageSource: {
      fetch: (url, scratch, signal) => hooks.fetch?.(signal) ?? parts.imageSource.fetch(url, scratch, signal),
    },
    renders: {
      ...parts.renders,
      record: async (...of) => {
        const wanted = await parts.renders.record(...of);
        await hooks.recorded?.();
        return wanted;
      },
    },
  });

  const eventsOf = async (campaign: string): Promise<readonly string[]> => {
    const { deliveries } = await pipeline.webhooks.list({ order: campaign }, undefined, 10);
    return deliveries.map(({ event }) => event);
  };

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment(column, servers, { concurrency: 2 });
    open = await openDeployment(deployment, { exchangeParts, lookEveryMs: 500 });
    ({ pipeline } = open);
    worker = await open.startWorker();
  });
  afterAll(async () => {
    await worker.stop('drain');
    await open.close();
    await removeDeployment(deployment);
  });

  it('makes one video of one record, under the id of the order', async () => {
    const campaign = await placeCampaign(pipeline, { record: { name: 'Anna' }, webhookUrl });
    const [row, ...others] = await untilEnded(pipeline, campaign);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: campaign.id, row: 1, fileName: campaign.id, personal: true });
    expect(row?.status.state).toBe('done');
    expect(row?.link).toMatch(/^[\w-]{22}$/);
    const file = await pipeline.store.fetch('videos', renderFiles(row?.key ?? '').video);
    expect(await decodeFrames(file, { width: 640, height: 360 })).toHaveLength(33);
    expect(await eventsOf(campaign.id)).toEqual(['render.done']);
  });

  it('fails a record that its template has learnt to refuse', async () => {
    const campaign = await placeCampaign(pipeline, { record: { name: '', nickname: 'A' }, webhookUrl });
    const [row] = await untilEnded(pipeline, campaign);
    expect(row).toMatchObject({ id: campaign.id, status: { state: 'failed', code: 'record-invalid' } });
    expect(await eventsOf(campaign.id)).toEqual(['render.failed']);
  });

  it('draws no further row when the first rows all fail in the same way', async () => {
    let failures = 0;
    hooks.draw = () => {
      failures += 1;
      return Promise.reject(
        errors.sceneFailed({ template: 'frame-counter', scene: 'number', frame: failures, why: 'Odd.' }),
      );
    };
    const csv = csvOf(...Array.from({ length: 60 }, (_, index) => `r${index},${someName()}`));
    const campaign = await placeCampaign(pipeline, { csv, webhookUrl });
    const rows = await untilEnded(pipeline, campaign, 'failed');
    hooks.draw = undefined;
    expect(rows.every(({ status }) => status.state === 'failed')).toBe(true);
    expect(await pipeline.campaigns.find(campaign.id)).toMatchObject({
      status: {
        code: 'campaign-stopped',
        message: expect.stringMatching(
          /^The first 20 rows all fail.*Scene number of frame-counter/,
        ) as string,
      },
    });
    expect(failures).toBeLessThan(40);
    expect(await eventsOf(campaign.id)).toEqual(['campaign.finished']);
  });

  it('makes the good rows of a file and tells the bad ones, each under an id that stays', async () => {
    const name = someName();
    const csv = csvOf(`a,${name}`, 'b,', `c,${name}`, 'a,Twice', `../d,${someName()}`);
    const campaign = await placeCampaign(pipeline, { csv, webhookUrl });
    const rows = await untilEnded(pipeline, campaign);
    expect(statesOf(rows)).toEqual(['done', 'failed', 'done', 'failed', 'done']);
    expect(rows.map(({ status }) => (status.state === 'failed' ? status.code : ''))).toEqual([
      '',
      'row-invalid',
      '',
      'row-duplicate',
      '',
    ]);
    expect(rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
    expect(rows[0]?.fileName).toBe('a');
    expect(rows[4]?.fileName).toMatch(/^d~[0-9a-f]{16}$/);
    for (const { id } of rows) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(5);
    expect(new Set(rows.map(({ link }) => link)).size).toBe(5);
    expect(await eventsOf(campaign.id)).toEqual(['campaign.finished']);

    const again = await placeCampaign(pipeline, { csv });
    const rowsAgain = await untilEnded(pipeline, again);
    expect(statesOf(rowsAgain)).toEqual(statesOf(rows));
    expect(rowsAgain.map(({ id }) => id)).not.toContain(rows[0]?.id);
  });

  it('fails a campaign whose file is gone, as a whole', async () => {
    const campaign = await recordCampaign(pipeline, { csv: csvOf(`a,${someName()}`), webhookUrl });
    if (campaign.source.kind === 'csv') await pipeline.store.remove('inputs', campaign.source.file);
    await queuePlanning(pipeline, campaign);
    expect(await untilEnded(pipeline, campaign, 'failed')).toEqual([]);
    expect(await pipeline.campaigns.find(campaign.id)).toMatchObject({
      status: { code: 'stored-file-missing' },
    });
    expect(await eventsOf(campaign.id)).toEqual(['campaign.finished']);
  });

  it('finds campaigns that nobody queued', async () => {
    const campaign = await recordCampaign(pipeline, { record: { name: 'Anna' } });
    expect(statesOf(await untilEnded(pipeline, campaign))).toEqual(['done']);
  });

  it('draws nothing for a campaign that is cancelled before it is planned', async () => {
    const [first, second] = [someName(), someName()];
    const campaign = await recordCampaign(pipeline, { csv: csvOf(`a,${first}`, `b,${second}`), webhookUrl });
    await pipeline.campaigns.cancel(campaign.id);
    await queuePlanning(pipeline, campaign);
    const rows = await untilEnded(pipeline, campaign, 'cancelled');
    expect(statesOf(rows)).toEqual(['cancelled', 'cancelled']);
    expect(drawn).not.toContain(first);
    expect(await eventsOf(campaign.id)).toEqual(['campaign.finished']);
  });

  it('cancels the rows that are planned after the cancelling', async () => {
    const names = Array.from({ length: 60 }, someName);
    const campaign = await recordCampaign(pipeline, {
      csv: csvOf(...names.map((name, at) => `r${at},${name}`)),
    });
    hooks.recorded = async () => {
      hooks.recorded = undefined;
      await pipeline.campaigns.cancel(campaign.id);
    };
    await queuePlanning(pipeline, campaign);
    const rows = await untilEnded(pipeline, campaign, 'cancelled');
    expect(hooks.recorded).toBeUndefined();
    expect(rows).toHaveLength(60);
    expect(new Set(statesOf(rows))).toEqual(new Set(['cancelled']));
    await sleep(500);
    expect(drawn.filter((name) => names.includes(String(name)))).toEqual([]);
  });

  it('stops waiting for the pictures of campaigns that are cancelled while they are planned', async () => {
    let asked = 0;
    hooks.fetch = (signal) =>
      new Promise((_resolve, reject) => {
        asked += 1;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const photo = 'https://pictures.example/drips.jpg';
    const one = await placeCampaign(pipeline, { template: 'portrait', record: { name: 'Anna', photo } });
    const csv = ['id,name,photo', `a,Ada,${photo}`, 'b,Bo,', ''].join('\n');
    const many = await placeCampaign(pipeline, { template: 'portrait', csv });
    await vi.waitFor(() => expect(asked).toBe(2), { timeout: 10_000 });
    // By the tables alone, as any other process does it.
    await Promise.all([pipeline.campaigns.cancel(one.id), pipeline.campaigns.cancel(many.id)]);
    expect(statesOf(await untilEnded(pipeline, one, 'cancelled'))).toEqual(['cancelled']);
    expect(statesOf(await untilEnded(pipeline, many, 'cancelled'))).toEqual(['cancelled', 'cancelled']);
    hooks.fetch = undefined;
  });

  it('stops drawing what nobody waits for any more, and goes on with what others need', async () => {
    const [shared, own] = [someName(), someName()];
    const begun = new Set<unknown>();
    const given = new Set<unknown>();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    hooks.draw = async (name, signal) => {
      begun.add(name);
      const aborted = new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => {
          given.add(name);
          resolve();
        }),
      );
      await Promise.race([released, aborted]);
    };
    const cancelled = await placeCampaign(pipeline, { csv: csvOf(`a,${shared}`, `b,${own}`) });
    await vi.waitFor(() => expect(begun).toEqual(new Set([shared, own])), { timeout: 10_000 });
    const needed = await placeCampaign(pipeline, { record: { name: shared } });
    await vi.waitFor(async () => expect(await pipeline.renders.find(needed.id)).toMatchObject({ row: 1 }), {
      timeout: 10_000,
    });
    await pipeline.campaigns.cancel(cancelled.id);
    await settleCampaigns(pipeline, [cancelled.id]);
    expect(statesOf(await untilEnded(pipeline, cancelled, 'cancelled'))).toEqual(['cancelled', 'cancelled']);
    await vi.waitFor(() => expect(given).toEqual(new Set([own])), { timeout: 3_000 });
    hooks.draw = undefined;
    release();
    expect(statesOf(await untilEnded(pipeline, needed))).toEqual(['done']);
    expect(given).toEqual(new Set([own]));
    expect(drawn.filter((name) => name === shared)).toHaveLength(1);
  });

  it('makes failed rows again when asked, and only those, and tells each end once', async () => {
    const [good, bad] = [someName(), someName()];
    hooks.draw = (name) =>
      name === bad ? Promise.reject(new BespokeError('scene-failed', 'Broken.')) : Promise.resolve();
    const campaign = await placeCampaign(pipeline, { csv: csvOf(`a,${good}`, `b,${bad}`, 'c,'), webhookUrl });
    const before = await untilEnded(pipeline, campaign);
    expect(statesOf(before)).toEqual(['done', 'failed', 'failed']);
    hooks.draw = undefined;

    expect(await pipeline.campaigns.retry(campaign.id)).toBe(2);
    await queuePlanning(pipeline, campaign);
    const after = await untilEnded(pipeline, campaign);
    expect(statesOf(after)).toEqual(['done', 'done', 'failed']);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    // Its teaser may have come meanwhile.
    expect({ ...after[0], coming: [] }).toEqual({ ...before[0], coming: [] });
    expect(drawn.filter((name) => name === good)).toHaveLength(1);
    expect(await eventsOf(campaign.id)).toEqual(['campaign.finished', 'campaign.finished']);
  });

  it('counts what has happened', async () => {
    const text = await open.metrics.expose();
    const valueOf = (line: string) => Number(text.split(`\n${line} `)[1]?.split('\n')[0]);
    expect(valueOf('bespoke_videos_total{outcome="cancelled"}')).toBeGreaterThanOrEqual(42);
    expect(valueOf('bespoke_videos_total{outcome="failed"}')).toBeGreaterThanOrEqual(6);
    const wanted = (found: string) =>
      valueOf(`bespoke_clips_wanted_total{template="frame-counter",scene="intro",found="${found}"}`);
    expect(wanted('miss')).toBe(1);
    expect(wanted('hit')).toBeGreaterThan(5);
  });

  it('says that all its parts answer', async () => {
    const ok = { ok: true };
    expect(await open.health({ browser: true })).toEqual({
      queue: ok,
      database: ok,
      store: ok,
      browser: ok,
      jobs: ok,
    });
    const { browser, jobs } = await open.health({ browser: false });
    expect([browser, jobs]).toEqual([undefined, undefined]);
  });
});
