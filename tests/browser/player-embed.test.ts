import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHostSite, type HostSite } from './player/host-site.ts';
import { choice, hiddenPixels } from './player/page-parts.ts';
import { openPlayerBench, type PlayerBench } from './player/player-bench.ts';
import type { Watcher } from './player/watching-browser.ts';

const patient = { timeout: 15_000 };
let bench: PlayerBench;
let site: HostSite;

beforeAll(async () => {
  bench = await openPlayerBench();
  site = await serveHostSite(bench.publicUrl);
});

afterAll(async () => {
  await site?.close();
  await bench?.close();
});

/** The frame inside the element. */
async function frameIn(page: Page): Promise<Frame> {
  await expect.poll(() => page.frames().length, patient).toBe(2);
  const [, frame] = page.frames();
  if (frame === undefined) throw new Error('The element holds no frame.');
  return frame;
}

/** The element's events on its page, from the start. */
const toldOn = (page: Page): Promise<readonly unknown[]> =>
  page.evaluate(() => (window as unknown as { events: unknown[] }).events);

/** Opens a page of the other site. */
async function visit(url: string, phone = false): Promise<Watcher & { readonly frame: Frame }> {
  const watcher = await bench.visit(phone ? { viewport: { width: 390, height: 844 } } : {});
  await watcher.page.addInitScript(() => {
    const events: unknown[] = [];
    Object.assign(window, { events });
    for (const type of ['ready', 'choice', 'ended', 'failed'])
      document.addEventListener(
        type,
        (event) => event instanceof CustomEvent && events.push(event.detail as unknown),
        true,
      );
  });
  await watcher.page.goto(url);
  return { ...watcher, frame: await frameIn(watcher.page) };
}

describe('a film in a page of another site', () => {
  it('is played by pointer, fully visible at each step, without cookies or traces, and continues later', async () => {
    const { page: address } = await bench.order('Anna');
    const { page, frame, context, problems } = await visit(site.pageWith(address), true);
    const referrers: string[] = [];
    page.on('request', (request) => referrers.push(request.headers()['referer'] ?? ''));
    await frame.locator('.begin').click();
    await choice(frame, 'planning').waitFor();
    await expect.poll(() => hiddenPixels(frame), patient).toBe(0);
    await frame.locator('.spot[data-choice="sharing"]').click();
    await choice(frame, 'go-on').click();
    await choice(frame, 'call').click();
    await frame.locator('#answer').waitFor();
    await expect.poll(() => hiddenPixels(frame), patient).toBe(0);

    await page.reload();
    const again = await frameIn(page);
    await again.locator('.begin', { hasText: 'Continue' }).click();
    await again.locator('#answer').fill('Ulm');
    await again.getByRole('button', { name: 'Continue' }).click();
    await again.getByRole('button', { name: 'Watch again' }).waitFor();
    await expect.poll(() => hiddenPixels(again), patient).toBe(0);
    expect(await toldOn(page)).toEqual([{ type: 'ready' }, { type: 'ended' }]);

    expect(await context.cookies()).toEqual([]);
    const kept = await again.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    expect(kept).not.toMatch(/[\w-]{30}/);
    expect(referrers.filter((each) => each.includes('/v/'))).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('is played by keyboard from the page and back, reports choices, and may go full screen', async () => {
    const { page: address } = await bench.order('Bo');
    const { page, frame, context } = await visit(site.pageWith(address));
    expect(await page.locator('bespoke-player').getAttribute('title')).toBe('Your film');
    const focused = () =>
      frame.evaluate(() =>
        document.activeElement instanceof HTMLElement
          ? (document.activeElement.dataset.choice ?? document.activeElement.className)
          : '',
      );
    await frame.locator('.begin').waitFor();
    await page.getByText('Before').focus();
    await page.keyboard.press('Tab');
    await expect.poll(focused, patient).toBe('begin');
    await page.keyboard.press('Enter');
    await expect.poll(focused, patient).toBe('planning');
    await page.keyboard.press('s');
    await choice(frame, 'go-on').waitFor();
    await page.keyboard.press('f');
    await expect.poll(() => frame.evaluate(() => document.fullscreenElement?.className)).toContain('player');
    expect(await page.evaluate(() => document.fullscreenElement?.localName)).toBe('bespoke-player');
    await page.keyboard.press('f');
    await expect.poll(() => frame.evaluate(() => document.fullscreenElement)).toBeNull();
    await page.keyboard.press('g');
    await choice(frame, 'call').waitFor();
    for (
      let tabs = 0;
      (await page.evaluate(() => document.activeElement?.textContent)) !== 'Behind';
      tabs += 1
    ) {
      expect(tabs).toBeLessThan(30);
      await page.keyboard.press('Tab');
    }
    expect(await toldOn(page)).toEqual([
      { type: 'ready' },
      { type: 'choice', node: 'menu', choice: 'sharing' },
      { type: 'choice', node: 'menu', choice: 'go-on' },
    ]);
    await context.close();
  });

  it('reports that its link is withdrawn, while it is watched and before', async () => {
    const film = await bench.order('Cy');
    const { page, frame, context } = await visit(site.pageWith(film.page));
    await frame.locator('.begin').click();
    await choice(frame, 'planning').waitFor();
    await bench.withdraw(film);
    await choice(frame, 'planning').click();
    await frame.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    const failed = { type: 'failed', reason: 'link-ended' };
    expect((await toldOn(page)).at(-1)).toEqual(failed);

    await page.reload();
    await (await frameIn(page)).getByRole('heading', { name: 'This film is not available' }).waitFor();
    await expect.poll(() => toldOn(page), patient).toEqual([failed]);
    await context.close();
  });

  it('is not shown in a frame that was made without the element', async () => {
    const { page: address } = await bench.order('Di');
    const { frame, context, problems } = await visit(site.pageWith(address, 'plain'));
    await expect.poll(() => problems.join(), patient).toContain("frame-ancestors 'none'");
    expect(await frame.locator('.begin').count()).toBe(0);
    await context.close();
  });
});
