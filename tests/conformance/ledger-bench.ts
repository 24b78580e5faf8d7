import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { DatabaseConnection } from '../../worker/adapters/database/database.ts';
import { createLedger } from '../../worker/adapters/database/ledger.ts';
import { connectPgliteTables } from '../../worker/adapters/database/pglite.ts';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import type { ClipDraft, Ledger, RowPlan, VideoDraft } from '../../worker/core/ledger.ts';
import type { Log } from '../../worker/core/ports.ts';
import { openEmptyDatabase } from '../services/shared-cache.ts';
import { silent } from './queue-bench.ts';

/** A database of its own, and ledgers that share it. */
export interface LedgerBackend {
  readonly connection: DatabaseConnection;
  readonly ledger: Ledger;
  /** How many transactions had to be tried again because two of them waited for each other. */
  readonly conflicts: () => number;
  readonly close: () => Promise<void>;
}

export async function pgliteLedgers(): Promise<LedgerBackend> {
  const client = await openEmptyDatabase();
  const connection = await connectPgliteTables(client);
  return {
    connection,
    ledger: createLedger(connection),
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

export async function postgresLedgers(server: string): Promise<LedgerBackend> {
  let conflicts = 0;
  const log: Log = {
    ...silent,
    warn: (_message, fields) => {
      if (fields?.['kind'] === 'conflict') conflicts += 1;
    },
  };
  const connection = await connectPostgresTables({ url: await newDatabase(server), log });
  const ledger = createLedger(connection);
  return { connection, ledger, conflicts: () => conflicts, close: () => ledger.close() };
}

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

export function videoDraft(
  row: number,
  plan: RowPlan | readonly string[],
  changes: Partial<VideoDraft> = {},
): VideoDraft {
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
            durationInFrames: plan.length * 60,
            personal: false,
          },
    ...changes,
  };
}

/** Opens a campaign that nothing else has to do with. */
export async function newCampaign(ledger: Ledger): Promise<string> {
  const { campaign } = await ledger.openCampaign({
    id: unique(),
    identity: unique(),
    template: 'template',
    format: '16:9',
    asOf: '2026-11-22',
  });
  return campaign.id;
}

/** Clip keys that no other test uses. */
export function keysOf<T extends string>(...names: readonly T[]): Readonly<Record<T, string>> {
  const prefix = unique();
  return Object.fromEntries(names.map((name) => [name, `${prefix}-${name}`])) as Record<T, string>;
}
