import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { NewCampaign } from '../../worker/core/campaigns.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { cancelCampaign, retryCampaign } from '../../worker/campaigns/place.ts';
import {
  findCampaign,
  listCampaigns,
  campaignRows,
  type RowsQuery,
  findRender,
  campaignSnapshot,
  renderSnapshot,
} from '../../worker/campaigns/report.ts';
import type { CampaignReport, RenderReport } from '../../worker/campaigns/report-schema.ts';
import {
  clipDraft,
  campaignDraft,
  remakeDraft,
  singleRenderDraft,
  renderDraft,
} from '../conformance/tables-bench.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';

const terms = { publicUrl: 'https://videos.example.com', linkDays: 30 };
const made = { bytes: 1, renderMs: 1 };
const link = (): string => randomBytes(16).toString('base64url');

/** What the tables say, whatever brought it about: no worker runs, rows are recorded and ended by hand. */
describe('reports', () => {
  let deployment: Deployment;
  let open: OpenPipeline;
  let pipeline: Pipeline;

  beforeAll(async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment('embedded', servers);
    open = await openDeployment(deployment);
    ({ pipeline } = open);
  });
  afterAll(async () => {
    await open.close();
    await removeDeployment(deployment);
  });

  async function place(changes: Partial<NewCampaign>): Promise<string> {
    const draft = changes.kind === 'render' ? singleRenderDraft : campaignDraft;
    const campaign = draft({ template: 'frame-counter', webhookUrl: undefined, ...changes });
    await pipeline.campaigns.place(campaign, undefined);
    return campaign.id;
  }

  async function allRows(id: string, query: Omit<RowsQuery, 'cursor'>): Promise<readonly RenderReport[]> {
    const rows: RenderReport[] = [];
    let cursor: string | undefined;
    do {
      const page = await campaignRows(pipeline, id, { ...query, cursor }, terms);
      if (page === undefined) throw new Error('There is no such campaign.');
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== undefined);
    return rows;
  }

  const states = ['queued', 'rendering', 'done', 'failed', 'skipped', 'cancelled'] as const;

  /** Rows of each state as the listing has them, unrecorded ones left out. */
  async function listedCounts(id: string): Promise<Record<string, number>> {
    const rows = await allRows(id, { limit: 3 });
    return Object.fromEntries(
      states.map((state) => [state, rows.filter(({ status }) => status.state === state).length]),
    );
  }

  const sumOf = ({ total: _total, ...counts }: CampaignReport['rows']): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);

  const fate = fc.constantFrom('waiting', 'begun', 'ready', 'done', 'failed', 'bad', 'skipped');
  const history = fc.record({
    fates: fc.array(fc.option(fate, { nil: undefined }), { minLength: 1, maxLength: 12 }),
    end: fc.constantFrom('nothing', 'cancel', 'fail', 'settle', 'retry'),
  });

  it('account for every accepted row once, whatever has happened, as the rows themselves do', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ fates, end }) => {
        const { renders, clips: clipTable, campaigns } = pipeline;
        const id = await place({ rows: fates.length });
        const key = (name: string) => `${id}-${name}`;
        const drafts = fates.flatMap((each, index) => {
          const row = index + 1;
          const own = { link: link() };
          if (each === undefined) return [];
          if (each === 'bad') {
            return [renderDraft(row, { state: 'failed', code: 'row-invalid', message: 'no' }, own)];
          }
          if (each === 'skipped') {
            return [renderDraft(row, { state: 'erased' }, own)];
          }
          const first = each === 'waiting' ? 'never' : 'shared';
          return [renderDraft(row, [key(first), key(`own-${row}`)], own)];
        });
        const clips = ['never', 'shared', ...fates.map((_, index) => `own-${index + 1}`)];
        await renders.record(
          id,
          drafts,
          clips.map((name) => clipDraft(key(name))),
        );
        await clipTable.complete(key('shared'), made);
        for (const [index, each] of fates.entries()) {
          if (each === 'ready' || each === 'done') await clipTable.complete(key(`own-${index + 1}`), made);
          if (each === 'failed') await clipTable.fail(key(`own-${index + 1}`), 'scene-failed', 'no');
        }
        for (const draft of drafts) {
          if (fates[draft.row - 1] === 'done') await renders.complete(draft.id);
        }

        const check = async () => {
          const report = await findCampaign(pipeline, id, terms);
          if (report === undefined) throw new Error('There is no such campaign.');
          expect(report.rows.total).toBe(fates.length);
          expect(sumOf(report.rows)).toBe(fates.length);
          const listed = await listedCounts(id);
          const unlisted = states.filter((state) => report.rows[state] !== listed[state]);
          // Only rows that are not recorded are counted without being listed, and all in one way.
          expect(unlisted.length).toBeLessThanOrEqual(1);
          for (const state of states) {
            const only = await allRows(id, { states: [state], limit: 2 });
            expect(only.map(({ status }) => status.state)).toEqual(Array(listed[state]).fill(state));
          }
          return report;
        };
        const recorded = drafts.length;
        const before = await check();
        expect(before.state).toBe('planning');
        expect(before.rows.queued).toBe(
          fates.length - recorded + fates.filter((each) => each === 'waiting').length,
        );

        if (end === 'cancel') {
          const cancelled = await cancelCampaign(pipeline, 'campaign', id);
          expect(cancelled?.cancelling).toBe(true);
          const report = await check();
          expect(report.state).toBe('cancelling');
          expect(report.rows.queued + report.rows.rendering).toBe(0);
        }
        if (end === 'fail') {
          await campaigns.fail(id, 'csv-columns', 'Changed.');
          const report = await check();
          expect(report).toMatchObject({
            state: 'failed',
            error: { code: 'csv-columns', message: 'Changed.' },
          });
          expect(report.rows.queued + report.rows.rendering).toBe(0);
        }
        if ((end === 'settle' || end === 'retry') && recorded === fates.length) {
          await campaigns.planned(id);
          await campaigns.settle([id]);
          const open = fates.some((each) => each === 'waiting' || each === 'begun' || each === 'ready');
          const settled = await check();
          expect(settled.state).toBe(open ? 'rendering' : 'finished');
          if (end === 'retry' && !open) {
            const again = await retryCampaign(pipeline, id);
            expect(again).toBe(settled.rows.failed);
            const retried = await check();
            expect(retried.rows.queued).toBe(again);
            expect(retried.state).toBe(again === 0 ? 'finished' : 'planning');
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tell of a render from the moment it is placed', async () => {
    const { renders, clips, campaigns } = pipeline;
    const id = await place({ kind: 'render', metadata: { crm: '7' } });
    const find = () => findRender(pipeline, id, terms);
    expect(await find()).toEqual({
      id,
      campaign: undefined,
      template: 'frame-counter',
      format: '16:9',
      quality: 'draft',
      metadata: { crm: '7' },
      createdAt: '2026-11-24T10:00:00.123Z',
      endedAt: undefined,
      status: { state: 'queued' },
      content: undefined,
      links: {
        self: `https://videos.example.com/v1/renders/${id}`,
        events: `https://videos.example.com/v1/renders/${id}/events`,
      },
      linksExpireAt: undefined,
    });
    const placed = await renderSnapshot(pipeline, id, terms);
    expect(await renderSnapshot(pipeline, id, terms)).toEqual(placed);

    const [a, b] = [`${id}-a`, `${id}-b`];
    await renders.record(id, [renderDraft(1, [a, b], { id, link: link() })], [clipDraft(a), clipDraft(b)]);
    await campaigns.planned(id);
    expect((await find())?.status).toEqual({ state: 'queued' });
    await clips.complete(a, made);
    expect((await find())?.status).toEqual({ state: 'rendering', done: 1, total: 2 });
    const rendering = await renderSnapshot(pipeline, id, terms);
    expect(rendering).toMatchObject({ ended: false });
    expect(rendering?.id).not.toBe(placed?.id);

    await clips.complete(b, made);
    await renders.complete(id);
    const done = await find();
    expect(done?.status).toMatchObject({ state: 'done', durationInSeconds: 8, clipsRendered: 2 });
    expect(done?.endedAt).toMatch(/Z$/);
    expect(done?.links?.video).toMatch(/^https:\/\/videos\.example\.com\/f\/[\w-]{44}$/);
    expect(Date.parse(done?.linksExpireAt ?? '')).toBe(
      Date.parse(done?.endedAt ?? '') + 30 * 24 * 3600 * 1000,
    );
    expect(await renderSnapshot(pipeline, id, terms)).toMatchObject({ ended: true });
  });

  it('tell of renders that end before they are planned', async () => {
    const cancelled = await place({ kind: 'render' });
    expect(await cancelCampaign(pipeline, 'campaign', cancelled)).toBeUndefined();
    await cancelCampaign(pipeline, 'render', cancelled);
    expect(await renderSnapshot(pipeline, cancelled, terms)).toMatchObject({
      ended: true,
      data: { status: { state: 'cancelled' } },
    });
    await cancelCampaign(pipeline, 'render', cancelled);
    const failed = await place({ kind: 'render' });
    await pipeline.campaigns.fail(failed, 'template-unknown', 'Gone.');
    expect(await findRender(pipeline, failed, terms)).toMatchObject({
      status: { state: 'failed', code: 'template-unknown', message: 'Gone.', retryable: false },
    });
    expect((await findRender(pipeline, failed, terms))?.endedAt).toMatch(/Z$/);
    await cancelCampaign(pipeline, 'render', failed);
    expect(await findRender(pipeline, failed, terms)).toMatchObject({ status: { state: 'failed' } });
  });

  it('find rows of campaigns by their ids, and nothing under other ids', async () => {
    const id = await place({ rows: 1 });
    const row = renderDraft(1, [`${id}-a`]);
    await pipeline.renders.record(id, [row], [clipDraft(`${id}-a`)]);
    expect(await findRender(pipeline, row.id, terms)).toMatchObject({
      id: row.id,
      campaign: { id, row: 1, fileName: 'row-1' },
      status: { state: 'queued' },
    });
    expect(await findRender(pipeline, id, terms)).toBeUndefined();
    expect(await findCampaign(pipeline, row.id, terms)).toBeUndefined();
    expect(await campaignSnapshot(pipeline, 'unknown', terms)).toBeUndefined();
    expect(await campaignRows(pipeline, 'unknown', { limit: 1 }, terms)).toBeUndefined();
    expect(await retryCampaign(pipeline, 'unknown')).toBeUndefined();
    await expect(retryCampaign(pipeline, id)).rejects.toMatchObject({ code: 'campaign-unfinished' });
    await expect(campaignRows(pipeline, id, { limit: 1, cursor: '-1' }, terms)).rejects.toMatchObject({
      code: 'request-invalid',
    });
    // A remake is nobody's order.
    const campaign = remakeDraft();
    await pipeline.campaigns.openRemake(campaign);
    const own = renderDraft(1, { state: 'failed', code: 'row-invalid', message: 'no' });
    await pipeline.renders.record(campaign.id, [own], []);
    expect(await findRender(pipeline, own.id, terms)).toBeUndefined();
  });

  it('list campaigns, the newest first', async () => {
    const ids = [await place({ rows: 1 }), await place({ rows: 2 }), await place({ rows: 3 })];
    const first = await listCampaigns(pipeline, undefined, 2, terms);
    expect(first.campaigns.map(({ id, rows }) => [id, rows.total])).toEqual([
      [ids[2], 3],
      [ids[1], 2],
    ]);
    const second = await listCampaigns(pipeline, first.next, 2, terms);
    expect(second.campaigns[0]?.id).toBe(ids[0]);
  });

  it('say that a campaign without rows has ended', async () => {
    const id = await place({ rows: 0 });
    expect(await campaignSnapshot(pipeline, id, terms)).toMatchObject({
      ended: false,
      data: { rows: { total: 0 } },
    });
    await pipeline.campaigns.planned(id);
    await pipeline.campaigns.settle([id]);
    expect(await campaignSnapshot(pipeline, id, terms)).toMatchObject({
      ended: true,
      data: { state: 'finished' },
    });
  });
});
