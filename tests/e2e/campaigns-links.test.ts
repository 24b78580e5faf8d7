import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hmacWith } from '../../worker/core/hmac.ts';
import { openLink, renderLinks, type LinkKind } from '../../worker/campaigns/links.ts';
import { renewLinks, withdrawLinks } from '../../worker/campaigns/manage-links.ts';
import {
  assembly,
  clipDraft,
  keysOf,
  newCampaign,
  pgliteTables,
  renderDraft,
  type TablesBackend,
} from '../conformance/tables-bench.ts';

const day = 24 * 60 * 60 * 1000;
const terms = { publicUrl: 'https://videos.example.com', linkDays: 30 };
const hmac = hmacWith(randomBytes(32));
const newLink = (): string => randomBytes(16).toString('base64url');

describe('links', () => {
  let db: TablesBackend;
  let queries = 0;
  let now = new Date();
  const parts = () => ({
    hmac,
    clock: { now: () => now },
    renders: {
      ...db.renders,
      linked: (link: string) => {
        queries += 1;
        return db.renders.linked(link);
      },
    },
  });

  beforeAll(async () => {
    db = await pgliteTables();
  });
  afterAll(() => db.close());

  /** Records a done video. @returns its id. */
  async function doneVideo(personal = true): Promise<string> {
    const campaign = await newCampaign(db);
    const { a, video, mix } = keysOf('a', 'video', 'mix');
    const path = [{ node: 'n', clip: a }];
    const plan = {
      state: 'planned',
      key: video,
      path,
      mix,
      assembly,
      durationInFrames: 60,
      personal,
    } as const;
    const draft = renderDraft(1, plan, { link: newLink() });
    await db.renders.record(campaign, [draft], [clipDraft(a)]);
    await db.clips.complete(a, { bytes: 1, renderMs: 1 });
    await db.renders.complete(draft.id);
    return draft.id;
  }

  async function addressesOf(id: string, at = new Date()) {
    const entry = await db.renders.find(id);
    return entry && renderLinks(hmac, entry, terms, at);
  }

  async function tokensOf(id: string): Promise<Readonly<Record<LinkKind, string>>> {
    const addresses = await addressesOf(id);
    if (addresses === undefined) throw new Error('The video has no addresses.');
    const tokens = Object.entries(addresses).map(([kind, address]) => {
      expect(address).toMatch(/^https:\/\/videos\.example\.com\/[fv]\/[\w-]{44}$/);
      return [kind, address.split('/')[4] ?? ''];
    });
    return Object.fromEntries(tokens) as Record<LinkKind, string>;
  }

  it('lead to the files of a video, each to its own', async () => {
    const id = await doneVideo();
    const key = (await db.renders.find(id))?.key ?? '';
    const tokens = await tokensOf(id);
    const opened = async (kind: LinkKind) => openLink(parts(), tokens[kind], terms);
    expect(await opened('video')).toMatchObject({
      kind: 'video',
      namespace: 'videos',
      name: `${key}.mp4`,
      contentType: 'video/mp4',
      personal: true,
      downloadName: 'video.mp4',
    });
    expect(await opened('poster')).toMatchObject({ namespace: 'posters', name: `${key}.jpg` });
    expect(await opened('teaser')).toMatchObject({ namespace: 'teasers', name: `${key}.gif` });
    expect(await opened('captions')).toMatchObject({ namespace: 'captions', name: `${key}.vtt` });
    const shared = await tokensOf(await doneVideo(false));
    expect(await openLink(parts(), shared.video, terms)).toMatchObject({ personal: false });
  });

  it('are none as soon as any character of them is another one', async () => {
    const { video, poster } = await tokensOf(await doneVideo());
    expect(await openLink(parts(), video, terms)).toBeDefined();
    queries = 0;
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < video.length; at += 1) {
      for (const digit of digits) {
        if (video[at] === digit) continue;
        const other = `${video.slice(0, at)}${digit}${video.slice(at + 1)}`;
        expect(await openLink(parts(), other, terms), other).toBeUndefined();
      }
    }
    // Another file's signature over another link, and the two halves changed for each other.
    const second = await tokensOf(await doneVideo());
    for (const other of [
      video.slice(0, 22) + second.video.slice(22),
      video.slice(22) + video.slice(0, 22),
      poster.slice(0, 22) + second.poster.slice(22),
    ]) {
      expect(await openLink(parts(), other, terms)).toBeUndefined();
    }
    expect(queries).toBe(0);
  });

  it('are not guessed by anything that is sent in their place, and cost no query then', async () => {
    queries = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.base64String({ minLength: 44, maxLength: 44 }),
        ),
        async (token) => {
          expect(await openLink(parts(), token, terms)).toBeUndefined();
        },
      ),
    );
    expect(await openLink(parts(), `${newLink()}${newLink()}`, terms)).toBeUndefined();
    expect(await openLink(parts(), 'a'.repeat(10_000_000), terms)).toBeUndefined();
    expect(queries).toBe(0);
  });

  it('tell nothing to who knows the tables or the secret alone', async () => {
    const id = await doneVideo();
    const { video } = await tokensOf(id);
    const { link = '' } = (await db.renders.find(id)) ?? {};
    const entry = await db.renders.find(id);
    const foreign = entry && renderLinks(hmacWith(randomBytes(32)), entry, terms, new Date());
    expect(video.startsWith(link)).toBe(true);
    expect(await openLink(parts(), foreign?.video.split('/f/')[1] ?? '', terms)).toBeUndefined();
  });

  it('work for as many days as they are given, from the end of the video on', async () => {
    const id = await doneVideo();
    const { video } = await tokensOf(id);
    const endedAt = (await db.renders.find(id))?.endedAt?.getTime() ?? 0;
    const last = endedAt + terms.linkDays * day;
    now = new Date(last - 1);
    expect(await openLink(parts(), video, terms)).toMatchObject({ expiresAt: new Date(last) });
    expect(await addressesOf(id, now)).toBeDefined();
    now = new Date(last);
    expect(await openLink(parts(), video, terms)).toBeUndefined();
    expect(await addressesOf(id, now)).toBeUndefined();
    now = new Date();
  });

  it('die when they are revoked, and come back as others', async () => {
    const id = await doneVideo();
    const { video } = await tokensOf(id);
    expect(await withdrawLinks(db, { render: id })).toBe(true);
    expect(await openLink(parts(), video, terms)).toBeUndefined();
    expect(await addressesOf(id)).toBeUndefined();
    expect(await renewLinks(db, { render: id })).toBe(true);
    const renewed = await tokensOf(id);
    expect(renewed.video).not.toBe(video);
    expect(await openLink(parts(), video, terms)).toBeUndefined();
    expect(await openLink(parts(), renewed.video, terms)).toBeDefined();
    expect(await withdrawLinks(db, { render: 'unknown' })).toBe(false);
    expect(await renewLinks(db, { render: 'unknown' })).toBe(false);
  });

  it('lead nowhere before a video is done', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const link = newLink();
    const draft = renderDraft(1, [a], { link });
    await db.renders.record(campaign, [draft], [clipDraft(a)]);
    expect(await addressesOf(draft.id)).toBeUndefined();
    const signature = Buffer.from(hmac('link', { link, kind: 'video' }), 'hex')
      .subarray(0, 16)
      .toString('base64url');
    expect(await openLink(parts(), link + signature, terms)).toBeUndefined();
    await db.clips.complete(a, { bytes: 1, renderMs: 1 });
    expect(await openLink(parts(), link + signature, terms)).toBeUndefined();
    await db.renders.complete(draft.id);
    expect(await openLink(parts(), link + signature, terms)).toBeDefined();
  });
});
