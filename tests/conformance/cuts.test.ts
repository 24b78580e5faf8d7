import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksExpireAt } from '../../worker/campaigns/links.ts';
import type { Proof } from '../../worker/core/cuts.ts';
import type { RenderSource } from '../../worker/core/viewers.ts';
import {
  assembly,
  clipDraft,
  keysOf,
  newCampaign,
  progressOf,
  renderDraft,
  tableBackends,
  type TablesBackend,
} from './tables-bench.ts';

const made = { bytes: 1_000, renderMs: 500 };

/** Terms of planning with a cut, or with none. */
const sourceWith = (cut: string | undefined): RenderSource => ({
  terms: {
    ...{ id: `terms-${cut ?? 'whole'}`, template: 'template', format: '16:9', asOf: '2026-11-24' },
    ...{ encoding: clipDraft('').encoding, engineVersion: '1', codeHashes: {} },
    cuts: cut === undefined ? {} : { film: cut },
  },
  record: { name: 'Zoë' },
  images: {},
});

const planOf = (clips: readonly string[]) => ({
  ...({ state: 'planned', key: `video-${randomUUID()}`, mix: 'mix', assembly } as const),
  path: clips.map((clip) => ({ node: clip, clip })),
  ...{ durationInFrames: 60, personal: true },
});

