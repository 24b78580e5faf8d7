import path from 'node:path';
import { createHash } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { runBatch } from '../../cli/batch/run-batch.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { cancelCampaign, placeCampaign, placeRender, retryCampaign } from '../../worker/campaigns/place.ts';
import { findCampaign, webhookData, findRender } from '../../worker/campaigns/report.ts';
import { writeCampaignResults } from '../../worker/campaigns/results.ts';
import { openPage } from '../../worker/viewers/viewer-access.ts';
import { openLink } from '../../worker/campaigns/links.ts';
import { planCampaign } from '../../worker/campaigns/plan.ts';
import { ImageBudget } from '../../worker/core/image-resolver.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';
import { untilEnded } from './campaign-bench.ts';
import { withLocalClient } from './local-client.ts';
import { readTable, type Table } from './run-csv.ts';

const terms = { publicUrl: 'https://videos.example.com', linkDays: 30 };
const look = {
  budget: new ImageBudget({ pictures: 0, ms: 0 }),
  signal: new AbortController().signal,
};
const circumstances = { webhookOrigins: [] };

const customers = [
  'Customer ID;First Name;Note',
  'c-1;Anna;"two',
  'lines"',
  'c-2;;nobody',
  'c-3;Zoë;=1+1',
  ';;',
  'c-1;Double;again',
  'c-5;Broken;',
  '../c-6;Anna;" as the first "',
  '',
].join('\r\n');

const fileColumns = ['bespoke_video', 'bespoke_poster', 'bespoke_teaser'] as const;

/** A table with nothing in the cells that hold links or paths but whether they hold any. */
const withoutLinks = ({ header, rows, bom }: Table) => ({
  header,
  bom,
  rows: rows.map((row) => ({
    ...row,
    ...Object.fromEntries(fileColumns.map((column) => [column, row[column] !== ''])),
    // There are no pages where there is no server.
    bespoke_page: undefined,
  })),
});

