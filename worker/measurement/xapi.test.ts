import { describe, expect, it } from 'vitest';
import type { EventContent, Watching } from '../core/viewer-events.ts';
import { statementSchema } from './xapi-schema.ts';
import { listStatements } from './xapi.ts';

const openedAt = new Date('2026-11-30T12:00:00.000Z');

const watching = (contents: readonly EventContent[], rights: 'owner' | 'play' = 'owner'): Watching => ({
  viewer: {
    ...{ session: 'session-1', campaign: 'campaign-1', render: 'render-1', rights, template: 'tour' },
    ...{ format: '16:9', fps: 30, filmFrames: 900, segments: [], variant: undefined },
  },
  pages: [
    {
      ...{ page: 'page-1', openedAt, device: 'phone' },
      events: contents.map((content, seq) => ({ seq, ms: 1_000 * seq, content })),
    },
  ],
});

const contents: readonly EventContent[] = [
  { type: 'opened' },
  { type: 'interacted' },
  { type: 'started', resumed: false },
  { type: 'watched', node: 'offer', visit: 1, clipFrames: 90, fromFrame: 15, toFrame: 90 },
  { type: 'chosen', node: 'menu', visit: 1, choice: 'planning', by: 'viewer', afterMs: 1 },
  { type: 'ended', node: 'offer' },
];

/** What a campaign with these viewers lists. */
async function statementsOf(all: readonly Watching[]) {
  const pipeline = {
    campaigns: { find: () => Promise.resolve({}) },
    viewerEvents: { list: () => Promise.resolve({ watching: all, next: undefined }) },
  } as unknown as Parameters<typeof listStatements>[0];
  const page = await listStatements(pipeline, 'campaign-1', undefined, 'https://video.example.com');
  return (page?.statements ?? []).map((each) => statementSchema.parse(each));
}

describe('xAPI statements', () => {
  it('say what viewers did, in the words of the video profile', async () => {
    const statements = await statementsOf([watching(contents)]);
    expect(statements.map(({ verb }) => verb.display['en-US'])).toEqual([
      ...['launched', 'initialized', 'progressed', 'answered', 'completed'],
    ]);
    expect(statements[2]).toMatchObject({
      result: { extensions: { 'https://w3id.org/xapi/video/extensions/played-segments': '0.5[.]3' } },
      object: { id: 'https://video.example.com/xapi/campaigns/campaign-1/nodes/offer' },
      context: { extensions: { 'https://w3id.org/xapi/video/extensions/length': 30 } },
      timestamp: '2026-11-30T12:00:03.000Z',
    });
    expect(statements[3]?.result).toEqual({ response: 'planning' });
  });

  it('have the same ids whenever they are listed, and each its own', async () => {
    const [once, again] = [
      await statementsOf([watching(contents)]),
      await statementsOf([watching(contents)]),
    ];
    expect(again.map(({ id }) => id)).toEqual(once.map(({ id }) => id));
    expect(new Set(once.map(({ id }) => id)).size).toBe(once.length);
  });

  it('name an owner by their render, and a guest by nothing that leads to a session', async () => {
    const [owner] = await statementsOf([watching(contents)]);
    const [guest] = await statementsOf([watching(contents, 'play')]);
    expect(owner?.actor.account.name).toBe('render-1');
    expect(guest?.actor.account.name).toMatch(/^guest-[0-9a-f-]{36}$/);
  });

  it('leave out machines', async () => {
    const machine = { type: 'machine', reason: 'user-agent' } as const;
    expect(await statementsOf([watching([machine, ...contents])])).toEqual([]);
  });
});
