import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { EventContent, PageView } from '../../worker/core/viewer-events.ts';
import { campaignDraft, renderDraft, type TablesBackend } from './tables-bench.ts';

/** Nodes of the simulated film, each of three seconds. */
export const nodes = ['hello', 'menu', 'offer', 'goodbye'] as const;

const fps = 30;
const frames = 90;

/** When the simulated campaign is ordered. */
export const start = new Date('2026-09-01T08:00:00.000Z');

/** As `md5(n::text)` of the database, doubled to the length of an HMAC. */
const personOf = (row: number): string => createHash('md5').update(String(row)).digest('hex').repeat(2);

/** What one customer does; all of it is decided before any of it is recorded. */
export interface Person {
  readonly row: number;
  readonly render: string;
  readonly person: string;
  readonly isHeldOut: boolean;
  readonly isLoyal: boolean;
  readonly device: 'phone' | 'desktop';
  /** Nodes that they see whole, and whether they leave in the middle of the next one. 0: they never start. */
  readonly wholeNodes: number;
  readonly leavesWithin: boolean;
  readonly opens: boolean;
  readonly choice: 'buy' | 'wait';
  readonly returns: boolean;
  /** A scanner of their mails opens the page, too. */
  readonly isScanned: boolean;
  readonly buys: boolean;
}

/** Numbers from 0 to 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Decides what so many customers do. */
export function simulatePeople(count: number, seed: number): readonly Person[] {
  const draw = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const row = index + 1;
    const isHeldOut = draw() < 0.1;
    const opens = !isHeldOut && draw() < 0.55;
    return {
      row,
      render: randomUUID(),
      person: personOf(row),
      isHeldOut,
      isLoyal: row % 3 === 0,
      device: draw() < 0.6 ? 'phone' : 'desktop',
      opens,
      wholeNodes: opens ? Math.floor(draw() * 5) : 0,
      leavesWithin: draw() < 0.5,
      choice: draw() < 0.4 ? 'buy' : 'wait',
      returns: opens && draw() < 0.2,
      isScanned: !isHeldOut && draw() < 0.3,
      buys: draw() < (isHeldOut ? 0.03 : 0.05),
    };
  });
}

const shown = (node: string) => ({ node, visit: 1, clip: `clip-${node}`, clipFrames: frames }) as const;

/** What a page reports of a person. */
function contentsOf({ wholeNodes, leavesWithin, choice }: Person): readonly EventContent[] {
  const whole = nodes.slice(0, wholeNodes);
  const last = wholeNodes > 0 && leavesWithin ? nodes[wholeNodes] : undefined;
  return [
    { type: 'opened' },
    { type: 'interacted' },
    ...(wholeNodes === 0 ? [] : [{ type: 'started', resumed: false } as const]),
    ...whole.flatMap((node): EventContent[] => [
      { type: 'entered', ...shown(node) },
      { type: 'watched', ...shown(node), fromFrame: 0, toFrame: 50 },
      { type: 'watched', ...shown(node), fromFrame: 50, toFrame: frames },
      ...(node === 'menu'
        ? [
            { type: 'offered', node, visit: 1 } as const,
            { type: 'chosen', node, visit: 1, choice, by: 'viewer', afterMs: 2_500 } as const,
          ]
        : []),
    ]),
    ...(last === undefined
      ? []
      : [
          { type: 'entered', ...shown(last) } as const,
          { type: 'watched', ...shown(last), fromFrame: 0, toFrame: 30 } as const,
        ]),
    ...(wholeNodes === nodes.length ? [{ type: 'ended', node: 'goodbye' } as const] : []),
  ];
}

const pageOf = (person: Person, name: string, day: number, contents: readonly EventContent[]): PageView => ({
  page: `${name}-of-row-${person.row}`,
  openedAt: new Date(start.getTime() + day * 86_400_000 + person.row * 1_000),
  device: person.device,
  events: contents.map((content, seq) => ({ seq, ms: seq * 2_000, content })),
});

/** A campaign whose videos are done, for these people. @returns its id. */
export async function sendTo(db: TablesBackend, people: readonly Person[]): Promise<string> {
  const draft = campaignDraft({ rows: people.length, webhookUrl: undefined, createdAt: start });
  await db.campaigns.place(draft, undefined);
  await db.renders.record(draft.id, [renderDraft(1, [], { id: people[0]?.render ?? '' })], []);
  const rest = people.map(({ row, render, person, isHeldOut, isLoyal }) => ({
    ...{ row, render, person, isHeldOut, segments: isLoyal ? ['loyal'] : ['new'] },
  }));
  const { database } = db.connection;
  for (let at = 0; at < rest.length; at += 5_000) {
    await database.execute(
      sql`insert into bespoke.render (id, campaign, row, file_name, priority, path, duration_in_frames, person,
            personal, warnings, state, skipped_for, segments, ended_at, clips_left, clips_rendered, clips_reused)
          select p.render, r.campaign, p.row, 'row-' || p.row, r.priority, r.path, ${nodes.length * frames}::int, p.person,
            false, r.warnings, case when p.held_out then 'skipped' else 'done' end,
            case when p.held_out then 'holdout' end, p.segments, ${start.toISOString()}::timestamptz, 0, 0, 0
          from bespoke.render r, jsonb_to_recordset(${JSON.stringify(
            rest.slice(at, at + 5_000).map(({ isHeldOut, ...each }) => ({ ...each, held_out: isHeldOut })),
          )}::jsonb) as p(row int, render text, person text, held_out boolean, segments text[])
          where r.campaign = ${draft.id} and r.row = 1
          on conflict (id) do update set person = excluded.person, state = excluded.state, skipped_for = excluded.skipped_for,
            segments = excluded.segments, ended_at = excluded.ended_at, duration_in_frames = excluded.duration_in_frames`,
    );
  }
  return draft.id;
}

/** Reports of a person's pages as they come: some twice, and the last part first. */
export function reportsOf(person: Person): readonly PageView[] {
  const reports: PageView[] = [];
  if (person.isScanned) reports.push(pageOf(person, 'scanner', 0, [{ type: 'opened' }]));
  if (!person.opens) return reports;
  const page = pageOf(person, 'first-page', 1, contentsOf(person));
  const half = Math.ceil(page.events.length / 2);
  reports.push({ ...page, events: page.events.slice(half) }, { ...page, events: page.events.slice(0, half) });
  if (person.row % 7 === 0) reports.push(page);
  if (person.returns) reports.push(pageOf(person, 'second-page', 3, contentsOf(person)));
  return reports.filter(({ events }) => events.length > 0);
}

export const sessionOf = ({ render }: Person) =>
  ({ session: `session-${render}`, render, rights: 'owner', fps }) as const;