describe.each(tableBackends)('cuts of scenes on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** A render that is planned with a cut, in parts that it shares and that only it needs. */
  async function order(cut: string = randomUUID(), proofId: string = randomUUID()) {
    const clips = keysOf('shared', 'own', 'whole');
    const campaign = await newCampaign(db);
    const id = randomUUID();
    const proof: Proof = {
      id: proofId,
      cut,
      template: 'template',
      scene: 'film',
      node: 'film-2',
      render: id,
    };
    const plan = planOf([clips.shared, clips.own]);
    const draft = renderDraft(1, plan, {
      ...{
        id,
        person: randomUUID(),
        source: sourceWith(cut),
        proofs: [proof, { ...proof, id: randomUUID() }],
      },
    });
    const parts = [clipDraft(clips.shared), clipDraft(clips.own, { personal: true })];
    await db.renders.record(campaign, [draft], parts);
    const finish = async (keys: readonly string[] = [clips.shared, clips.own]): Promise<void> => {
      for (const key of keys) await db.clips.complete(key, made);
      await db.renders.complete(id);
    };
    const replan = () =>
      db.renders.replan(id, `terms-${cut}`, { plan: planOf([clips.whole]), source: sourceWith(undefined) }, [
        clipDraft(clips.whole, { personal: true }),
      ]);
    return { id, cut, campaign, clips, proof, draft, key: plan.key, finish, replan };
  }

  it('makes a proof when its render is done, and counts it once', async () => {
    const { id, cut, campaign, proof, finish } = await order();
    expect(await db.cuts.openProofs(1_000)).not.toContain(proof.id);
    await finish();
    expect(await db.cuts.openProofs(1_000)).toContain(proof.id);
    expect((await db.renders.findPlanned(id))?.proofs).toContain(proof.id);
    expect(await db.cuts.findProof(proof.id)).toEqual(proof);
    await Promise.all([db.cuts.endProof(proof.id, 'proven'), db.cuts.endProof(proof.id, 'proven')]);
    await db.cuts.endProof(proof.id, 'dropped');
    expect(await db.cuts.findProof(proof.id)).toBeUndefined();
    expect(await db.cuts.ofCampaign(campaign)).toEqual({ proven: 1, open: 1, touched: 0, withdrawn: [] });
    expect((await db.cuts.list('template')).find((each) => each.id === cut)?.proven).toBe(1);
  });

  it('makes a proof for the newest render with these inputs, once', async () => {
    const first = await order();
    const again = await order(first.cut, first.proof.id);
    expect(await db.cuts.findProof(first.proof.id)).toEqual(again.proof);
    await again.finish();
    await db.cuts.endProof(first.proof.id, 'proven');
    const third = await order(first.cut, first.proof.id);
    await third.finish();
    expect(await db.cuts.findProof(first.proof.id)).toBeUndefined();
    expect((await db.cuts.list('template')).find((each) => each.id === first.cut)?.proven).toBe(1);
  });

  it('withdraws a cut once, forgets its proofs, and finds what was planned with it', async () => {
    const { id, cut, campaign, proof } = await order();
    const other = await order();
    const withdrawn = await Promise.all([db.cuts.withdraw(cut, 32), db.cuts.withdraw(cut, 33)]);
    expect(withdrawn.filter(Boolean)).toHaveLength(1);
    expect((await db.cuts.withdrawn()).has(cut)).toBe(true);
    expect(await db.cuts.findProof(proof.id)).toBeUndefined();
    expect(await db.cuts.findProof(other.proof.id)).toEqual(other.proof);
    expect((await db.cuts.unsettled()).map((each) => each.id)).toContain(cut);
    expect(await db.cuts.touched(cut, '', 10)).toEqual([{ render: id, campaign }]);
    expect(await db.cuts.ofCampaign(campaign)).toMatchObject({ open: 0, touched: 1, withdrawn: ['film'] });
    // Rows that were planned before may still be recorded.
    await db.cuts.settle(cut);
    expect((await db.cuts.unsettled()).map((each) => each.id)).toContain(cut);
  });

  it('plans a waiting render again in its place', async () => {
    const { id, cut, campaign, clips, finish, replan } = await order();
    expect(await replan()).toMatchObject({ clips: [clips.whole], ready: false });
    expect(await replan()).toBeUndefined();
    expect(await db.cuts.touched(cut, '', 10)).toEqual([]);
    expect(await db.clips.findWanted(clips.own)).toBeUndefined();
    expect((await db.clips.find([clips.shared, clips.own])).map(({ key }) => key)).toEqual([clips.shared]);
    await finish();
    expect((await db.renders.find(id))?.status.state).toBe('waiting');
    await finish([clips.whole]);
    expect(await db.renders.find(id)).toMatchObject({
      ...{ status: { state: 'done', clipsRendered: 1, clipsReused: 0 } },
      path: [{ node: clips.whole, clip: clips.whole }],
    });
    expect((await progressOf(db, campaign)).rows).toMatchObject({ done: 1, waiting: 0 });
  });

  it('makes a done render again under the same links, which say so', async () => {
    const { id, clips, key, draft, finish, replan } = await order();
    await finish();
    await db.people.removed(await db.people.removals(1_000));
    expect(await replan()).toMatchObject({ clips: [clips.whole] });
    const files = (await db.people.removals(1_000)).map(({ name }) => name);
    expect(files).toEqual(expect.arrayContaining([`${key}.mp4`, `${clips.own}.mp4`]));
    expect(files).not.toContain(`${clips.shared}.mp4`);
    const making = await db.renders.findByLink(draft.link);
    expect(making).toMatchObject({ id, status: { state: 'done' }, remake: { status: { state: 'waiting' } } });
    expect(making?.key).toBeUndefined();
    expect(making && linksExpireAt(making, 365)).toBeInstanceOf(Date);
    await finish([clips.whole]);
    const again = await db.renders.findByLink(draft.link);
    expect(again?.remake).toBeUndefined();
    expect(again?.key).not.toBe(key);
  });

  it('says why a render cannot be planned again, and counts its end once', async () => {
    const fail = async (wasDone: boolean) => {
      const { id, cut, campaign, finish } = await order();
      if (wasDone) await finish();
      const plan = { state: 'failed', code: 'template-failed', message: 'No.' } as const;
      const replanned = await db.renders.replan(id, `terms-${cut}`, { plan }, []);
      expect((await db.renders.find(id))?.status).toMatchObject({ state: 'failed', message: 'No.' });
      expect((await progressOf(db, campaign)).rows).toMatchObject({ failed: 1, done: 0, waiting: 0 });
      return replanned?.ended.rows;
    };
    expect([await fail(false), await fail(true)]).toEqual([1, 0]);
  });

  it('leaves nothing of a render that is deleted or whose person is erased', async () => {
    const [deleted, erased] = [await order(), await order()];
    for (const each of [deleted, erased]) await each.finish();
    await db.renders.delete(deleted.id);
    await db.people.erase({ person: erased.draft.person ?? '' }, []);
    for (const each of [deleted, erased]) {
      expect(await db.cuts.findProof(each.proof.id)).toBeUndefined();
      expect(await db.cuts.touched(each.cut, '', 10)).toEqual([]);
    }
  });
});
