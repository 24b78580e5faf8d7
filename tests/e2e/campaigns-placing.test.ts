import { createHash } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import type { CampaignRequest } from '../../worker/campaigns/request.ts';
import { placeCampaign, placeRender, type RenderRequest } from '../../worker/campaigns/place.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';

const webhookOrigins = ['http://localhost:9999'];
const circumstances = { webhookOrigins };
const withKey = (key: string, apiKey = 'k1') => ({ webhookOrigins, idempotency: { apiKey, key } });
const render: RenderRequest = { template: 'frame-counter', record: { name: 'Anna' } };

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BespokeError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

/** No worker runs here: what is placed stays as it was placed. */
describe('placing a campaign', () => {
  let deployment: Deployment;
  let open: OpenPipeline;
  let pipeline: Pipeline;

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment('embedded', servers);
    open = await openDeployment(deployment);
    ({ pipeline } = open);
  });
  afterAll(async () => {
    await open.close();
    await removeDeployment(deployment);
  });

  const waiting = async (job: 'plan-render' | 'plan-campaign') => (await pipeline.queue.depth())[job].waiting;
  const ordersOf = async (kind: 'render' | 'campaign') =>
    (await pipeline.campaigns.list(kind, undefined, 100)).campaigns;

  async function uploadOf(text: string, fileName = 'customers.csv') {
    const file = await pipeline.store.scratch('upload');
    await writeFile(file, text);
    return { kind: 'csv', file, hash: createHash('sha256').update(text).digest('hex'), fileName } as const;
  }
  const campaign = async (
    text: string,
    changes: Partial<CampaignRequest> = {},
  ): Promise<CampaignRequest> => ({
    template: 'frame-counter',
    source: await uploadOf(text),
    ...changes,
  });

  describe('of one video', () => {
    it('records it and queues its planning', async () => {
      const before = await waiting('plan-render');
      const placed = await placeRender(
        pipeline,
        { ...render, metadata: { crm: '7' }, webhookUrl: 'https://hooks.example.com/x', priority: 'urgent' },
        circumstances,
      );
      expect(placed).toMatchObject({
        outcome: 'placed',
        campaign: {
          kind: 'render',
          template: 'frame-counter',
          format: '16:9',
          quality: 'standard',
          priority: 0,
          asOf: new Date().toISOString().slice(0, 10),
          source: { kind: 'record', record: { name: 'Anna' } },
          rows: 1,
          metadata: { crm: '7' },
          webhookUrl: 'https://hooks.example.com/x',
          status: { state: 'planning' },
          cancelling: false,
        },
      });
      expect(await waiting('plan-render')).toBe(before + 1);
    });

    it('refuses what cannot be made, naming all that is wrong, and records nothing', async () => {
      const before = await ordersOf('render');
      const queued = await waiting('plan-render');
      const place = (changes: Partial<RenderRequest>) =>
        placeRender(pipeline, { ...render, ...changes }, circumstances);
      expect(await codeOf(place({ template: 'frame-countr' }))).toBe(
        'template-unknown: No template is called "frame-countr". Did you mean "frame-counter"?',
      );
      expect(await codeOf(place({ format: '9:16' }))).toContain(
        'request-invalid: Template frame-counter does not support 9:16',
      );
      expect(await codeOf(place({ webhookUrl: 'http://hooks.example.com/' }))).toContain(
        'webhook-target-refused',
      );
      expect(await codeOf(place({ webhookUrl: 'https://127.0.0.1/' }))).toContain('webhook-target-refused');
      expect(await codeOf(place({ webhookUrl: 'http://localhost:9999/x' }))).toBe('accepted');

      const issuesOf = async (record: RenderRequest['record']) => {
        const outcome = await place({ record });
        if (outcome.outcome !== 'invalid') throw new Error(`The record was ${outcome.outcome}.`);
        return outcome.issues.map(({ field, message }) => `${field}: ${message}`);
      };
      expect(await issuesOf({ name: '', nmae: 'Anna' })).toEqual([
        'name: Field "name" is empty; write a value such as Anna.',
        'nmae: There is no field "nmae". Did you mean "name"?',
      ]);
      expect(await issuesOf({ name: 'A\u{F0000}' })).toEqual([
        expect.stringContaining('no bundled font can draw'),
      ]);
      let deep: unknown = 'x';
      for (let level = 0; level < 20_000; level += 1) deep = [deep];
      expect(await issuesOf({ name: deep })).toEqual([expect.stringContaining('is not text')]);
      expect(await ordersOf('render')).toHaveLength(before.length + 1);
      expect(await waiting('plan-render')).toBe(queued + 1);
    });

    it('answers a repeated request with the first order, and refuses another one with its key', async () => {
      const first = await placeRender(pipeline, render, withKey('a'));
      const again = await placeRender(
        pipeline,
        { record: { name: 'Anna' }, template: render.template },
        withKey('a'),
      );
      if (first.outcome !== 'placed' || again.outcome !== 'repeated') throw new Error(again.outcome);
      expect(again.campaign.id).toBe(first.campaign.id);
      const other = { ...render, record: { name: 'Bo' } };
      expect(await placeRender(pipeline, other, withKey('a'))).toEqual({ outcome: 'conflict' });
      expect((await placeRender(pipeline, other, withKey('a', 'k2'))).outcome).toBe('placed');
      const fingerprints = await Promise.all(
        Array.from({ length: 8 }, () => placeRender(pipeline, render, withKey('at once'))),
      );
      const ids = new Set(fingerprints.map((each) => ('campaign' in each ? each.campaign.id : each.outcome)));
      expect(ids.size).toBe(1);
      expect(fingerprints.filter(({ outcome }) => outcome === 'placed')).toHaveLength(1);
    });

    it('stands although the queue does not answer, and does not keep the client waiting', async () => {
      const queue = { ...pipeline.queue, add: () => new Promise<never>(() => undefined) };
      const begun = performance.now();
      const placed = await placeRender({ ...pipeline, queue }, render, circumstances);
      expect(performance.now() - begun).toBeLessThan(4_000);
      if (placed.outcome !== 'placed') throw new Error(placed.outcome);
      expect(await pipeline.campaigns.find(placed.campaign.id)).toMatchObject({
        status: { state: 'planning' },
      });

      const refusing = {
        ...pipeline.queue,
        add: () => Promise.reject(new BespokeError('redis-away', 'Away.')),
      };
      expect((await placeRender({ ...pipeline, queue: refusing }, render, circumstances)).outcome).toBe(
        'placed',
      );
    });
  });

  describe('of a file of rows', () => {
    it('counts its rows, keeps it by its content and queues its planning', async () => {
      const text = 'id;First Name\n1;Anna\n\n2;\n1;Bo\n;\n';
      const before = await waiting('plan-campaign');
      const request = await campaign(text, {
        map: [{ column: 'First Name', field: 'name' }],
        idColumn: 'id',
      });
      const placed = await placeCampaign(pipeline, request, circumstances);
      if (placed.outcome !== 'placed' || request.source.kind !== 'csv') throw new Error(placed.outcome);
      const { hash, file } = request.source;
      expect(placed.campaign).toMatchObject({
        kind: 'campaign',
        rows: 3,
        priority: 10,
        source: {
          kind: 'csv',
          file: `${hash}.csv`,
          fileName: 'customers.csv',
          map: [{ column: 'First Name', field: 'name' }],
          idColumn: 'id',
        },
      });
      expect(await readFile(await pipeline.store.fetch('inputs', `${hash}.csv`), 'utf8')).toBe(text);
      await expect(access(file)).rejects.toThrow('ENOENT');
      expect(await waiting('plan-campaign')).toBe(before + 1);
    });

    it('refuses a file that cannot be used as a whole, by the name its owner gave, and records nothing', async () => {
      const before = await ordersOf('campaign');
      const place = async (text: string, changes: Partial<CampaignRequest> = {}) =>
        codeOf(placeCampaign(pipeline, await campaign(text, changes), circumstances));
      expect(await place('')).toBe('csv-empty: customers.csv is empty.');
      expect(await place('PK\u0003\u0004')).toContain('csv-not-text: customers.csv is a ZIP archive');
      expect(await place('id,city\n1,Lisbon\n')).toContain('csv-columns: No column was found for "name"');
      const swallowed = `id,name\n${'1,Anna\n'.repeat(3000)}2,"Bo\n3,Cy\n`;
      expect(await place(swallowed)).toContain('csv-quotes: In customers.csv a quote opens in the row');
      expect(await place('id,name\n1,Anna\n', { idColumn: 'nr' })).toContain('csv-columns');
      expect(await place('id,name\n1,Anna\n', { template: 'x' })).toContain('template-unknown');
      expect(await place('id,name\n1,Anna\n', { format: '1:1' })).toContain('request-invalid');
      expect(await place('id,name\n1,Anna\n', { webhookUrl: 'ftp://x' })).toContain('webhook-target-refused');
      expect(await ordersOf('campaign')).toEqual(before);
    });

    it('takes JSON rows as the file that they might have been', async () => {
      const rows = [{ id: 'a', Name: 'Anna' }, { id: 'b' }, { id: 'c', Name: 7, extra: true }];
      const placed = await placeCampaign(
        pipeline,
        { template: 'frame-counter', source: { kind: 'rows', rows } },
        withKey('rows'),
      );
      if (placed.outcome !== 'placed' || placed.campaign.source.kind !== 'csv')
        throw new Error(placed.outcome);
      expect(placed.campaign.rows).toBe(3);
      const stored = await readFile(
        await pipeline.store.fetch('inputs', placed.campaign.source.file),
        'utf8',
      );
      expect(stored).toBe('\uFEFFsep=,\r\nid,Name,extra\r\na,Anna,\r\nb,,\r\nc,7,true\r\n');
      const source = { kind: 'rows', rows: rows.slice(1) } as const;
      expect(
        await placeCampaign(pipeline, { template: 'frame-counter', source }, withKey('rows')),
      ).toMatchObject({
        outcome: 'conflict',
      });
      expect(
        await codeOf(
          placeCampaign(
            pipeline,
            { template: 'frame-counter', source: { kind: 'rows', rows: [{ name: 'A' }, 3] } },
            circumstances,
          ),
        ),
      ).toBe('request-invalid: Row 2 is not an object of column names and values.');
    });

    it('answers a repeated upload with the first order, whatever the file is called then', async () => {
      const text = 'id,name\n1,Anna\n';
      const first = await placeCampaign(pipeline, await campaign(text), withKey('file'));
      const source = await uploadOf(text, 'customers (1).csv');
      const again = await placeCampaign(pipeline, await campaign(text, { source }), withKey('file'));
      if (first.outcome !== 'placed' || again.outcome !== 'repeated') throw new Error(again.outcome);
      expect(again.campaign.id).toBe(first.campaign.id);
      const asOf = '2026-01-31';
      expect((await placeCampaign(pipeline, await campaign(text, { asOf }), withKey('file'))).outcome).toBe(
        'conflict',
      );
    });
  });
});
