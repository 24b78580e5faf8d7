/**
 * Measures what events of viewers cost in the tables of PostgreSQL: keeping them, adding them up, and reading a report.
 *
 *   npx tsx tests/conformance/viewer-events-speed.ts [people] [times]
 *
 * With `times`, the campaign is then copied within the tables so often, counted, and its report is read again.
 */
import { max, sql } from 'drizzle-orm';
import pMap from 'p-map';
import { compareGroups } from '../../worker/measurement/comparison.ts';
import { pageView } from '../../worker/adapters/database/measurement-schema.ts';
import { bringUpToDate, readWatching } from '../../worker/measurement/campaign-watching.ts';
import { startTestPostgres } from '../services/postgres-server.ts';
import { reportsOf, sendTo, sessionOf, simulatePeople } from './simulated-people.ts';
import { millisecondsOf, say } from './speed.ts';
import { postgresTables, type TablesBackend } from './tables-bench.ts';

const people = Number(process.argv[2] ?? 100_000);
const times = Number(process.argv[3] ?? 1);

/** Copies a campaign's renders, viewers, pages and events within itself; figures are multiplied. */
async function copyWithin({ connection: { database } }: TablesBackend, campaign: string): Promise<void> {
  const run = (statement: string) => database.execute(sql.raw(statement));
  const copy = (table: string, changed: string) =>
    run(
      `insert into bespoke.${table}
       select (jsonb_populate_record(t, jsonb_build_object(${changed}))).*
       from bespoke.${table} t where t.campaign = '${campaign}' and t.${table === 'render' ? 'id' : 'session'} not like '%~%'`,
    );
  const [newest] = await database.select({ last: max(pageView.number) }).from(pageView);
  const last = newest?.last ?? 0;
  for (let k = 1; k < times; k += 1) {
    await copy(
      'render',
      `'id', t.id || '~${k}', 'row', t.row + ${k * people}, 'link', md5(t.link || ${k}), 'person', repeat(md5(t.person || ${k}), 2)`,
    );
    await copy('viewer', `'session', t.session || '~${k}', 'render', t.render || '~${k}'`);
    await run(
      `insert into bespoke.page_view (number, viewer, page, opened_at, device)
       select number + ${k * last}, viewer || '~${k}', page, opened_at, device
       from bespoke.page_view where number <= ${last}`,
    );
    for (let part = 0; part < 4; part += 1) {
      await run(
        `insert into bespoke.viewer_event (page_view, seq, ms, content)
         select page_view + ${k * last}, seq, ms, content
         from bespoke.viewer_event where page_view <= ${last} and page_view % 4 = ${part}`,
      );
    }
  }
  await run(`update bespoke.figure set value = value * ${times} where campaign = '${campaign}'`);
  await run('analyze bespoke.render');
  await run('analyze bespoke.viewer');
}

const server = await startTestPostgres();
try {
  const db = await postgresTables(server.url);
  const pipeline = { ...db, registry: [], clock: { now: () => new Date() } };
  const simulated = simulatePeople(people, 11);
  const campaign = await sendTo(db, simulated);
  const reports = simulated.flatMap((person) => reportsOf(person).map((report) => ({ person, report })));
  const events = reports.reduce((sum, { report }) => sum + report.events.length, 0);
  const half = Math.ceil(reports.length / 2);
  const report = async (of: number): Promise<void> => {
    await readWatching(pipeline, campaign);
    say(
      `read how videos are watched, of ${of} events`,
      await millisecondsOf(() => readWatching(pipeline, campaign)),
      'ms',
    );
    say('compare groups', await millisecondsOf(() => compareGroups(pipeline, campaign)), 'ms');
  };
  let known = 0;
  for (const part of [reports.slice(0, half), reports.slice(half)]) {
    const count = part.reduce((sum, { report }) => sum + report.events.length, 0);
    const keeping = await millisecondsOf(() =>
      pMap(part, ({ person, report }) => db.viewerEvents.add(sessionOf(person), report), { concurrency: 16 }),
    );
    known += count;
    say(`keep ${count} events in ${part.length} requests`, (1000 * part.length) / keeping, 'requests/s');
    const adding = await millisecondsOf(() => bringUpToDate(pipeline, campaign));
    say('add them up', (1000 * count) / adding, 'events/s');
    await report(known);
  }
  if (times > 1) {
    say('copy them', (await millisecondsOf(() => copyWithin(db, campaign))) / 1000, 's');
    const rows = people * (times - 1);
    say('count rows', (1000 * rows) / (await millisecondsOf(() => bringUpToDate(pipeline))), 'rows/s');
    await report(known * times);
  }
  say('events in all', events, '');
  await db.close();
} finally {
  await server.remove();
}
