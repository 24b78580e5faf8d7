/**
 * Measures what conversions cost in the tables of PostgreSQL: keeping them, and reading those of a large campaign.
 *
 *   npx tsx tests/conformance/conversions-speed.ts [people]
 */
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Conversion } from '../../worker/core/conversions.ts';
import { startTestPostgres } from '../services/postgres-server.ts';
import { millisecondsOf, say } from './speed.ts';
import { campaignDraft, postgresTables, renderDraft } from './tables-bench.ts';

const people = Number(process.argv[2] ?? 100_000);

/** As `md5(n::text)` of the database, doubled to the length of an HMAC. */
const personOf = (n: number): string => createHash('md5').update(String(n)).digest('hex').repeat(2);

const server = await startTestPostgres();
try {
  const db = await postgresTables(server.url);
  const { database } = db.connection;
  const start = new Date('2024-11-24T10:00:00Z');
  const draft = campaignDraft({ rows: people, webhookUrl: undefined, createdAt: start });
  await db.campaigns.place(draft, undefined);
  await db.renders.record(draft.id, [renderDraft(1, [], { person: personOf(1) })], []);
  await database.execute(sql`update bespoke.render set state = 'done' where campaign = ${draft.id}`);
  await database.execute(
    sql`insert into bespoke.render (id, campaign, row, file_name, priority, path, duration_in_frames, person,
          personal, warnings, state, clips_left, clips_rendered, clips_reused)
        select gen_random_uuid()::text, campaign, n, 'row-' || n, priority, path, duration_in_frames,
          repeat(md5(n::text), 2), personal, warnings, state, 0, 0, 0
        from bespoke.render, generate_series(2, ${people}) n where campaign = ${draft.id}`,
  );

  /** One of a hundred customers of the campaign, and as many others. */
  const list = (from: number): readonly Conversion[] =>
    Array.from({ length: 1_000 }, (_, index) => ({
      key: `key-${from + index}`,
      person: personOf((from + index) * 50),
      render: undefined,
      name: 'renewed',
      value: 49.9,
      currency: 'EUR',
      at: new Date(start.getTime() + 60_000 * (from + index)),
    }));
  const conversions = Math.max(1_000, Math.floor(people / 25));
  const adding = await millisecondsOf(async () => {
    for (let from = 1; from <= conversions; from += 1_000) await db.conversions.add(list(from));
  });
  say(`keep ${conversions} conversions, 1,000 at a time`, (1000 * conversions) / adding, '/s');
  say('the same 1,000 again', await millisecondsOf(() => db.conversions.add(list(1))), 'ms');
  await database.execute(sql`analyze bespoke.render`);
  await database.execute(sql`analyze bespoke.conversion`);

  const read = () => db.conversions.conversionsOf(draft.id, 90);
  const [group] = (await read()).groups;
  if (group?.people !== people) throw new Error(`${group?.people ?? 0} of ${people} people were read.`);
  const did = group.converted.get('renewed') ?? 0;
  say(`read what ${people} people did (${did} did something)`, await millisecondsOf(read), 'ms');
  await db.close();
} finally {
  await server.remove();
}
