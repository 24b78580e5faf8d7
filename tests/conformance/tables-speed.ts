/**
 * Measures what the API and workers ask of the tables most often, on both databases.
 *
 *   npx tsx tests/conformance/tables-speed.ts [rows]
 */
import { sql } from 'drizzle-orm';
import { startTestPostgres } from '../services/postgres-server.ts';
import {
  type TablesBackend,
  clipDraft,
  campaignDraft,
  pgliteTables,
  postgresTables,
  singleRenderDraft,
  renderDraft,
  progressOf,
} from './tables-bench.ts';

const rows = Number(process.argv[2] ?? 10_000);
const made = { bytes: 1, renderMs: 1 };

async function millisecondsOf(run: () => Promise<unknown>, times = 1): Promise<number> {
  const begun = performance.now();
  for (let count = 0; count < times; count += 1) await run();
  return (performance.now() - begun) / times;
}

async function placedPerSecond({ campaigns }: TablesBackend, atOnce: number, total: number): Promise<number> {
  let left = total;
  const milliseconds = await millisecondsOf(() =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (left-- > 0) {
          const campaign = singleRenderDraft();
          await campaigns.place(campaign, { apiKey: 'k', key: campaign.id, fingerprint: 'f' });
        }
      }),
    ),
  );
  return (1000 * total) / milliseconds;
}

async function measure(name: string, db: TablesBackend): Promise<void> {
  const { campaigns, renders, clips } = db;
  const say = (what: string, value: number, unit: string): void => {
    process.stdout.write(`${name.padEnd(11)} ${what.padEnd(52)} ${value.toFixed(2).padStart(9)} ${unit}\n`);
  };

  const nothing = () => db.connection.database.execute(sql`select 1`);
  say('an empty statement, to compare with', await millisecondsOf(nothing, 300), 'ms');
  const campaign = campaignDraft({ rows });
  await campaigns.place(campaign, undefined);
  const drafts = Array.from({ length: rows }, (_, index) =>
    renderDraft(index + 1, ['intro', `plan-${index % 3}`, `own-${index}`]),
  );
  const submitting = await millisecondsOf(async () => {
    for (let from = 0; from < rows; from += 500) {
      const chunk = drafts.slice(from, from + 500);
      const keys = chunk.flatMap(({ plan }) =>
        plan.state === 'planned' ? plan.path.map(({ clip }) => clip) : [],
      );
      await renders.record(
        campaign.id,
        chunk,
        [...new Set(keys)].map((key) => clipDraft(key)),
      );
    }
  });
  say(`submit ${rows} rows`, submitting, 'ms');
  say('planned', await millisecondsOf(() => campaigns.planned(campaign.id)), 'ms');
  const look = async (when: string): Promise<void> => {
    say(`settle, ${when}`, await millisecondsOf(() => campaigns.settle([campaign.id]), 300), 'ms');
    say(`progress, ${when}`, await millisecondsOf(() => progressOf(db, campaign.id), 50), 'ms');
    say(
      `page of 100 failed, ${when}`,
      await millisecondsOf(() => renders.list(campaign.id, 0, 100, ['failed']), 50),
      'ms',
    );
  };
  await look('all open');
  const storing = await millisecondsOf(async () => {
    for (const key of ['intro', 'plan-0', 'plan-1', 'plan-2']) await clips.complete(key, made);
  });
  say('store the 4 clips that all rows share', storing, 'ms');
  const finish = async (from: number, to: number): Promise<number> => {
    const milliseconds = await millisecondsOf(async () => {
      for (let index = from; index < to; index += 1) {
        const { released } = await clips.complete(`own-${index}`, made);
        for (const { id } of released) await campaigns.settle((await renders.complete(id)).over);
      }
    });
    return milliseconds / (to - from);
  };
  const half = Math.floor(rows / 2);
  say('finish a row (clip, render, settle), first half', await finish(0, half), 'ms');
  await look('half open');
  say('finish a row (clip, render, settle), second half', await finish(half, rows - 1), 'ms');
  await look('one open');
  say('finish the last row', await finish(rows - 1, rows), 'ms');
  await look('all ended');
  const state = (await campaigns.find(campaign.id))?.status.state;
  if (state !== 'finished') throw new Error(`The campaign is ${state}.`);
  await placedPerSecond(db, 1, 100);
  say('place with a key, one at a time', await placedPerSecond(db, 1, 1_000), '/s');
  say('place with a key, 8 at a time', await placedPerSecond(db, 8, 2_000), '/s');
}

const server = await startTestPostgres();
try {
  const backends = [
    ['PGlite', () => pgliteTables()],
    ['PostgreSQL', () => postgresTables(server.url)],
  ] as const;
  for (const [name, open] of backends) {
    const db = await open();
    await measure(name, db);
    await db.close();
  }
} finally {
  await server.remove();
}
