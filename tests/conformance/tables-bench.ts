import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import type { DatabaseConnection } from '../../worker/adapters/database/database.ts';
import { connectPgliteTables } from '../../worker/adapters/database/pglite.ts';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import { createRepositories } from '../../worker/compose.ts';
import type { CampaignProgress, NewCampaign, Remake } from '../../worker/core/campaigns.ts';
import type { ClipDraft } from '../../worker/core/clips.ts';
import type { Repositories } from '../../worker/core/pipeline.ts';
import type { Log } from '../../worker/core/ports.ts';
import type { AssemblyPlan, RowPlan, NewRender } from '../../worker/core/renders.ts';
import type { WebhookDelivery } from '../../worker/core/webhooks.ts';
import { openEmptyDatabase } from '../services/shared-cache.ts';
import { silent } from './queue-bench.ts';

/** What joining a video of the tests needs. */
export const assembly: AssemblyPlan = {
  template: 'template',
  sound: { durationInFrames: 60, fps: 30, soundtrack: undefined, sounds: [] },
  captions: [{ fromFrame: 0, toFrame: 30, text: 'For Zoë' }],
  stills: { poster: { step: 0, still: { kind: 'poster', frame: 12 } }, teaser: [], teaserRate: 10 },
};

/** A database of its own, and everything that is kept in one. */
export interface TablesBackend extends Repositories {
  readonly connection: DatabaseConnection;
  /** How many transactions had to be tried again because two of them waited for each other. */
  readonly conflicts: () => number;
  readonly close: () => Promise<void>;
}

export async function pgliteTables(): Promise<TablesBackend> {
  const client = await openEmptyDatabase();
  const connection = await connectPgliteTables(client);
  return {
    ...createRepositories(connection, false),
    connection,
    conflicts: () => 0,
    close: () => client.close(),
  };
}

/** Makes an empty database on a server. @returns its URL. */
export async function newDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

export async function postgresTables(server: string): Promise<TablesBackend> {
  let conflicts = 0;
  const log: Log = {
    ...silent,
    warn: (_message, fields) => {
      if (fields?.['kind'] === 'conflict') conflicts += 1;
    },
  };
  const connection = await connectPostgresTables({ url: await newDatabase(server), log });
  return {
    ...createRepositories(connection, false),
    connection,
    conflicts: () => conflicts,
    close: connection.close,
  };
}

/** Every database that tables are kept in, by name. */
export const tableBackends: readonly (readonly [string, () => Promise<TablesBackend>])[] = [
  ['PGlite', pgliteTables],
  ['PostgreSQL', () => postgresTables(inject('postgresUrl'))],
];

const unique = (): string => randomBytes(8).toString('hex');

export const clipDraft = (key: string, changes: Partial<ClipDraft> = {}): ClipDraft => ({
  key,
  template: 'template',
  scene: 'scene',
  codeHash: 'code',
  inputs: { text: key },
  stills: [],
  format: '16:9',
  fps: 30,
  durationInFrames: 60,
  encoding: { scale: 1, crf: 20, preset: 'veryfast', jpegQuality: 90 },
  personal: false,
  ...changes,
});

export function renderDraft(
  row: number,
  plan: RowPlan | readonly string[],
  changes: Partial<NewRender> = {},
): NewRender {
  return {
    id: unique(),
    row,
    fileName: `row-${row}`,
    priority: 10,
    link: unique(),
    warnings: [],
    plan:
      'state' in plan
        ? plan
        : {
            state: 'planned',
            key: `video-${unique()}`,
            path: plan.map((clip, index) => ({ node: `n${index}`, clip })),
            mix: 'mix',
            assembly,
            durationInFrames: plan.length * 60,
            personal: false,
          },
    ...changes,
  };
}

/** An order of two rows, unless told otherwise. */
export const campaignDraft = (changes: Partial<NewCampaign> = {}): NewCampaign => {
  const id = randomUUID();
  return {
    id,
    template: 'template',
    format: '16:9',
    asOf: '2026-11-24',
    kind: 'campaign',
    quality: 'draft',
    priority: 10,
    source: { kind: 'csv', file: 'f.csv', fileName: 'people.csv', map: [], idColumn: undefined },
    rows: 2,
    webhookUrl: 'https://hooks.example/bespoke',
    metadata: {},
    createdAt: new Date('2026-11-24T10:00:00.123Z'),
    ...changes,
  };
};

/** An order of one record. */
export const singleRenderDraft = (changes: Partial<NewCampaign> = {}): NewCampaign =>
  campaignDraft({ kind: 'render', rows: 1, source: { kind: 'record', record: { name: 'Zoë' } }, ...changes });

/** The campaign of a row that takes another one's place. */
export const remakeDraft = (changes: Partial<Remake> = {}): Remake => {
  const { id, template, format, asOf, quality, priority } = campaignDraft();
  return { id, template, format, asOf, quality, priority, of: unique(), ...changes };
};

/** Places a campaign that nothing else has to do with. */
export async function newCampaign(db: Pick<Repositories, 'campaigns'>): Promise<string> {
  const { id } = campaignDraft();
  await db.campaigns.place(campaignDraft({ id, webhookUrl: undefined }), undefined);
  return id;
}

/** How far one campaign is. */
export async function progressOf(
  { campaigns }: Pick<Repositories, 'campaigns'>,
  id: string,
): Promise<CampaignProgress> {
  const [progress] = await campaigns.progress([id]);
  if (progress === undefined) throw new Error('No progress was returned.');
  return progress;
}

/** All messages that a campaign owes or has sent, oldest first. */
export async function deliveriesOf(
  db: Pick<Repositories, 'webhooks'>,
  campaign: string,
): Promise<readonly WebhookDelivery[]> {
  const { deliveries } = await db.webhooks.list({ order: campaign }, undefined, 100);
  return deliveries.toReversed();
}

/** Clip keys that no other test uses. */
export function keysOf<T extends string>(...names: readonly T[]): Readonly<Record<T, string>> {
  const prefix = unique();
  return Object.fromEntries(names.map((name) => [name, `${prefix}-${name}`])) as Record<T, string>;
}