describe('the results of a campaign', () => {
  let deployment: Deployment;
  let open: OpenPipeline;
  let pipeline: Pipeline;
  let worker: RunningWorker;
  let broken: unknown = 'Broken';

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment('embedded', servers);
    open = await openDeployment(deployment, {
      exchangeParts: (parts) => ({
        ...parts,
        renderer: {
          ...parts.renderer,
          renderClip: async (clip, file, signal, onFrame) => {
            if (clip.inputs.name === broken) throw new BespokeError('scene-failed', 'The scene is broken.');
            return parts.renderer.renderClip(clip, file, signal, onFrame);
          },
        },
      }),
    });
    ({ pipeline } = open);
    worker = await open.startWorker();
  });
  afterAll(async () => {
    await worker.stop('drain');
    await open.close();
    await removeDeployment(deployment);
  });

  async function order(text: string) {
    const file = await pipeline.store.scratch('upload');
    await writeFile(file, text);
    const hash = createHash('sha256').update(text).digest('hex');
    const source = { kind: 'csv', file, hash, fileName: 'customers.csv' } as const;
    const request = { template: 'frame-counter', quality: 'draft', asOf: '2026-01-31', source } as const;
    const placed = await placeCampaign(pipeline, request, circumstances);
    if (placed.outcome !== 'placed') throw new Error(placed.outcome);
    return placed.campaign;
  }

  async function batch(name: string, links?: typeof terms) {
    const csv = path.join(deployment.folder, 'customers.csv');
    await writeFile(csv, customers);
    return withLocalClient(pipeline, (client) =>
      runBatch(
        { client, place: 'here', deployment: deployment.folder },
        {
          csv,
          options: { template: 'frame-counter', format: '16:9', quality: 'draft', asOf: '2026-01-31' },
          out: path.join(deployment.folder, name),
          publicUrl: links?.publicUrl,
        },
        () => undefined,
        new AbortController().signal,
      ),
    );
  }

  async function results(id: string) {
    const written = await writeCampaignResults(pipeline, id, terms);
    if (written === undefined) throw new Error('There is no such campaign.');
    const all = await readTable(written.resultsFile, ';');
    const bad = await readTable(written.failedFile, ';');
    await written.dispose();
    await expect(access(written.resultsFile)).rejects.toThrow('ENOENT');
    return { ...written, all, bad };
  }

  it('are those of the same file on the command line, with links that work in place of paths', async () => {
    const { id } = await order(customers);
    await untilEnded(pipeline, { id });
    // The command line waits for teasers; here they may follow the end.
    await vi.waitFor(async () => expect((await pipeline.campaigns.progress([id]))[0]?.coming).toBe(0), {
      timeout: 60_000,
    });
    const { all, bad, ...counts } = await results(id);
    expect(counts).toMatchObject({ rows: 6, done: 3, failed: 3, skipped: 0, cancelled: 0 });

    const report = await batch('paths');
    const paths = await readTable(report.resultsFile, ';');
    expect(withoutLinks(all)).toEqual(withoutLinks(paths));
    expect(withoutLinks(bad)).toEqual(withoutLinks(await readTable(report.failedFile, ';')));
    expect(paths.rows[0]?.bespoke_video).toBe('videos/c-1.mp4');
    expect(all.rows.map((row) => row.bespoke_error_code)).toEqual([
      ...['', 'row-invalid', '', 'row-duplicate', 'scene-failed', ''],
    ]);

    const tokens = all.rows.flatMap((row) => fileColumns.map((column) => row[column] ?? '')).filter(Boolean);
    expect(new Set(tokens).size).toBe(9);
    for (const [at, token] of tokens.entries()) {
      expect(token).toMatch(/^https:\/\/videos\.example\.com\/f\/[\w-]{44}$/);
      const opened = await openLink(pipeline, token.split('/f/')[1] ?? '', terms);
      expect(opened).toMatchObject({ kind: ['video', 'poster', 'teaser'][at % 3], personal: true });
      if (opened !== undefined) await pipeline.store.fetch(opened.namespace, opened.name);
    }
    expect(paths.rows[0]?.bespoke_page).toBe('');
    const page = all.rows[0]?.bespoke_page ?? '';
    expect(page).toMatch(/^https:\/\/videos\.example\.com\/v\/[\w-]{44}$/);
    expect(await openPage(pipeline, page.split('/v/')[1] ?? '', terms)).toMatchObject({ rights: 'owner' });
  });

  it('are links on the command line too where the public address is known', async () => {
    const report = await batch('links', terms);
    expect(report).toMatchObject({ rows: 6, done: 3, failed: 3 });
    const { rows } = await readTable(report.resultsFile, ';');
    const token = rows[2]?.bespoke_video?.split('/f/')[1] ?? '';
    expect(await openLink(pipeline, token, terms)).toMatchObject({ kind: 'video' });
    const again = await batch('links', terms);
    expect(again).toMatchObject({ done: 0, skipped: 3 });
    const later = (await readTable(again.resultsFile, ';')).rows[2]?.bespoke_video?.split('/f/')[1] ?? '';
    expect(await openLink(pipeline, later, terms)).toMatchObject({ kind: 'video' });
    expect(await openLink(pipeline, token, terms)).toMatchObject({ kind: 'video' });
  });

  it('change where failed rows were made anew, and nowhere else', async () => {
    const { id } = await order(customers);
    await untilEnded(pipeline, { id });
    const before = await results(id);
    broken = undefined;
    expect(await retryCampaign(pipeline, id)).toBe(3);
    const taken = await writeCampaignResults(pipeline, id, terms).catch((error: unknown) => error);
    if (taken instanceof Error) expect(taken).toMatchObject({ code: 'campaign-unfinished' });
    await untilEnded(pipeline, { id });
    const after = await results(id);
    expect(after).toMatchObject({ rows: 6, done: 4, failed: 2 });
    expect(after.all.rows[4]).toMatchObject({ bespoke_status: 'done', 'Customer ID': 'c-5' });
    const others = (table: Table) => table.rows.filter((_, at) => at !== 4);
    expect(others(after.all)).toEqual(others(before.all));
    broken = 'Broken';
  });

  it('have a line for each row of a campaign that was cancelled, and none before it has ended', async () => {
    await worker.stop('drain');
    const { id } = await order(customers);
    await expect(writeCampaignResults(pipeline, id, terms)).rejects.toMatchObject({
      code: 'campaign-unfinished',
    });
    await cancelCampaign(pipeline, 'campaign', id);
    expect((await findCampaign(pipeline, id, terms))?.rows).toMatchObject({ total: 6, cancelled: 6 });
    worker = await open.startWorker();
    await untilEnded(pipeline, { id }, 'cancelled');
    expect(await results(id)).toMatchObject({ rows: 6, cancelled: 6, failed: 0 });
    const other = await order(customers);
    await pipeline.campaigns.fail(other.id, 'csv-columns', 'The template was changed.');
    const { all, bad } = await results(other.id);
    expect(all.rows).toHaveLength(6);
    expect(bad.rows.at(-1)).toMatchObject({
      bespoke_error_code: 'csv-columns',
      bespoke_error: 'The template was changed.',
    });
    expect(await writeCampaignResults(pipeline, 'unknown', terms)).toBeUndefined();
  });

  it('are foretold by a plan, which keeps nothing', async () => {
    const file = path.join(deployment.folder, 'plan.csv');
    await writeFile(file, customers);
    const request = {
      template: 'frame-counter',
      quality: 'draft',
      source: { kind: 'csv', file, hash: 'x', fileName: 'customers.csv' },
    } as const;
    const plan = await planCampaign(pipeline, request, look);
    expect(plan).toMatchObject({
      template: 'frame-counter',
      format: '16:9',
      rows: { good: 4, bad: 2 },
      clips: { distinct: 4, stored: 4, toRender: 0 },
      input: {
        fileName: 'customers.csv',
        delimiter: ';',
        idColumn: 'Customer ID',
        mapping: [{ column: 'First Name', field: 'name' }],
        unusedColumns: ['Note'],
      },
    });
    expect(plan.badRows.map(({ row, code }) => [row, code])).toEqual([
      [2, 'row-invalid'],
      [4, 'row-duplicate'],
    ]);
    expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ scenes: [{ scene: 'intro', distinct: 1 }, {}] });
    expect(await readFile(file, 'utf8')).toBe(customers);
    const rows = [{ name: 'Somebody new' }];
    const json = await planCampaign(pipeline, { ...request, source: { kind: 'rows', rows } }, look);
    expect(json).toMatchObject({ rows: { good: 1, bad: 0 }, clips: { distinct: 2, toRender: 1 } });
  });

  it('and what webhooks tell hold links and codes, and nothing of a record', async () => {
    const record = { name: 'Xanthippe' };
    const placed = await placeRender(
      pipeline,
      { template: 'frame-counter', quality: 'draft', record },
      circumstances,
    );
    if (placed.outcome !== 'placed') throw new Error(placed.outcome);
    const { id } = placed.campaign;
    await untilEnded(pipeline, { id });
    const report = await findRender(pipeline, id, terms);
    const entry = await pipeline.campaigns.find(id);
    if (entry === undefined) throw new Error('There is no such order.');
    const told = await webhookData(pipeline, entry, terms);
    const { video, page } = report?.links ?? {};
    expect(told).toMatchObject({ id, status: { state: 'done' }, links: { video, page } });
    expect(told).not.toHaveProperty('links.self');
    expect(JSON.stringify(told)).not.toContain('Xanthippe');
    expect(await webhookData(pipeline, entry, { ...terms, publicUrl: undefined })).not.toHaveProperty(
      'links',
    );
  });
});
