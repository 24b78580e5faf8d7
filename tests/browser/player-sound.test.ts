import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionView } from '../../video/story/engine/viewer-protocol.ts';
import { button, choice } from './player/page-parts.ts';
import { openPlayerBench, type PlayerBench } from './player/player-bench.ts';
import { paintedFrames, type Watcher } from './player/watching-browser.ts';
import { recordSound, type Heard } from './player/sound-recorder.ts';

const patient = { timeout: 15_000 };
const frameMs = 100;
let bench: PlayerBench;

beforeAll(async () => {
  bench = await openPlayerBench();
});

afterAll(() => bench?.close());

async function listen(name: string, prepare?: (page: Page) => Promise<unknown>): Promise<Watcher> {
  const film = await bench.order(name);
  const watcher = await bench.visit();
  await watcher.page.addInitScript(recordSound);
  await prepare?.(watcher.page);
  await watcher.page.goto(film.page);
  await watcher.page.locator('.begin').click();
  await choice(watcher.page, 'planning').waitFor();
  return watcher;
}

const heardOn = (page: Page): Promise<readonly Heard[]> => page.evaluate(() => window.heard);

/** What is heard now. */
async function now(page: Page): Promise<Heard> {
  const heard = (await heardOn(page)).at(-1);
  if (heard === undefined) throw new Error('There is no music.');
  return heard;
}

/** How loud sounds of scenes were at the loudest: on a busy machine one look may miss a short scene. */
const loudest = async (page: Page): Promise<number> =>
  Math.max(0, ...(await heardOn(page)).map(({ sounds }) => sounds));

/** Waits until the music is as loud as it should be. */
const untilVolume = (page: Page, volume: number) =>
  expect.poll(async () => (await now(page)).volume, patient).toBeCloseTo(volume, 3);

/** When a frame of clips of a name was due, by the page's clock: a busy browser may pass over it, but not over all after it. */
async function dueAt(page: Page, name: string, frame: number): Promise<readonly number[]> {
  const painted = await paintedFrames(page);
  const isAfter = (each: (typeof painted)[number] | undefined): boolean =>
    each !== undefined && bench.nameOf(each.clip) === name && each.frame >= frame;
  return painted
    .filter((each, at) => isAfter(each) && !isAfter(painted[at - 1]))
    .map((each) => each.atMs - (each.frame - frame) * frameMs);
}

describe('music', () => {
  it('continues evenly over loops, choices, boundaries and going back, faded in and out', async () => {
    const { page, context } = await listen('Anna');
    await untilVolume(page, 0.5);
    await choice(page, 'planning').click();
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    await button(page, 'Back').click();
    await choice(page, 'call').waitFor();
    await button(page, 'pause').click();
    await expect.poll(async () => (await now(page)).paused, patient).toBe(true);

    const heard = await heardOn(page);
    const sounding = heard.filter(({ music, paused }) => music > 0 && !paused);
    const [first] = sounding;
    const drifts = sounding.map(
      ({ atMs, music }) => atMs - (first?.atMs ?? 0) - 1000 * (music - (first?.music ?? 0)),
    );
    expect(Math.max(...drifts) - Math.min(...drifts)).toBeLessThan(frameMs);
    expect(await page.evaluate(() => window.musicEvents)).toEqual(['play', 'pause']);
    // It comes from silence, and is gone before it pauses.
    expect(first?.volume).toBeLessThan(0.1);
    expect(sounding.at(-1)?.volume).toBeLessThan(0.1);
    await context.close();
  });
});

/** Lets a voice speak in the clip of the menu. */
const withSpeech = (page: Page) =>
  page.route(/\/viewer\/(session|events)\b/, async (route) => {
    const answer = await route.fetch();
    const view = (await answer.json()) as Pick<SessionView, 'clips' | 'music'>;
    const speech = [{ fromFrame: 0, toFrame: 10_000 }];
    const clips: Record<string, SessionView['clips'][string]> = { ...view.clips };
    for (const [name, clip] of Object.entries(clips))
      if (name.includes('"menu"')) clips[name] = { ...clip, speech };
    const music = view.music && { ...view.music, underSpeech: 0.36 };
    await route.fulfill({ response: answer, json: { ...view, clips, music } });
  });

