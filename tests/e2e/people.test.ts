import path from 'node:path';
import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { writeCampaignResults } from '../../worker/campaigns/results.ts';
import { placeCampaign, placeRender } from '../../worker/campaigns/place.ts';
import { erasePerson, unsuppressPerson } from '../../worker/people/erase-person.ts';
import { takeConversions } from '../../worker/measurement/take-conversions.ts';
import { exportPerson } from '../../worker/people/export-person.ts';
import {
  engineColumns,
  newDeployment,
  openDeployment,
  removeDeployment,
  type Deployment,
} from './deployment.ts';
import { placeCampaign as orderCampaign, untilEnded } from './campaign-bench.ts';
import { readTable, runCsv } from './run-csv.ts';
import { searchEverywhere } from './search-everywhere.ts';
import { stubParts } from './stub-parts.ts';

const name = 'Zaphodine';
const customerId = 'cust Beeblebrox/42';
/** What must be found nowhere: the name, the id, and the id as files are called after it. */
const marks = [name, 'Beeblebrox'];

const rows = [
  'customer_id,first_name',
  `${customerId},${name}`,
  'c-1,Anna',
  'c-2,Anna',
  `${customerId},${name} again`,
  'c-3,Bo',
].join('\n');
const terms = { publicUrl: 'https://video.test', linkDays: 365 };
const webhookOrigins = ['http://127.0.0.1:1'];

const nothing = (): Promise<void> => Promise.resolve();

/** Parts that write down whom they show, and pictures that come from nowhere. */
function markedParts(pipeline: Pipeline): Pipeline {
  return {
    ...stubParts({ draw: nothing, assemble: nothing })(pipeline),
    imageSource: {
      fetch: async (url, scratch) => {
        await writeFile(scratch, `picture of ${url}`);
        return { ok: true, hash: createHash('sha256').update(url).digest('hex'), file: scratch };
      },
    },
  };
}

