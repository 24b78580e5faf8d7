import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stillFile, type StillDraft } from '../../worker/core/stills.ts';
import {
  clipDraft,
  keysOf,
  newCampaign,
  renderDraft,
  tableBackends,
  type TablesBackend,
} from './tables-bench.ts';

const draftOf = (changes: Partial<StillDraft> = {}): StillDraft => ({
  id: randomUUID().replaceAll('-', ''),
  template: 'template',
  format: '16:9',
  quality: 'draft',
  asOf: '2026-11-24',
  record: { name: 'Zoë \u0000' },
  images: undefined,
  path: undefined,
  scene: undefined,
  person: undefined,
  render: undefined,
  ...changes,
});

describe.each(tableBackends)('pictures that clients want on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  async function filesToGo(): Promise<readonly string[]> {
    const files = await db.people.removals(1_000);
    return files.map(({ namespace, name }) => `${namespace}/${name}`);
  }

  /** Makes all pictures older than they are kept. */
  const age = () =>
    db.connection.database.execute(sql`update bespoke.still set asked_at = now() - interval '11 minutes'`);

  it('come back as they were asked for, and go from wanted to stored', async () => {
    const images = { photo: { kind: 'stored', hash: 'a'.repeat(64) } } as const;
    const draft = draftOf({ images, path: ['sun'], scene: 'offer', person: 'p', render: 'r' });
    expect(await db.stills.want(draft, 100)).toBe(true);
    expect(await db.stills.want(draft, 100)).toBe(true);
    expect(await db.stills.find(draft.id)).toEqual({ ...draft, status: { state: 'wanted' } });
    await db.stills.complete(draft.id, []);
    await db.stills.fail(draft.id, 'scene-failed', 'too late');
    await db.stills.want(draft, 100);
    expect((await db.stills.find(draft.id))?.status).toEqual({ state: 'stored' });
    await db.stills.lose(draft.id);
    expect((await db.stills.find(draft.id))?.status).toEqual({ state: 'wanted' });
    const plain = draftOf();
    await db.stills.want(plain, 100);
    expect(await db.stills.find(plain.id)).toEqual({ ...plain, status: { state: 'wanted' } });
    expect(await db.stills.find('unknown')).toBeUndefined();
  });

  it('that failed are tried again when they are asked for again', async () => {
    const draft = draftOf();
    await db.stills.want(draft, 100);
    await db.stills.fail(draft.id, 'scene-failed', 'The chart \u0000broke.');
    const failed = { state: 'failed', code: 'scene-failed', message: 'The chart broke.' };
    expect((await db.stills.find(draft.id))?.status).toEqual(failed);
    await db.stills.want(draft, 0);
    expect((await db.stills.find(draft.id))?.status).toEqual({ state: 'wanted' });
  });

  it('are no more than so many at a time', async () => {
    await age();
    await db.stills.forgetOld();
    const [first, second] = [draftOf(), draftOf()];
    expect(await db.stills.want(first, 1)).toBe(true);
    expect(await db.stills.want(second, 1)).toBe(false);
    expect(await db.stills.find(second.id)).toBeUndefined();
    await db.stills.complete(first.id, []);
    expect(await db.stills.want(second, 1)).toBe(true);
  });

  it('are forgotten soon, with the photos that were fetched for them alone', async () => {
    const newHash = (): string => randomUUID().replaceAll('-', '');
    const [own, shared, planned] = [newHash(), newHash(), newHash()];
    await db.clips.rememberImages(
      [own, shared, planned].map((hash) => ({
        ...{ urlKey: `url-${hash}`, hash, reason: undefined, fetchedAt: new Date(), needed: false },
      })),
    );
    // A row is being planned with it; its clip is recorded a moment later.
    await db.clips.needImages([`url-${planned}`]);
    const { clip } = keysOf('clip');
    const inputs = { photo: { kind: 'stored', hash: shared } };
    const campaign = await newCampaign(db);
    await db.renders.record(campaign, [renderDraft(1, [clip])], [clipDraft(clip, { inputs })]);
    const draft = draftOf();
    await db.stills.want(draft, 100);
    await db.stills.complete(draft.id, [own, shared, planned]);
    await db.stills.forgetOld();
    expect(await db.stills.find(draft.id)).toBeDefined();
    await age();
    await db.stills.forgetOld();
    expect(await db.stills.find(draft.id)).toBeUndefined();
    const files = await filesToGo();
    expect(files).toContain(`stills/${stillFile(draft.id)}`);
    expect(files).toContain(`images/${own}.jpg`);
    expect(files).not.toContain(`images/${shared}.jpg`);
    expect(files).not.toContain(`images/${planned}.jpg`);
    const left = await db.clips.images([own, shared, planned].map((hash) => `url-${hash}`));
    expect(new Set(left.map(({ hash }) => hash))).toEqual(new Set([shared, planned]));
    // Asked for again, its file is needed again.
    await db.stills.want(draft, 100);
    expect(await filesToGo()).not.toContain(`stills/${stillFile(draft.id)}`);
  });

  it('go with their person, and with the render that they show', async () => {
    const person = randomUUID();
    const { clip } = keysOf('clip');
    const campaign = await newCampaign(db);
    const render = renderDraft(1, [clip], { person });
    const other = renderDraft(2, { state: 'failed', code: 'row-invalid', message: 'no' });
    await db.renders.record(campaign, [render, other], [clipDraft(clip)]);
    const [byPerson, byRender, ofOther] = [
      draftOf({ person }),
      draftOf({ render: render.id }),
      draftOf({ render: other.id }),
    ];
    for (const each of [byPerson, byRender, ofOther]) await db.stills.want(each, 100);
    await db.renders.delete(other.id);
    expect(await db.stills.find(ofOther.id)).toBeUndefined();
    await db.people.erase({ person }, []);
    for (const { id } of [byPerson, byRender]) expect(await db.stills.find(id)).toBeUndefined();
    expect(await filesToGo()).toContain(`stills/${stillFile(byRender.id)}`);
  });
});
