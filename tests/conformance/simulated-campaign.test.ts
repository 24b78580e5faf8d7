import pMap from 'p-map';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inject } from 'vitest';
import { readWatching } from '../../worker/measurement/campaign-watching.ts';
import { compareGroups } from '../../worker/measurement/comparison.ts';
import {
  nodes,
  reportsOf,
  sendTo,
  sessionOf,
  simulatePeople,
  start,
  type Person,
} from './simulated-people.ts';
import { postgresTables, type TablesBackend } from './tables-bench.ts';

let db: TablesBackend;

beforeAll(async () => {
  db = await postgresTables(inject('postgresUrl'));
});

afterAll(() => db?.close());

const countOf = (people: readonly Person[], which: (person: Person) => boolean): number =>
  people.filter(which).length;

/** What the report has to say of some people. */
function truthOf(people: readonly Person[]) {
  const opened = people.filter(({ opens }) => opens);
  const started = opened.filter(({ wholeNodes }) => wholeNodes > 0);
  // A film of 360 frames: 90 for each node, and 30 where somebody leaves within one.
  const shareOf = ({ wholeNodes, leavesWithin }: Person): number =>
    (wholeNodes * 90 + (leavesWithin && wholeNodes < nodes.length ? 30 : 0)) / 360;
  const reached = (share: number): number => countOf(started, (person) => shareOf(person) >= share);
  return {
    opened: opened.length,
    started: started.length,
    watched25: reached(0.25),
    watched50: reached(0.5),
    watched75: reached(0.75),
    watched95: reached(0.95),
    ended: countOf(started, ({ wholeNodes }) => wholeNodes === nodes.length),
    chose: countOf(started, ({ wholeNodes }) => wholeNodes >= 2),
    returned: countOf(opened, ({ returns }) => returns),
    averageShare:
      started.reduce((sum, person) => sum + Math.round(1000 * shareOf(person)), 0) / started.length / 1000,
  };
}

it('a simulated campaign of 10,000 people is reported as the simulation knows it', async () => {
  const people = simulatePeople(10_000, 7);
  const campaign = await sendTo(db, people);
  await pMap(
    people,
    async (person) => {
      for (const report of reportsOf(person)) await db.viewerEvents.add(sessionOf(person), report);
    },
    { concurrency: 8 },
  );
  await db.conversions.add(
    people
      .filter(({ buys }) => buys)
      .map(({ person, row }) => ({
        key: `order-${row}`,
        person,
        render: undefined,
        name: 'bought',
        value: 20,
        currency: 'EUR',
        at: new Date(start.getTime() + 5 * 86_400_000),
      })),
  );
  const pipeline = {
    ...db,
    registry: [],
    clock: { now: () => new Date('2026-11-01T00:00:00Z') },
  };
  const watching = await readWatching(pipeline, campaign);
  const close = (truth: ReturnType<typeof truthOf>) => ({
    ...truth,
    averageShare: Number(truth.averageShare.toFixed(4)),
  });
  expect(watching?.viewers).toMatchObject(close(truthOf(people)));
  expect(watching?.notCounted.unconfirmed).toBe(countOf(people, ({ isScanned }) => isScanned));
  const loyal = watching?.segments.find(({ name }) => name === 'loyal');
  expect(loyal).toMatchObject(close(truthOf(people.filter(({ isLoyal }) => isLoyal))));
  const phones = watching?.devices.find(({ name }) => name === 'phone');
  expect(phones).toMatchObject(
    close(truthOf(people.filter(({ device, opens }) => opens && device === 'phone'))),
  );
  for (const [index, node] of nodes.entries()) {
    const entered = ({ wholeNodes, leavesWithin }: Person): boolean =>
      wholeNodes > index || (wholeNodes === index && index > 0 && leavesWithin);
    const stayed = ({ wholeNodes }: Person): boolean => wholeNodes > index;
    expect(watching?.scenes.find((scene) => scene.node === node)).toMatchObject({
      entered: countOf(people, entered),
      stayed: countOf(people, stayed),
    });
  }
  const menu = watching?.decisions.find(({ node }) => node === 'menu');
  expect(menu?.ways.map(({ choice, first }) => [choice, first])).toEqual(
    (['buy', 'wait'] as const).map((choice) => [
      choice,
      countOf(people, (person) => person.wholeNodes >= 2 && person.choice === choice),
    ]),
  );
  expect(menu?.medianSeconds).toBe(3);
  const comparison = await compareGroups(pipeline, campaign, 30);
  expect(comparison).toMatchObject({
    sent: countOf(people, ({ isHeldOut }) => !isHeldOut),
    heldOut: countOf(people, ({ isHeldOut }) => isHeldOut),
  });
  expect(comparison?.conversions[0]).toMatchObject({
    sent: { converted: countOf(people, ({ isHeldOut, buys }) => !isHeldOut && buys) },
    heldOut: { converted: countOf(people, ({ isHeldOut, buys }) => isHeldOut && buys) },
  });
  for (const { name, people: counted, conversions } of comparison?.viewers.devices ?? []) {
    const own = people.filter(({ device, opens }) => opens && device === name);
    expect(counted).toBe(own.length);
    expect(conversions).toEqual([{ name: 'bought', converted: countOf(own, ({ buys }) => buys) }]);
  }
  expect(comparison?.viewers.devices.map(({ name }) => name)).toEqual(['desktop', 'phone']);
});
