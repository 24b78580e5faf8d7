import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowPlan, NewRender } from '../../worker/core/renders.ts';
import type { NewCampaign } from '../../worker/core/campaigns.ts';
import {
  type TablesBackend,
  clipDraft,
  deliveriesOf,
  keysOf,
  campaignDraft,
  remakeDraft,
  singleRenderDraft,
  tableBackends,
  renderDraft,
} from './tables-bench.ts';

const made = { bytes: 1, renderMs: 1 };
const broken: RowPlan = { state: 'failed', code: 'row-invalid', message: 'no' };

describe.each(tableBackends)('the end of campaigns on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  const place = async (campaign: NewCampaign): Promise<string> => {
    await db.campaigns.place(campaign, undefined);
    return campaign.id;
  };

  /** Records rows, as planning does. A list of clips stands for a planned row. */
  async function record(id: string, plans: readonly (RowPlan | readonly string[])[], from = 1) {
    const rows = plans.map((plan, index) => renderDraft(from + index, plan));
    await recordDrafts(id, rows);
    return rows.map((row) => row.id);
  }

  function recordDrafts(id: string, rows: readonly NewRender[]) {
    const keys = rows.flatMap(({ plan }) =>
      plan.state === 'planned' ? plan.path.map(({ clip }) => clip) : [],
    );
    return db.renders.record(
      id,
      rows,
      [...new Set(keys)].map((key) => clipDraft(key)),
    );
  }

  const stateOf = async (id: string) => (await db.campaigns.find(id))?.status;
  const eventsOf = async (id: string) => (await deliveriesOf(db, id)).map(({ event }) => event);
  const rowStates = async (id: string) =>
    (await db.renders.list(id, 0, 100)).map(({ status }) => status.state);

  it('is told when the last row has ended and all are recorded, once', async () => {
    const { a } = keysOf('a');
    const id = await place(campaignDraft({ rows: 3 }));
    const [first] = await record(id, [[a], broken]);
    await db.clips.complete(a, made);
    expect(await db.renders.complete(first ?? '')).toEqual({
      rows: 1,
      campaigns: [id],
      over: [],
      remakes: [],
    });
    expect(await db.campaigns.settle([id])).toEqual([]);
    await record(id, [{ state: 'erased' }], 3);
    expect(await db.campaigns.settle([id])).toEqual([]);
    expect(await stateOf(id)).toEqual({ state: 'planning' });
    await db.campaigns.planned(id);
    await db.campaigns.planned(id);
    expect(await stateOf(id)).toEqual({ state: 'rendering' });

    const owed = await db.campaigns.settle([id, id, 'unknown']);
    expect(owed).toHaveLength(1);
    expect(await stateOf(id)).toEqual({ state: 'finished', at: expect.any(Date) as Date });
    expect(await eventsOf(id)).toEqual(['campaign.finished']);
    expect((await db.webhooks.find(owed[0] ?? ''))?.campaign).toBe(id);
    expect(await db.campaigns.settle([id])).toEqual(owed);
    await db.webhooks.recordAttempt(owed[0] ?? '', { state: 'delivered', at: new Date() }, '200');
    expect(await db.campaigns.settle([id])).toEqual([]);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('owes nothing without a webhook, and leaves campaigns alone that nobody ordered', async () => {
    const id = await place(campaignDraft({ rows: 0, webhookUrl: undefined }));
    await db.campaigns.planned(id);
    const remake = remakeDraft();
    await db.campaigns.openRemake(remake);
    const own = remake.id;
    expect(await db.campaigns.settle([own, id])).toEqual([]);
    expect((await stateOf(id))?.state).toBe('finished');
    expect(await db.campaigns.find(own)).toBeUndefined();
    expect(await db.campaigns.settle([])).toEqual([]);
    for (const change of [
      db.campaigns.planned,
      db.campaigns.cancel,
      (campaign: string) => db.campaigns.retry(campaign),
    ])
      await change(own);
    await db.campaigns.fail(own, 'csv-empty', 'no');
    expect(await db.campaigns.find(own)).toBeUndefined();
  });

  it('comes with a look at all campaigns where the answer to the failure of the last clip was lost', async () => {
    const { a } = keysOf('a');
    const id = await place(campaignDraft({ rows: 1 }));
    await record(id, [[a]]);
    await db.campaigns.planned(id);
    await db.clips.fail(a, 'scene-failed', 'no');
    const nothing = { rows: 0, campaigns: [], over: [], remakes: [] };
    expect(await db.clips.fail(a, 'scene-failed', 'no')).toEqual(nothing);
    const { campaigns } = await db.campaigns.unsettled(undefined, 1_000);
    expect(await db.campaigns.settle(campaigns.map((campaign) => campaign.id))).toHaveLength(1);
    expect((await stateOf(id))?.state).toBe('finished');
  });

  it('does not come before every row is recorded', async () => {
    const id = await place(campaignDraft({ rows: 2 }));
    await record(id, [broken]);
    await expect(db.campaigns.planned(id)).rejects.toThrow('2 rows');
    expect(await stateOf(id)).toEqual({ state: 'planning' });
  });

  it('comes once when two workers finish the two last rows at the same time', async () => {
    for (let round = 0; round < 25; round += 1) {
      const { a } = keysOf('a');
      const id = await place(campaignDraft());
      const renders = await record(id, [[a], [a]]);
      await db.campaigns.planned(id);
      await db.clips.complete(a, made);
      await Promise.all(
        renders.map(async (render) => {
          const { campaigns } = await db.renders.complete(render);
          await db.campaigns.settle(campaigns);
        }),
      );
      expect((await stateOf(id))?.state).toBe('finished');
      expect(await eventsOf(id)).toEqual(['campaign.finished']);
    }
  });

  /** Records the only row of a render, as a video that is done. */
  async function recordDone(id: string): Promise<void> {
    const { a } = keysOf('a');
    const [render] = await record(id, [[a]]);
    await db.clips.complete(a, made);
    await db.renders.complete(render ?? '');
  }

  it.each([
    ['render.done', recordDone],
    ['render.failed', (id: string) => record(id, [broken])],
  ] as const)('of a single render is sent as %s', async (event, recordRow) => {
    const id = await place(singleRenderDraft());
    await recordRow(id);
    await db.campaigns.planned(id);
    await db.campaigns.settle([id]);
    expect((await stateOf(id))?.state).toBe('finished');
    expect(await eventsOf(id)).toEqual([event]);
  });

  it('of a render that was cancelled before it was planned comes with its planning', async () => {
    const { a } = keysOf('a');
    const id = await place(singleRenderDraft());
    await db.campaigns.cancel(id);
    await db.campaigns.cancel(id);
    expect(await db.campaigns.find(id)).toMatchObject({ cancelling: true, status: { state: 'planning' } });
    expect(await db.campaigns.settle([id])).toEqual([]);
    const { clips, renders, begun } = await recordDrafts(id, [renderDraft(1, [a], { id })]);
    expect({ clips, renders, begun }).toEqual({ clips: [], renders: [], begun: [] });
    expect(await db.clips.findWanted(a)).toBeUndefined();
    await db.campaigns.planned(id);
    expect(await db.campaigns.settle([id])).toHaveLength(1);
    expect(await db.campaigns.find(id)).toMatchObject({ cancelling: false, status: { state: 'cancelled' } });
    expect(await db.renders.find(id)).toMatchObject({ status: { state: 'cancelled' }, path: [] });
    expect((await db.renders.find(id))?.endedAt).toBeInstanceOf(Date);
    expect(await eventsOf(id)).toEqual(['render.cancelled']);
    await db.campaigns.cancel(id);
    expect(await db.campaigns.find(id)).toMatchObject({ cancelling: false, status: { state: 'cancelled' } });
  });

  it('by cancelling keeps what has ended, and ends rows that are recorded later', async () => {
    const { a, b, c } = keysOf('a', 'b', 'c');
    const id = await place(campaignDraft({ rows: 5 }));
    const [first] = await record(id, [[a], [b], broken]);
    await db.clips.complete(a, made);
    await db.renders.complete(first ?? '');
    await db.campaigns.cancel(id);
    expect(await db.clips.findWanted(b)).toBeUndefined();
    await record(id, [[c], broken], 4);
    await db.campaigns.planned(id);
    await db.campaigns.settle([id]);
    expect(await rowStates(id)).toEqual(['done', 'cancelled', 'failed', 'cancelled', 'cancelled']);
    expect((await stateOf(id))?.state).toBe('cancelled');
    expect(await eventsOf(id)).toEqual(['campaign.finished']);
  });

  it('is no cancelling when that came too late to cancel anything', async () => {
    const id = await place(singleRenderDraft());
    await recordDone(id);
    await db.campaigns.planned(id);
    await db.campaigns.cancel(id);
    await db.campaigns.settle([id]);
    expect(await db.campaigns.find(id)).toMatchObject({ cancelling: false, status: { state: 'finished' } });
    expect(await eventsOf(id)).toEqual(['render.done']);
  });

  it('is a failure when the source cannot be read, with the reason on open rows', async () => {
    const { a, b } = keysOf('a', 'b');
    const id = await place(campaignDraft({ rows: 4 }));
    const [first] = await record(id, [[a], [b]]);
    await db.clips.complete(a, made);
    await db.renders.complete(first ?? '');
    const owed = await db.campaigns.fail(id, 'csv-quotes', 'A quote\u0000 is open.');
    expect(owed).toHaveLength(1);
    await db.campaigns.fail(id, 'csv-empty', 'later');
    expect(await stateOf(id)).toMatchObject({
      state: 'failed',
      code: 'csv-quotes',
      message: 'A quote is open.',
    });
    expect((await db.renders.list(id, 1, 1))[0]?.status).toMatchObject({
      state: 'failed',
      code: 'csv-quotes',
    });
    expect(await db.clips.findWanted(b)).toBeUndefined();
    expect(await db.campaigns.settle([id])).toEqual(owed);
    expect(await eventsOf(id)).toEqual(['campaign.finished']);
    expect(await db.campaigns.retry(id)).toBe(3);
    expect(await rowStates(id)).toEqual(['done']);
    expect(await stateOf(id)).toEqual({ state: 'planning' });

    const render = await place(singleRenderDraft());
    await db.campaigns.fail(render, 'internal', 'no');
    expect(await eventsOf(render)).toEqual(['render.failed']);
  });

  it('is a failure when it is stopped, planned or not, and records no further row', async () => {
    const { a, b, c } = keysOf('a', 'b', 'c');
    const id = await place(campaignDraft({ rows: 3 }));
    const [first] = await record(id, [[a], [b]]);
    await db.clips.complete(a, made);
    await db.renders.complete(first ?? '');
    const owed = await db.campaigns.stop(id, 'campaign-stopped', 'All fail.');
    expect(owed).toHaveLength(1);
    expect(await db.campaigns.stop(id, 'internal', 'later')).toEqual(owed);
    expect(await stateOf(id)).toMatchObject({ state: 'failed', code: 'campaign-stopped' });
    expect(await db.clips.findWanted(b)).toBeUndefined();
    await record(id, [[c]], 3);
    expect(await rowStates(id)).toEqual(['done', 'failed']);
    expect(await db.clips.findWanted(c)).toBeUndefined();
    expect(await db.campaigns.retry(id)).toBe(2);

    const recorded = await place(campaignDraft({ rows: 1 }));
    await record(recorded, [[b]]);
    await db.campaigns.planned(recorded);
    await db.campaigns.stop(recorded, 'campaign-stopped', 'All fail.');
    expect(await stateOf(recorded)).toMatchObject({ state: 'failed' });
    expect(await rowStates(recorded)).toEqual(['failed']);

    const over = await place(campaignDraft({ rows: 1 }));
    await recordDone(over);
    await db.campaigns.planned(over);
    await db.campaigns.settle([over]);
    expect(await db.campaigns.stop(over, 'campaign-stopped', 'All fail.')).toEqual(
      await db.campaigns.settle([over]),
    );
    expect(await stateOf(over)).toMatchObject({ state: 'finished' });
  });

  it('knows the scenes for which its renders wait', async () => {
    const { a, b } = keysOf('a', 'b');
    const id = await place(campaignDraft({ rows: 2 }));
    const [first = '', second = ''] = await record(id, [[a], [b]]);
    const scene = (await db.clips.findWanted(a))?.scene ?? '';
    expect([...(await db.clips.awaited({ campaign: id }, [a, b, 'other']))]).toHaveLength(2);
    expect(await db.clips.awaited({ render: first }, [a, b])).toEqual(new Map([[a, scene]]));
    await db.clips.complete(b, made);
    expect(await db.clips.awaited({ render: second }, [a, b])).toEqual(new Map());
  });

  it('stays a cancelling when planning fails after the campaign was cancelled', async () => {
    const { a } = keysOf('a');
    const render = await place(singleRenderDraft());
    await db.campaigns.cancel(render);
    expect(await db.campaigns.fail(render, 'bundle-failed', 'no')).toHaveLength(1);
    expect(await stateOf(render)).toEqual({ state: 'cancelled', at: expect.any(Date) as Date });
    expect(await eventsOf(render)).toEqual(['render.cancelled']);

    const id = await place(campaignDraft({ rows: 3 }));
    await record(id, [[a], broken]);
    await db.campaigns.cancel(id);
    await db.campaigns.fail(id, 'csv-quotes', 'no');
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled' });
    expect(await rowStates(id)).toEqual(['cancelled', 'failed']);

    const unplanned = await place(campaignDraft({ rows: 3 }));
    await db.campaigns.cancel(unplanned);
    await db.campaigns.fail(unplanned, 'csv-quotes', 'no');
    expect(await db.campaigns.retry(unplanned)).toBe(0);
    expect(await stateOf(unplanned)).toMatchObject({ state: 'cancelled' });
  });

  it('is no failure of the source once all rows are recorded', async () => {
    const { a } = keysOf('a');
    const id = await place(singleRenderDraft());
    await record(id, [[a]]);
    await db.campaigns.planned(id);
    expect(await db.campaigns.fail(id, 'internal', 'A late attempt to plan it broke.')).toEqual([]);
    expect(await stateOf(id)).toEqual({ state: 'rendering' });
    expect(await rowStates(id)).toEqual(['waiting']);
  });

  it('may be followed by a retry of the failed rows, whose end is told again', async () => {
    const { a, b, c } = keysOf('a', 'b', 'c');
    const id = await place(campaignDraft({ rows: 4 }));
    const [first, second, third] = [renderDraft(1, [a]), renderDraft(2, [b]), renderDraft(3, [c])];
    await recordDrafts(id, [first, second, third, renderDraft(4, broken)]);
    await db.clips.complete(a, made);
    await db.renders.complete(first.id);
    expect(await db.clips.fail(b, 'clip-timeout', 'slow')).toMatchObject({
      rows: 1,
      campaigns: [id],
      over: [],
    });
    await db.campaigns.planned(id);
    expect(await db.campaigns.retry(id)).toBe(0);
    await db.campaigns.cancel(id);
    await db.campaigns.settle([id]);
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled' });

    expect(await db.campaigns.retry(id)).toBe(2);
    expect(await db.campaigns.retry(id)).toBe(0);
    expect(await db.campaigns.find(id)).toMatchObject({ cancelling: false, status: { state: 'planning' } });
    expect(await rowStates(id)).toEqual(['done', 'cancelled']);
    await recordDrafts(id, [first, second, third, renderDraft(4, broken)]);
    await db.campaigns.planned(id);
    expect(await db.campaigns.settle([id])).toHaveLength(1);
    await db.clips.complete(b, made);
    await db.renders.complete(second.id);
    const owed = await db.campaigns.settle([id]);
    expect(owed).toHaveLength(2);
    expect(await rowStates(id)).toEqual(['done', 'done', 'cancelled', 'failed']);
    expect((await stateOf(id))?.state).toBe('finished');
    expect(await eventsOf(id)).toEqual(['campaign.finished', 'campaign.finished']);
  });
});