describe.each(engineColumns)('a person, on %s', (column) => {
  let deployment: Deployment;
  let open: OpenPipeline;
  let pipeline: Pipeline;
  let worker: RunningWorker;
  const lines: string[] = [];
  const note = (message: string, fields: object = {}): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);

  async function start(): Promise<void> {
    open = await openDeployment(deployment, {
      exchangeParts: markedParts,
      log: { debug: note, info: note, warn: note },
      lookEveryMs: 300,
    });
    ({ pipeline } = open);
    worker = await open.startWorker();
  }
  async function stop(): Promise<void> {
    await worker.stop('abort');
    await open.close();
  }

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment(column, servers, { webhookOrigins });
    await start();
  });
  afterAll(async () => {
    await stop();
    await removeDeployment(deployment);
  });

  /** What is left of the marked person, searched while nothing runs. */
  async function search(): Promise<readonly string[]> {
    await stop();
    const found = await searchEverywhere(deployment, marks);
    await start();
    const told = lines.filter((line) => marks.some((mark) => line.includes(mark)));
    return [...found, ...told.map((line) => `logged: ${line}`)];
  }

  async function placeRows(text = rows, limit?: number) {
    const file = await pipeline.store.scratch('upload');
    await writeFile(file, text);
    const placed = await placeCampaign(
      pipeline,
      {
        template: 'frame-counter',
        quality: 'draft',
        limit,
        source: {
          kind: 'csv',
          file,
          hash: createHash('sha256').update(text).digest('hex'),
          fileName: 'c.csv',
        },
      },
      { webhookOrigins },
    );
    if (placed.outcome !== 'placed') throw new Error(placed.outcome);
    return placed.campaign;
  }
  async function placePortrait(idempotencyKey: string) {
    const placed = await placeRender(
      pipeline,
      {
        template: 'portrait',
        quality: 'draft',
        record: { name, photo: `https://pictures.example/${name}.jpg` },
        customerId: ` ${customerId} `,
        metadata: { ticket: `for ${customerId}` },
        webhookUrl: `http://127.0.0.1:1/hooks?of=${name}`,
      },
      { webhookOrigins, idempotency: { apiKey: 'k', key: idempotencyKey } },
    );
    if (placed.outcome !== 'placed') throw new Error(placed.outcome);
    return placed.campaign;
  }
  const statesOf = async (campaign: { readonly id: string }) =>
    (await untilEnded(pipeline, campaign)).map(({ status }) =>
      status.state === 'skipped' ? status.reason : status.state,
    );
  async function filesOn(shelf: 'clips' | 'inputs'): Promise<number> {
    const folder = path.join(deployment.folder, 'store', shelf);
    return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
      .length;
  }

  it('is exported, erased without a trace, kept from coming back, and may come back by their own wish', async () => {
    const campaign = await placeRows();
    const portrait = await placePortrait(`portrait of ${name}`);
    expect(await statesOf(campaign)).toEqual(['done', 'done', 'done', 'failed', 'done']);
    expect(await statesOf(portrait)).toEqual(['done']);
    const did = {
      customerId,
      name: 'renewed',
      at: new Date('2024-11-24T10:00:00Z'),
      key: `order of ${name}`,
    };
    const taken = await takeConversions(pipeline, [did, { ...did, key: undefined }]);
    expect(taken).toEqual({ outcome: 'taken', accepted: 2, repeated: 0 });
    const batch = await runCsv(pipeline, { csv: 'own.csv', text: rows, folder: deployment.folder });
    expect(batch).toMatchObject({ done: 4, failed: 1 });

    const before = await search();
    for (const place of ['bespoke.render', 'bespoke.clip', 'bespoke.campaign', 'bespoke.idempotency']) {
      expect(
        before.some((line) => line.includes(`in table ${place}`)),
        place,
      ).toBe(true);
    }
    for (const shelf of ['clips', 'inputs', 'images', 'captions']) {
      expect(
        before.some((line) => line.includes(`/store/${shelf}/`)),
        shelf,
      ).toBe(true);
    }

    const exported = await exportPerson(pipeline, { customerId }, terms);
    expect(exported.videos).toHaveLength(5);
    expect(exported.conversions).toMatchObject([{ name: 'renewed' }, { name: 'renewed' }]);
    expect(exported.videos.find(({ order, row }) => order === campaign.id && row === 1)).toMatchObject({
      state: 'done',
      record: { customer_id: customerId, first_name: name },
      scenes: [
        { scene: 'intro', personal: false },
        { scene: 'number', inputs: { name }, personal: true },
      ],
      links: { video: expect.stringMatching(/^https:\/\/video\.test\/f\//) as string },
    });
    expect(exported.videos.find(({ order }) => order === portrait.id)).toMatchObject({
      record: { name },
      metadata: { ticket: `for ${customerId}` },
    });

    const clips = await filesOn('clips');
    const receipt = await erasePerson(pipeline, { customerId });
    expect(receipt).toMatchObject({
      barred: true,
      unreadInputs: 0,
      removed: {
        videos: 5,
        records: 1,
        inputRows: 4,
        clips: 2,
        idempotencyKeys: 1,
        webhooks: 1,
        conversions: 2,
      },
    });
    expect(await search()).toEqual([]);
    expect(JSON.stringify(receipt)).not.toMatch(/Zaphod|Beeble/);

    expect(await statesOf(campaign)).toEqual(['erased', 'done', 'done', 'erased', 'done']);
    expect(await statesOf(portrait)).toEqual(['erased']);
    expect(await filesOn('clips')).toBe(clips - 2);
    expect(await filesOn('inputs')).toBe(1);
    expect((await exportPerson(pipeline, { customerId }, terms)).videos).toEqual([]);
    expect(await takeConversions(pipeline, [did])).toEqual({ outcome: 'taken', accepted: 1, repeated: 0 });
    expect((await exportPerson(pipeline, { customerId }, terms)).conversions).toEqual([]);
    const nobody = await erasePerson(pipeline, { customerId });
    expect(nobody.removed).toMatchObject({ videos: 0, files: 0, inputRows: 0 });

    const results = await writeCampaignResults(pipeline, campaign.id, terms);
    expect(results).toMatchObject({ rows: 5, done: 3, skipped: 2, erased: 2, failed: 0 });
    const table = await readTable(results?.resultsFile ?? '');
    expect(table.rows[0]).toMatchObject({
      customer_id: 'erased',
      first_name: '',
      bespoke_status: 'skipped',
      bespoke_error_code: 'person-erased',
      bespoke_video: '',
    });
    expect(table.rows[1]).toMatchObject({ customer_id: 'c-1', first_name: 'Anna', bespoke_status: 'done' });
    await results?.dispose();

    const again = await placeRows();
    const barred = await placePortrait(`portrait of nobody`);
    expect(await statesOf(again)).toEqual(['erased', 'done', 'done', 'erased', 'done']);
    expect(await statesOf(barred)).toEqual(['erased']);
    const rerun = await runCsv(pipeline, { csv: 'own.csv', folder: deployment.folder });
    expect(rerun).toMatchObject({ done: 0, skipped: 5, erased: 2, failed: 0 });
    expect(await search()).toEqual([]);

    expect(await unsuppressPerson(pipeline, customerId)).toBe(true);
    expect(await statesOf(await placeRows())).toEqual(['done', 'done', 'done', 'failed', 'done']);
  });

  it('is erased all the same when it broke off in the middle, at whatever step', async () => {
    await erasePerson(pipeline, { customerId });
    const steps = ['suppress', 'exchangeSource', 'erase', 'removals', 'removed'] as const;
    const people = steps.flatMap((step) => [`before-${step}`, `after-${step}`]);
    const lines = people.map((id) => `Beeblebrox-${id},${name} ${id}`);
    const campaign = await placeRows(['customer_id,first_name', ...lines].join('\n'));
    await statesOf(campaign);
    for (const step of steps) {
      for (const when of ['before', 'after'] as const) {
        const killed = (): never => {
          throw new Error('killed');
        };
        const dying: Pipeline = {
          ...pipeline,
          people: {
            ...pipeline.people,
            [step]: async (...given: readonly never[]) => {
              if (when === 'after')
                await (pipeline.people[step] as (...all: readonly never[]) => unknown)(...given);
              killed();
            },
          },
        };
        const theirs = { customerId: `Beeblebrox-${when}-${step}` };
        const ended = await erasePerson(dying, theirs).then(
          () => 'went on',
          (error: unknown) => String(error),
        );
        // Whose answer is lost finds the file exchanged, and goes on.
        const goesOn = when === 'after' && step === 'exchangeSource';
        expect(ended, `${when} ${step}`).toBe(goesOn ? 'went on' : 'Error: killed');
        await erasePerson(pipeline, theirs);
      }
    }
    expect(await search()).toEqual([]);
    expect(await statesOf(campaign)).toEqual(people.map(() => 'erased'));
  });

  it('is not kept where only the first rows of a file are read', async () => {
    const first = await placeRows(`customer_id,first_name\nc-7,Cy\nc-8,Di\n${customerId},${name}\n`, 1);
    expect(await statesOf(first)).toEqual(['done']);
    await erasePerson(pipeline, { customerId });
    expect(await search()).toEqual([]);
    const results = await writeCampaignResults(pipeline, first.id, terms);
    expect((await readTable(results?.resultsFile ?? '')).rows).toMatchObject([
      { customer_id: 'c-7', first_name: 'Cy', bespoke_status: 'done' },
    ]);
    await results?.dispose();
  });

  it('is not kept in the file of a campaign that could not be planned, be it ordered later', async () => {
    await erasePerson(pipeline, { customerId });
    const csv = `customer_id,first_name\n${customerId},${name}\nc-9,Ed\n`;
    const campaign = await orderCampaign(pipeline, { template: 'removed-since', csv });
    await untilEnded(pipeline, campaign, 'failed');
    await expect
      .poll(async () => (await pipeline.campaigns.find(campaign.id))?.source)
      .toMatchObject({ erasedRows: [1] });
    expect(await search()).toEqual([]);
  });

  it('leaves the clip of somebody of the same name alone, until they go too', async () => {
    await statesOf(await placeRows());
    const clips = await filesOn('clips');
    expect((await erasePerson(pipeline, { customerId: 'c-1' })).removed.clips).toBe(0);
    expect(await filesOn('clips')).toBe(clips);
    expect((await erasePerson(pipeline, { customerId: 'c-2' })).removed.clips).toBe(1);
    expect(await filesOn('clips')).toBe(clips - 1);
  });
});
