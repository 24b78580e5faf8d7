import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from './player/accessibility.ts';
import { button } from './player/page-parts.ts';
import { openPlayerBench, type PlayerBench } from './player/player-bench.ts';
import { paintedFrames } from './player/watching-browser.ts';

const patient = { timeout: 20_000 };
let bench: PlayerBench;

beforeAll(async () => {
  bench = await openPlayerBench();
});

afterAll(() => bench?.close());

/** What the focused element is called. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
  });

/** Presses Tab until an element of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let tabs = 0; (await focused(page)) !== name; tabs += 1) {
    if (tabs > 40) throw new Error(`Tab never comes to ${name}.`);
    await page.keyboard.press('Tab');
  }
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

async function openPrivacy(page: Page): Promise<void> {
  await press(page, 'Menu');
  await press(page, 'Your data and sharing');
  await page.locator('.known').first().waitFor();
}

/** Label, value and source of all values shown. */
const knownOn = (page: Page) =>
  page
    .locator('.known-text')
    .evaluateAll((all) => all.map((each) => [...each.children].map((part) => part.textContent)));

describe('the data of a viewer', () => {
  it('is refused in the words of the page', async () => {
    const film = await bench.order('Anna', { template: 'offering', record: { locale: 'de-AT' } });
    const { page, context } = await bench.open(film.page);
    await button(page, 'Menü').click();
    await button(page, 'Ihre Daten und Freigaben').click();
    const refusal = async (value: string): Promise<string | null> => {
      await page.locator('.correction-entry').fill(value);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('.problem').textContent(), { timeout: 10_000 }).not.toBe('');
      const said = await page.locator('.problem').textContent();
      await page.locator('.problem').evaluate((element) => (element.textContent = ''));
      return said;
    };
    await button(page, 'Name berichtigen').click();
    expect(await refusal('')).toBe('Der Film braucht diesen Wert.');
    expect(await refusal('ཀ')).toBe(
      'Einige dieser Zeichen können im Film nicht gezeigt werden. Bitte verwenden Sie andere.',
    );
    await context.close();
  });

  it('is read, corrected, left out, taken along and erased by keyboard alone; axe finds nothing', async () => {
    const film = await bench.order('Anna');
    const { page, problems, context } = await bench.open(film.page);
    const faults: Record<string, readonly string[]> = {};
    const news = (text: string) => page.locator('.news', { hasText: text });
    await openPrivacy(page);
    expect(await knownOn(page)).toEqual([
      ['Name', 'Anna', 'from the sender of the film'],
      ['Plan', 'Plus', 'from the sender of the film'],
    ]);
    faults.known = await faultsOf(page);

    await press(page, 'Correct Name');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: 'The film needs this value.' }).waitFor();
    faults.refused = await faultsOf(page);
    await page.keyboard.type('Bertha');
    await page.keyboard.press('Enter');
    await news('Saved.').waitFor();
    expect(await focused(page)).toBe('Correct Name');
    await press(page, 'Leave out Plan');
    await page.locator('.known-value', { hasText: 'left out of your film' }).waitFor();
    expect(await knownOn(page)).toEqual([
      ['Name', 'Bertha', 'from you'],
      ['Plan', 'left out of your film', expect.any(String)],
    ]);
    expect(await focused(page)).toBe('Use again: Plan');
    faults.changed = await faultsOf(page);

    const loading = page.waitForEvent('download');
    await press(page, 'Download all data about you');
    expect(await readFile(await (await loading).path(), 'utf8')).toContain('"Bertha"');
    await press(page, 'Make a link');
    await expect.poll(() => focused(page), patient).toBe('Link to share');
    await press(page, 'Withdraw the link');
    await news('The link is withdrawn.').waitFor();
    expect(await focused(page)).toBe('Make a link');
    expect(
      await news('The link is withdrawn.').evaluate((line) => {
        const { top, bottom } = line.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      }),
    ).toBe(true);

    await page.keyboard.press('Escape');
    await page.reload();
    await page.locator('.begin').waitFor();
    await press(page, 'Play: Watching');
    await expect
      .poll(async () => (await paintedFrames(page)).map(({ clip }) => bench.nameOf(clip)), patient)
      .toContain('greeting Bertha');

    await openPrivacy(page);
    await press(page, 'Erase everything…');
    expect(await focused(page)).toBe('Keep it');
    faults.asked = await faultsOf(page);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Everything is erased' }).waitFor();
    faults.receipt = await faultsOf(page);
    const rows = await page
      .locator('.receipt dl')
      .evaluate((list) =>
        [...list.querySelectorAll('dt')].map((term) => [
          term.textContent,
          term.nextElementSibling?.textContent,
        ]),
      );
    expect(rows).toContainEqual(['Films', '1']);
    expect(rows.filter(([kind = '', count]) => /^[a-z]/.test(kind ?? '') || count === '0')).toEqual([]);
    expect(await page.locator('.receipt').innerText()).not.toMatch(/Anna|Bertha/);
    expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([]);
    expect(problems).toEqual([]);

    await page.reload();
    await page.getByRole('heading', { name: 'This film is not available' }).waitFor();
    await context.close();
  });
});
