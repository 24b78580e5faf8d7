/**
 * Measures what events of viewers cost in the tables of PostgreSQL: keeping them, adding them up, and reading a report.
 *
 *   npx tsx tests/conformance/viewer-events-speed.ts [people]
 */
import pMap from 'p-map';
import { countViewers, readWatching } from '../../worker/measurement/campaign-watching.ts';
import { startTestPostgres } from '../services/postgres-server.ts';
import { reportsOf, sendTo, sessionOf, simulatePeople } from './simulated-people.ts';
import { millisecondsOf, say } from './speed.ts';
import { postgresTables } from './tables-bench.ts';

const people = Number(process.argv[2] ?? 100_000);

const server = await startTestPostgres();
try {
  const db = await postgresTables(server.url);
  const pipeline = { ...db, registry: [], clock: { now: () => new Date() } };
  const simulated = simulatePeople(people, 11);
  const campaign = await sendTo(db, simulated);
  const reports = simulated.flatMap((person) => reportsOf(person).map((report) => ({ person, report })));
  const events = reports.reduce((sum, { report }) => sum + report.events.length, 0);
  const half = Math.ceil(reports.length / 2);
  let known = 0;
  for (const part of [reports.slice(0, half), reports.slice(half)]) {
    const count = part.reduce((sum, { report }) => sum + report.events.length, 0);
    const keeping = await millisecondsOf(() =>
      pMap(part, ({ person, report }) => db.viewerEvents.add(sessionOf(person), report), { concurrency: 16 }),
    );
    known += count;
    say(`keep ${count} events in ${part.length} requests`, (1000 * part.length) / keeping, 'requests/s');
    const adding = await millisecondsOf(() => countViewers(pipeline, campaign));
    say('add them up', (1000 * count) / adding, 'events/s');
    await readWatching(pipeline, campaign);
    const reading = await millisecondsOf(() => readWatching(pipeline, campaign));
    say(`read how videos are watched, of ${known} events`, reading, 'ms');
  }
  say('events in all', events, '');
  await db.close();
} finally {
  await server.remove();
}
