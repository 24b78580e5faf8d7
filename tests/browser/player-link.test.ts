import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from './player/accessibility.ts';
import { serveHostSite, type HostSite } from './player/host-site.ts';
import { buttonArea, shopOrigin } from './player/offering.ts';
import { button } from './player/page-parts.ts';
import { openPlayerBench, type OrderedFilm, type PlayerBench } from './player/player-bench.ts';

const patient = { timeout: 15_000 };
const own = `${shopOrigin}/r?c=1093&sig=a%20b`;
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

const order = (record: object = {}, more: object = {}): Promise<OrderedFilm> =>
  bench.order('Anna', { template: 'offering', record, ...more });

/** The nodes at which the viewer followed the link, as the server knows them. */
async function followed({ id }: OrderedFilm): Promise<readonly string[]> {
  const sessions = await bench.pipeline.viewers.sessionsOf(id);
  return sessions
    .flatMap(({ events }) => events)
    .flatMap(({ entry: { event } }) => (event.type === 'follow' ? [event.node] : []));
}

/** Pages that a page opens, which nobody serves. */
async function watchOpened(page: Page): Promise<readonly string[]> {
  const opened: string[] = [];
  await page.context().route(`${shopOrigin}/**`, (route) => {
    opened.push(route.request().url());
    expect(route.request().headers()['referer']).toBeUndefined();
    return route.fulfill({ body: 'A shop', contentType: 'text/html' });
  });
  return opened;
}

const isPaused = (page: Page) =>
  page.locator('bespoke-media').evaluate((element) => (element as HTMLMediaElement).paused);

describe('a film without choices that has a call to action', () => {
  it('in the picture: its button leads to the address of the customer, and the film waits', async () => {
    const film = await order({ locale: 'fr-CA', link: own });
    const { page, problems, context } = await bench.open(film.page);
    const opened = await watchOpened(page);
    expect(await page.title()).toBe('Une offre');
    await button(page, 'Lire: Une offre').click();
    const painted = page.locator('a.spot');
    await painted.waitFor();
    await page.keyboard.press('k');
    await expect.poll(() => isPaused(page), patient).toBe(true);
    const link = page.locator('.tray a.call');
    for (const each of [painted, link]) {
      expect(await each.getAttribute('href')).toBe(`${own}&from=film`);
      expect(await each.getAttribute('target')).toBe('_blank');
      expect(await each.getAttribute('rel')).toBe('noopener noreferrer');
      expect(await each.getAttribute('aria-label')).toBe('La voir (s’ouvre dans un nouvel onglet)');
    }
    const picture = await page.locator('.picture').boundingBox();
    const box = await painted.boundingBox();
    if (picture === null || box === null) throw new Error('Nothing is shown.');
    expect(box.x).toBeCloseTo(picture.x + buttonArea.x * picture.width, 0);
    expect(box.y).toBeCloseTo(picture.y + buttonArea.y * picture.height, 0);
    expect(box.width).toBeCloseTo(buttonArea.width * picture.width, 0);
    expect(box.height).toBeCloseTo(buttonArea.height * picture.height, 0);
    const faults = await faultsOf(page);
    await page.keyboard.press('k');
    const [shop] = await Promise.all([context.waitForEvent('page'), painted.click()]);
    await shop.waitForLoadState();
    expect(opened).toEqual([`${own}&from=film`]);
    expect(await isPaused(page)).toBe(true);
    expect(await painted.isVisible()).toBe(true);
    await expect.poll(() => followed(film), patient).toEqual(['offer']);
    expect(faults).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('by keyboard, without taking the focus when it appears; at the end and for readers it is still there', async () => {
    const film = await order();
    const { page, context } = await bench.open(film.page);
    await watchOpened(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const link = page.locator('.tray a.call');
    await link.waitFor();
    await expect
      .poll(() => page.locator('.unseen[role=status]').textContent(), patient)
      .toBe('There is a link: See it.');
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(false);
    await link.focus();
    const [first] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')]);
    await first.close();
    await page.keyboard.press('k');
    await button(page, 'Watch again').waitFor();
    const last = page.locator('.cover a.call');
    const [second] = await Promise.all([context.waitForEvent('page'), last.press('Enter')]);
    await second.close();
    expect(await last.isVisible()).toBe(true);
    await expect.poll(() => followed(film), patient).toEqual(['offer', 'end']);
    await button(page, 'Menu').click();
    await page.getByText('Read instead of watching').click();
    await page.locator('.reading a.call').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await context.close();
  });

  it('needs no new tab for a call or a mail, and says in which language its words are', async () => {
    const to = 'mailto:hello@example.com';
    const film = await order({ locale: 'de-AT' }, { link: { to, query: { subject: 'Mein Film' } } });
    const { page, context } = await bench.open(film.page, { viewport: { width: 390, height: 844 } });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.locator('.begin').click();
    const link = page.locator('.tray a.call');
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe(`${to}?subject=Mein%20Film`);
    expect(await link.getAttribute('target')).toBeNull();
    expect(await link.getAttribute('aria-label')).toBe('See it');
    expect(await link.locator('span').getAttribute('lang')).toBe('en');
    await context.close();
    const french = await order({ locale: 'de-AT' }, { link: { to, label: { fr: 'Écrire' } } });
    const other = await bench.open(french.page);
    await other.page.locator('.begin').click();
    const said = other.page.locator('.tray a.call span');
    await said.waitFor();
    expect([await said.textContent(), await said.getAttribute('lang')]).toEqual(['Écrire', 'fr']);
    await other.context.close();
  });

  it('in a page of another site, which is told that it was followed', async () => {
    const film = await order({ link: own });
    const { page, context } = await bench.visit();
    await watchOpened(page);
    await page.addInitScript(() => {
      const events: unknown[] = [];
      Object.assign(window, { events });
      document.addEventListener(
        'follow',
        (event) => event instanceof CustomEvent && events.push(event.detail as unknown),
        true,
      );
    });
    await page.goto(site.pageWith(film.page));
    await expect.poll(() => page.frames().length, patient).toBe(2);
    const [, frame] = page.frames();
    if (frame === undefined) throw new Error('The element holds no frame.');
    await frame.locator('.begin').click();
    await frame.locator('a.spot').waitFor();
    const [shop] = await Promise.all([context.waitForEvent('page'), frame.locator('a.spot').click()]);
    await shop.close();
    const told = () => page.evaluate(() => (window as unknown as { events: unknown[] }).events);
    await expect.poll(told, patient).toEqual([{ type: 'follow', node: 'offer' }]);
    await context.close();
  });
});