it('music is lower while a voice speaks, and comes back where none does', async () => {
  const { page, context } = await listen('Emil', withSpeech);
  await untilVolume(page, 0.5 * 0.36);
  await choice(page, 'planning').click();
  await expect
    .poll(async () => (await heardOn(page)).some(({ volume }) => volume > 0.5 * 0.4), patient)
    .toBe(true);
  await button(page, 'pause').click();
  await expect.poll(async () => (await now(page)).paused, patient).toBe(true);
  await context.close();
});

describe('sounds of scenes', () => {
  it('begin with their frame, and fade where their scene is left', async () => {
    const { page, context } = await listen('Bo');
    await choice(page, 'planning').click();
    await expect.poll(() => loudest(page), patient).toBeGreaterThan(0.2);
    await expect.poll(async () => (await now(page)).sounds, patient).toBeLessThan(0.001);
    const [due = 0] = await dueAt(page, 'feature planning', 4);
    const [began = 0, ...others] = await page.evaluate(() => window.soundsBegan);
    expect(others).toEqual([]);
    expect(Math.abs(began - due)).toBeLessThan(frameMs);
    // The ring would last for four seconds; its scene lasts eight frames more.
    const left = Math.min(...(await dueAt(page, 'menu', 0)).filter((atMs) => atMs > due));
    const after = (await heardOn(page)).filter(({ atMs }) => atMs > left);
    expect(after.some(({ sounds }) => sounds > 0.01 && sounds < 0.25)).toBe(true);
    expect(after.find(({ sounds }) => sounds < 0.01)?.atMs).toBeLessThan(left + 600);
    await context.close();
  });

  it('are asked for again when the network lost them', async () => {
    let lost = 0;
    const { page, context } = await listen('Dora', (page) =>
      page.route(/\.m4a$/, (route) => {
        if (route.request().resourceType() !== 'fetch' || lost > 0) return route.continue();
        lost += 1;
        return route.abort();
      }),
    );
    await choice(page, 'planning').click();
    await expect
      .poll(async () => (await page.evaluate(() => window.soundsBegan)).length, patient)
      .toBeGreaterThan(0);
    expect(lost).toBe(1);
    await context.close();
  });
});

describe('volume', () => {
  it('turns music and sounds down alike, mutes both, and a pause silences both', async () => {
    const { page, context } = await listen('Cleo');
    const set = (change: { volume?: number; muted?: boolean }) =>
      page.locator('bespoke-media').evaluate((media, to) => Object.assign(media, to), change);
    const ring = async (): Promise<void> => {
      await choice(page, 'planning').click();
      await expect
        .poll(async () => (await page.evaluate(() => window.soundsBegan)).length, patient)
        .toBeGreaterThan(0);
    };
    await untilVolume(page, 0.5);
    await set({ volume: 0.5 });
    await ring();
    // A full sine of this gain would be at 0.35.
    await expect.poll(() => loudest(page), patient).toBeGreaterThan(0.06);
    expect(await loudest(page)).toBeLessThan(0.12);
    expect((await now(page)).volume).toBeCloseTo(0.125, 3);
    await button(page, 'mute').click();
    await expect.poll(async () => (await now(page)).sounds, patient).toBe(0);
    expect((await now(page)).muted).toBe(true);
    await button(page, 'unmute').click();
    await untilVolume(page, 0.125);
    await choice(page, 'planning').waitFor();
    await page.evaluate(() => (window.soundsBegan = []));
    await ring();
    await button(page, 'pause').click();
    await expect.poll(async () => (await now(page)).sounds, patient).toBe(0);
    await expect.poll(async () => (await now(page)).paused, patient).toBe(true);
    await button(page, 'play').click();
    await untilVolume(page, 0.125);
    await context.close();
  });
});
