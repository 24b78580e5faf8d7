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

    it('remembers which clips and scenes play something, and says so of the renders that show them', async () => {
      const campaign = await newCampaign(db);
      const { template, a, b } = keysOf('template', 'a', 'b');
      const drafts = [
        clipDraft(a, { template, scene: 'spoken' }),
        clipDraft(b, { template, scene: 'silent' }),
      ];
      const renders = [renderDraft(1, [a, b]), renderDraft(2, [b])];
      await db.renders.record(campaign, renders, drafts);
      const sounds = async () =>
        Promise.all(renders.map(async ({ id }) => (await db.renders.findPlanned(id))?.planned?.hasClipSound));
      expect([await sounds(), await db.clips.soundingScenes(template)]).toEqual([[false, false], new Set()]);
      await db.clips.addSound(a);
      await db.clips.complete(a, { bytes: 1, renderMs: 1 });
      expect(await sounds()).toEqual([true, false]);
      expect(await db.clips.soundingScenes(template)).toEqual(new Set(['spoken']));
      expect(await db.clips.sounding([a, b, 'unknown'])).toEqual(new Set([a]));
    });

    it('remembers pictures', async () => {
      const { good, bad } = keysOf('good', 'bad');
      const fetchedAt = new Date('2026-11-22T10:00:00.123Z');
      const missing = { urlKey: bad, hash: undefined, reason: '404', fetchedAt, needed: false };
      await db.clips.rememberImages([
        { urlKey: good, hash: 'h1', reason: undefined, fetchedAt, needed: true },
        missing,
      ]);
      await db.clips.rememberImages([]);
      const later = {
        ...{ urlKey: good, hash: 'h2', reason: undefined, fetchedAt: new Date('2026-11-23'), needed: true },
      };
      // Looked at by a forecast, it is needed all the same.
      await db.clips.rememberImages([{ ...later, needed: false }]);
      const found = await db.clips.images([good, bad, 'unknown']);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([later, missing]));
      expect(await db.clips.images([])).toEqual([]);
    });

    it('forgets pictures that were looked at and never needed, with their files, after two days', async () => {
      const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
      const keys = keysOf('old', 'fresh', 'planned', 'shown', 'gone', 'twin');
      const { silent, heard } = keysOf('silent', 'heard');
      const { old, fresh, planned, shown, gone, twin } = keys;
      const looked = { reason: undefined, fetchedAt: days(3), needed: false };
      await db.clips.rememberImages([
        { ...looked, urlKey: old, hash: `hash-${old}` },
        { ...looked, urlKey: fresh, hash: `hash-${fresh}`, fetchedAt: days(1) },
        { ...looked, urlKey: planned, hash: `hash-${planned}` },
        { ...looked, urlKey: shown, hash: `hash-${shown}` },
        { ...looked, urlKey: gone, hash: undefined, reason: 'the server answered 404' },
        // Another address of the same picture.
        { ...looked, urlKey: twin, hash: `hash-${fresh}` },
        ...[silent, heard].map((key) => ({ ...looked, urlKey: `spoken-${key}`, hash: `spoken-${key}` })),
      ]);
      const wanted = await db.clips.needImages([planned, gone, 'unknown']);
      expect(new Map(wanted.map(({ urlKey, needed }) => [urlKey, needed]))).toEqual(
        new Map([
          [planned, true],
          [gone, false],
        ]),
      );
      const { clip } = keysOf('clip');
      const photo = { kind: 'stored', hash: `hash-${shown}` };
      const inputs = { card: { photo }, spoken: [{ text: 'Hi', hash: `spoken-${heard}` }] };
      const campaign = await newCampaign(db);
      await db.renders.record(campaign, [renderDraft(1, [clip])], [clipDraft(clip, { inputs })]);

      await db.clips.forgetUnneededImages();
      const left = await db.clips.images(Object.values(keys));
      expect(left.map(({ urlKey }) => urlKey).toSorted()).toEqual([fresh, planned].toSorted());
      const removals = await db.people.removals(100_000);
      const files = removals.map(({ name }) => name.split('.')[0]);
      // What a voice said that no clip came to say goes too: the sound, and its times.
      const speech = removals.filter(({ name }) => name.includes(silent) || name.includes(heard));
      expect(speech.map(({ namespace, name }) => `${namespace} ${name}`).toSorted()).toEqual(
        [`speech spoken-${silent}.json`, `speech spoken-${silent}.wav`].toSorted(),
      );
      const hashes = [old, fresh, planned, shown].map((key) => `hash-${key}`);
      expect(hashes.filter((hash) => files.includes(hash))).toEqual([`hash-${old}`]);
    });
  },
);
