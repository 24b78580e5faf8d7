import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { shareSchema } from '../../video/story/viewer-data-schema.ts';
import { eventsAppendedSchema, sessionSchema } from '../../video/story/viewer-schema.ts';
import { longestLog } from '../../worker/core/viewers.ts';
import { newGate } from '../e2e/stub-parts.ts';
import { faultsOf } from './player/accessibility.ts';
import { boundariesOf } from './player/boundaries.ts';
import { choice, watchWaits } from './player/page-parts.ts';
import { openPlayerBench, type OrderedFilm, type PlayerBench } from './player/player-bench.ts';
import { openWithoutCookies, paintedFrames } from './player/watching-browser.ts';

const town = newGate();
const broken = new Set<string>();
const patient = { timeout: 20_000 };
let bench: PlayerBench;

beforeAll(async () => {
  bench = await openPlayerBench(async (name) => {
    if (name.startsWith('place')) await town.pass();
    if (broken.has(name)) throw new BespokeError('scene-failed', 'It is broken.');
  });
});

afterAll(() => bench?.close());

const namesOn = async (page: Page): Promise<readonly string[]> =>
  (await paintedFrames(page)).map(({ clip }) => bench.nameOf(clip));

/** A link of a film for watching only. */
async function share({ page }: OrderedFilm): Promise<string> {
  const post = async (path: string, body: object, access = ''): Promise<unknown> =>
    (
      await fetch(bench.publicUrl + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${access}` },
        body: JSON.stringify(body),
      })
    ).json();
  const opened = await post('/viewer/session', { link: page.split('/v/')[1], carry: 'memory' });
  const { access } = sessionSchema.parse(opened);
  return shareSchema.parse(await post('/viewer/share', {}, access)).url;
}

/** Tells a page that its tab is seen or not: a headless browser shows all of its tabs. */
const setVisibility = (page: Page, state: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((now) => {
    Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

const pausedOn = (page: Page): Promise<boolean | undefined> =>
  page.evaluate(() => document.querySelector<HTMLMediaElement>('bespoke-media')?.paused);

describe('a session', () => {
  it('continues where another tab has led it, and ends with its link', async () => {
    const film = await bench.order('Eva');
    const first = await bench.open(film.page);
    await first.page.locator('.begin').click();
    await choice(first.page, 'planning').waitFor();
    const second = await first.context.newPage();
    await second.goto(film.page);
    await second.locator('.begin', { hasText: 'Continue' }).click();
    await choice(second, 'go-on').click();
    await choice(second, 'write').waitFor();
    // This tab still stands at the hub.
    await choice(first.page, 'sharing').click();
    await first.page.locator('.notice', { hasText: 'in another tab' }).waitFor();
    await first.page.locator('#answer').waitFor();
    expect((await namesOn(first.page)).at(-1)).toBe('question');

    await bench.withdraw(film);
    await first.page.getByRole('button', { name: 'Skip this question' }).click();
    await first.page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    expect(await first.page.locator('bespoke-media').count()).toBe(0);
    await first.context.close();
  });

  it.each(['cookie', 'memory'])(
    'begins again with the film that its link shows by now, with a pass in %s',
    async (carry) => {
      const film = await bench.order('Ada');
      const { page, context, problems } = await bench.visit();
      await page.goto(carry === 'cookie' ? film.page : `${film.page}?embed=1`);
      await page.locator('.begin').click();
      await choice(page, 'planning').waitFor();
      const origin = new URL(film.page).origin;
      const now = async () => {
        const data = { link: film.page.split('/v/')[1], carry: 'memory' };
        const opened = await context.request.post(`${origin}/viewer/session`, { data });
        const { log } = sessionSchema.parse(await opened.json());
        return z
          .array(z.object({ to: z.string() }))
          .parse(log)
          .map(({ to }) => to);
      };
      await expect.poll(now, patient).toEqual(['welcome', 'menu']);
      await bench.rename(film, 'Grace');
      expect(await now()).toEqual([]);
      // What the page does next is about a film that is gone.
      await choice(page, 'sharing').click();
      await expect.poll(now, patient).toEqual(['welcome', 'menu']);
      expect(problems.filter((each) => !each.includes('401'))).toEqual([]);
      await context.close();
    },
  );

  it('goes on in a browser that keeps no cookies', async () => {
    const film = await bench.order('Ida');
    const { page, context, problems } = await openWithoutCookies();
    await page.goto(film.page);
    await page.locator('.begin').click();
    await choice(page, 'go-on').click();
    await choice(page, 'write').click();
    await page.locator('#answer').waitFor();
    await page.getByRole('button', { name: 'Menu' }).first().click();
    await page.getByRole('button', { name: 'Your data and sharing' }).click();
    await page.getByRole('button', { name: 'Correct Name' }).waitFor();
    expect(await context.cookies()).toEqual([]);
    // One request found out that the cookie is missing.
    expect(problems.join()).toContain('401');
    expect(problems.filter((each) => !each.includes('401'))).toEqual([]);
    await context.close();
  });

  it('of a shared link is the same one after its cookie is gone', async () => {
    const film = await bench.order('Jo');
    const { page, context } = await bench.open(await share(film));
    await page.locator('.begin').click();
    await choice(page, 'planning').click();
    await choice(page, 'go-on').waitFor();
    await context.clearCookies();
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    const sessions = () => bench.pipeline.viewers.sessionsOf(film.id);
    await expect
      .poll(
        async () =>
          (await sessions())
            .filter(({ session }) => session.rights === 'play')
            .map(({ events }) => events.at(-1)?.entry.to),
        patient,
      )
      .toEqual(['ask']);
    await context.close();
  });

  it('goes on in the first of eleven films that one browser has open', async () => {
    const film = await bench.order('Lu');
    const { page, context } = await bench.open(film.page);
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    // Each opening of a shared link is a session with a cookie of its own, as another film is.
    const shared = await share(await bench.order('Other'));
    for (let others = 0; others < 10; others += 1) {
      const data = { link: shared.split('/v/')[1], carry: 'both' };
      const opened = await context.request.post(`${bench.publicUrl}/viewer/session`, { data });
      expect(opened.status()).toBe(200);
    }
    expect(await context.cookies(`${bench.publicUrl}/viewer/session`)).toHaveLength(10);
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    const log = async () =>
      (await bench.pipeline.viewers.sessionsOf(film.id)).flatMap(({ events }) =>
        events.map(({ entry }) => entry.to),
      );
    await expect.poll(log, patient).toContain('ask');
    await context.close();
  });

  it('of a page that is refused is reported as broken, not as a dead link, and opens when it is asked again', async () => {
    const film = await bench.order('Mo');
    const { page, context } = await bench.open(film.page);
    let refuses = true;
    await context.route('**/viewer/events', (route) =>
      refuses ? route.fulfill({ status: 401, body: '<h1>Sign in</h1>' }) : route.continue(),
    );
    await page.locator('.begin').click();
    await page.getByRole('heading', { name: 'The film cannot be shown' }).waitFor();
    refuses = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    await context.close();
  });

  it('rests while nobody sees it, with the time of its decision', async () => {
    const film = await bench.order('Nia');
    const { page, context } = await bench.open(film.page);
    await page.locator('.begin').click();
    await choice(page, 'go-on').click();
    await choice(page, 'call').waitFor();
    await setVisibility(page, 'hidden');
    await expect.poll(() => pausedOn(page), patient).toBe(true);
    const frames = (await paintedFrames(page)).length;
    // The decision takes 5.2 seconds.
    await page.waitForTimeout(7_000);
    expect((await paintedFrames(page)).length - frames).toBeLessThanOrEqual(1);
    expect(await choice(page, 'call').isVisible()).toBe(true);
    await setVisibility(page, 'visible');
    await expect.poll(() => pausedOn(page), patient).toBe(false);
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    expect(await namesOn(page)).toContain('feature called');

    // What its viewer has paused stays so.
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.querySelector<HTMLMediaElement>('bespoke-media')?.pause());
    await setVisibility(page, 'hidden');
    await setVisibility(page, 'visible');
    expect(await pausedOn(page)).toBe(true);
    await context.close();
  });

  it('begins again, playing, when its log is full', async () => {
    const film = await bench.order('Ute');
    const { page, context } = await bench.open(film.page);
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    const origin = new URL(film.page).origin;
    const opening = { link: film.page.split('/v/')[1], carry: 'memory' };
    const opened = await context.request.post(`${origin}/viewer/session`, { data: opening });
    const { access, log } = sessionSchema.parse(await opened.json());
    const headers = { authorization: `Bearer ${access}` };
    let after = log.length;
    for (let full = false; !full;) {
      const events = Array.from({ length: 100 }, (_, index) => {
        const event = { type: 'time-limits', on: index % 2 === 1 };
        return { id: `limits-${after + index}`, event };
      });
      const sent = await context.request.post(`${origin}/viewer/events`, {
        headers,
        data: { run: 0, after, events },
      });
      const { outcome, log: lines } = eventsAppendedSchema.parse(await sent.json());
      full = outcome === 'refused';
      after += lines.length;
    }
    // This tab does not know the lines yet.
    await choice(page, 'planning').click();
    await page.locator('.notice', { hasText: 'in another tab' }).waitFor();
    await choice(page, 'sharing').click();
    // Nothing was pressed since.
    const now = async () => {
      const answer = await context.request.get(`${origin}/viewer/session`, { headers });
      const view = sessionSchema.parse(await answer.json());
      return {
        run: view.run,
        log: z
          .array(z.object({ to: z.string() }))
          .parse(view.log)
          .map(({ to }) => to),
      };
    };
    await expect.poll(now, patient).toEqual({ run: longestLog, log: ['welcome', 'menu'] });
    await choice(page, 'planning').click();
    await expect.poll(async () => (await now()).log, patient).toContain('planning');
    await context.close();
  });

  it('plays offline as far as it has fetched, and sends its events when it is back', async () => {
    const { page, context } = await bench.open((await bench.order('Finn')).page);
    await page.locator('.begin').click();
    await choice(page, 'go-on').waitFor();
    await expect
      .poll(async () => (await namesOn(page)).filter((name) => name === 'menu').length, patient)
      .toBeGreaterThan(14);
    // What was watched, and the two scenes after the button.
    const fetchedClips = (): Promise<number> =>
      page.evaluate(
        () =>
          performance
            .getEntriesByType('resource')
            .filter(({ name }) => new URL(name).pathname.startsWith('/c/')).length,
      );
    await expect.poll(fetchedClips, patient).toBe(4);
    await context.setOffline(true);
    await choice(page, 'go-on').click();
    await page.locator('.notice', { hasText: 'You are offline' }).waitFor();
    await choice(page, 'call').click();
    expect(await namesOn(page)).toContain('dilemma');
    await context.setOffline(false);
    await page.locator('.notice').waitFor({ state: 'hidden' });
    await page.locator('#answer').waitFor();
    await page.reload();
    await page.locator('.begin', { hasText: 'Continue' }).click();
    await page.locator('#answer').waitFor();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await choice(page, 'call').waitFor();
    await context.close();
  });
});

/** Corrects the name in the panel that the menu leads to. */
async function correctName(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Correct Name' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.keyboard.press('Escape');
}

describe('a film whose viewer corrects a value', () => {
  it('says that it is being updated, and that it could not be, and is watched after another try', async () => {
    broken.add('greeting Nemo');
    const { page, context } = await bench.open((await bench.order('Olga')).page);
    await page.getByRole('button', { name: 'Menu' }).first().click();
    await page.getByRole('button', { name: 'Your data and sharing' }).click();
    await correctName(page, 'Nemo');
    const sorry = page.getByRole('heading', { name: 'Your film could not be updated' });
    await sorry.waitFor();
    expect(await page.locator('bespoke-media').count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await page.reload();
    await sorry.waitFor();

    broken.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    expect(await namesOn(page)).toContain('greeting Nemo');
    expect(await namesOn(page)).not.toContain('greeting Olga');
    await expect.poll(() => page.locator('.remaking').textContent(), patient).toBe('');
    await context.close();
  });
});

describe('a clip that is not there yet', () => {
  it('is made again where it was there, and its file is gone', async () => {
    const { renders, clips: clipTable, store } = bench.pipeline;
    const film = await bench.order('Kay');
    const path = (await renders.find(film.id))?.path ?? [];
    const clips = await clipTable.find(path.map(({ clip }) => clip));
    for (const { key } of clips) await store.remove('clips', `${key}.mp4`);
    const { page, context } = await bench.open(film.page);
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    expect(await namesOn(page)).toEqual(expect.arrayContaining(['greeting Kay', 'menu']));
    await context.close();
  });

  it('is replaced by its generic clip, in a loop, until it is rendered', async () => {
    const { page, context, problems } = await bench.open((await bench.order('Gita')).page);
    await page.locator('.begin').click();
    await choice(page, 'go-on').click();
    await choice(page, 'write').click();
    await page.locator('#answer').fill('Köln');
    town.close();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect
      .poll(async () => (await namesOn(page)).filter((name) => name === 'feature generic').length, patient)
      .toBeGreaterThan(20);
    town.open();
    await page.locator('a.call').waitFor();
    const boundaries = boundariesOf(await paintedFrames(page), bench.nameOf).map(
      ({ from, to }) => `${from} > ${to}`,
    );
    expect(boundaries).toEqual(
      expect.arrayContaining([
        ...['question > feature generic', 'feature generic > feature generic'],
        ...['feature generic > place Köln', 'place Köln > offer Plus'],
      ]),
    );
    // Nothing black was ever on screen, and nothing that is no clip.
    expect((await namesOn(page)).filter((name) => name.startsWith('unknown'))).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('comes in time at 1.5 Mbit/s', async () => {
    const { page, context } = await bench.open((await bench.order('Hugo')).page);
    const tools = await context.newCDPSession(page);
    const throughput = 1_500_000 / 8;
    const slow = { latency: 80, downloadThroughput: throughput, uploadThroughput: throughput };
    await tools.send('Network.emulateNetworkConditions', { ...slow, offline: false });
    await page.reload();
    const waits = await watchWaits(page);
    await page.locator('.begin').click();
    await choice(page, 'planning').click();
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    const boundaries = boundariesOf(await paintedFrames(page), bench.nameOf);
    expect(boundaries.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['menu', 'feature planning', 'dilemma', 'feature called', 'question']),
    );
    // How long a boundary takes depends on the machine; that nothing had to be waited for does not.
    expect(await waits()).toEqual([]);
    // Where there is something to wait for, this is seen.
    await tools.send('Network.emulateNetworkConditions', { ...slow, offline: true });
    await page.locator('#answer').fill('Bern');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(async () => (await waits()).join(), patient).toContain('You are offline');
    await context.close();
  });
});
