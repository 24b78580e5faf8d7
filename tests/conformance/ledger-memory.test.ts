import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../worker/core/ledger.ts';
import { clipDraft, keysOf, newCampaign, videoDraft, type LedgerBackend } from './ledger-bench.ts';
import { ledgerKinds } from './ledger-kinds.ts';

describe.each(ledgerKinds)(
  'what the ledger on %s remembers from campaign to campaign',
  (_database, openBackend) => {
    let backend: LedgerBackend;
    let ledger: Ledger;

    beforeAll(async () => {
      backend = await openBackend();
      ledger = backend.ledger;
    });
    afterAll(() => backend.close());

    it('measures scenes', async () => {
      const campaign = await newCampaign(ledger);
      const { template, a, b, c } = keysOf('template', 'a', 'b', 'c');
      const drafts = [a, b, c].map((key) => clipDraft(key, { template, durationInFrames: 100 }));
      await ledger.submit(campaign, [videoDraft(1, [a, b, c])], drafts);
      expect(await ledger.sceneSpeeds(template)).toEqual([]);
      await ledger.completeClip(a, { bytes: 5_000, renderMs: 2_000 });
      await ledger.completeClip(b, { bytes: 15_000, renderMs: 6_000.4 });
      await ledger.completeClip(c, { bytes: undefined, renderMs: undefined });
      expect(await ledger.sceneSpeeds(template)).toEqual([
        { template, scene: 'scene', format: '16:9', scale: 1, framesPerSecond: 25, bytesPerFrame: 100 },
      ]);
    });

    it('remembers pictures', async () => {
      const { good, bad } = keysOf('good', 'bad');
      const fetchedAt = new Date('2026-11-22T10:00:00.123Z');
      const missing = { urlKey: bad, hash: undefined, reason: '404', fetchedAt };
      await ledger.rememberImages([{ urlKey: good, hash: 'h1', reason: undefined, fetchedAt }, missing]);
      await ledger.rememberImages([]);
      const later = { urlKey: good, hash: 'h2', reason: undefined, fetchedAt: new Date('2026-11-23') };
      await ledger.rememberImages([later]);
      const found = await ledger.images([good, bad, 'unknown']);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([later, missing]));
      expect(await ledger.images([])).toEqual([]);
    });
  },
);
