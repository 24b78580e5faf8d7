import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type TablesBackend,
  clipDraft,
  keysOf,
  newCampaign,
  tableBackends,
  renderDraft,
} from './tables-bench.ts';

describe.each(tableBackends)(
  'what the tables on %s remember from campaign to campaign',
  (_database, openBackend) => {
    let db: TablesBackend;

    beforeAll(async () => {
      db = await openBackend();
    });
    afterAll(() => db.close());

    it('measures scenes', async () => {
      const campaign = await newCampaign(db);
      const { template, a, b, c } = keysOf('template', 'a', 'b', 'c');
      const drafts = [a, b, c].map((key) => clipDraft(key, { template, durationInFrames: 100 }));
      await db.renders.record(campaign, [renderDraft(1, [a, b, c])], drafts);
      expect(await db.clips.sceneSpeeds(template)).toEqual([]);
      await db.clips.complete(a, { bytes: 5_000, renderMs: 2_000 });
      await db.clips.complete(b, { bytes: 15_000, renderMs: 6_000.4 });
      await db.clips.complete(c, { bytes: undefined, renderMs: undefined });
      expect(await db.clips.sceneSpeeds(template)).toEqual([
        { template, scene: 'scene', format: '16:9', scale: 1, framesPerSecond: 25, bytesPerFrame: 100 },
      ]);
    });

    it('remembers pictures', async () => {
      const { good, bad } = keysOf('good', 'bad');
      const fetchedAt = new Date('2026-11-22T10:00:00.123Z');
      const missing = { urlKey: bad, hash: undefined, reason: '404', fetchedAt };
      await db.clips.rememberImages([{ urlKey: good, hash: 'h1', reason: undefined, fetchedAt }, missing]);
      await db.clips.rememberImages([]);
      const later = { urlKey: good, hash: 'h2', reason: undefined, fetchedAt: new Date('2026-11-23') };
      await db.clips.rememberImages([later]);
      const found = await db.clips.images([good, bad, 'unknown']);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([later, missing]));
      expect(await db.clips.images([])).toEqual([]);
    });
  },
);
