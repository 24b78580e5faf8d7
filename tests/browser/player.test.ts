import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newGate } from '../e2e/stub-parts.ts';
import { faultsOf } from './player/accessibility.ts';
import { button, choice, hiddenPixels } from './player/page-parts.ts';
import { openPlayerBench, type PlayerBench } from './player/player-bench.ts';
import { paintedFrames } from './player/watching-browser.ts';

const town = newGate();
const patient = { timeout: 15_000 };
let bench: PlayerBench;

beforeAll(async () => {
  bench = await openPlayerBench(async (name) => {
    if (name.startsWith('place')) await town.pass();
  });
});

afterAll(() => bench?.close());

/** Names of the clips that were painted, each once for each time that it came on. */
async function shownOn(page: Page): Promise<readonly string[]> {
  const names = (await paintedFrames(page)).map(({ clip }) => bench.nameOf(clip));
  return names.filter((name, index) => name !== names[index - 1]);
}

describe('a playthrough', () => {
  it('by mouse: hotspots, choices, a timed decision, a question, a link; axe finds nothing', async () => {
    const { page, problems, context } = await bench.open((await bench.order('Anna')).page);
    const faults: Record<string, readonly string[]> = { beginning: await faultsOf(page) };
    await page.locator('.begin').click();
    await page.locator('.spot[data-choice="planning"]').click();
    await choice(page, 'go-on').waitFor();
    faults.hub = await faultsOf(page);
    await choice(page, 'go-on').click();
    await choice(page, 'call').waitFor();
    expect(await hiddenPixels(page)).toBe(0);
    await choice(page, 'call').click();
    faults.decision = await faultsOf(page);
    await page.locator('#answer').waitFor();
    expect(await hiddenPixels(page)).toBe(0);
    await page.locator('#answer').fill('Somewhere far away');
    await button(page, 'Continue').click();
    expect(await page.locator('.problem').textContent()).toBe('Please use 12 characters at most.');
    faults.question = await faultsOf(page);
    await page.locator('#answer').fill('Ulm');
    await button(page, 'Continue').click();
    const link = page.locator('a.call');
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('https://shop.example.com/offer');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    faults.link = await faultsOf(page);
    await button(page, 'Watch again').waitFor();
    faults.end = await faultsOf(page);
    await page.locator('.cover').getByRole('button', { name: 'Transcript' }).click();
    await page.locator('.transcript li', { hasText: 'This is your place.' }).waitFor();
    faults.transcript = await faultsOf(page);
    await page.keyboard.press('Escape');
    await button(page, 'Menu').click();
    await page.getByText('Read instead of watching').click();
    await page.locator('.reading').getByText('That was your film.').waitFor();
    faults.reading = await faultsOf(page);
    expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([]);
    const shown = new Set(await shownOn(page));
    shown.delete('feature generic');
    expect([...shown]).toEqual([
      ...['greeting Anna', 'menu', 'feature planning', 'dilemma', 'feature called', 'question'],
      ...['place Ulm', 'offer Plus'],
    ]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('by keyboard alone, with the focus where it is needed, and back where it was', async () => {
    const { page, context } = await bench.open((await bench.order('Bo')).page);
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        return at instanceof HTMLElement ? (at.dataset.choice ?? (at.id || at.className)) : '';
      });
    const tabTo = async (name: string): Promise<void> => {
      for (let tabs = 0; (await focused()) !== name; tabs += 1) {
        if (tabs > 30) throw new Error(`Tab never comes to ${name}.`);
        await page.keyboard.press('Tab');
      }
    };
    await tabTo('begin');
    await page.keyboard.press('Enter');
    await expect.poll(focused, patient).toBe('planning');
    await tabTo('go-on');
    // Noted in the page: on a busy machine one look may come after this short scene.
    await page.evaluate(() => {
      document.addEventListener('focusin', ({ target }) => {
        const { focused = '' } = document.body.dataset;
        if (target instanceof HTMLElement) document.body.dataset.focused = `${focused} ${target.className}`;
      });
    });
    await page.keyboard.press('s');
    await expect.poll(() => shownOn(page), patient).toContain('feature sharing');
    expect(await page.evaluate(() => document.body.dataset.focused)).toContain('player');
    await choice(page, 'go-on').waitFor();
    await page.keyboard.press('g');
    await choice(page, 'write').waitFor();
    expect(await page.locator('.unseen[role=status]').textContent()).toMatch(
      /^Choose: Call at once, Write a letter\. You have 5 seconds\.$/,
    );
    await page.keyboard.press('2');
    await expect.poll(focused, patient).toBe('answer');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Bonn');
    await page.keyboard.press('Enter');
    // A link is announced; the focus goes back to where it was before the question.
    await page.locator('.tray a.call').waitFor();
    expect(['', 'call']).not.toContain(await focused());
    await button(page, 'Watch again').waitFor();
    await page.keyboard.press('Enter');
    await choice(page, 'planning').waitFor();
    expect((await shownOn(page)).slice(-2)).toEqual(['greeting Bo', 'menu']);
    await context.close();
  });

  it('by touch, without time limits, and on after the page was loaded again', async () => {
    const film = await bench.order('Cleo');
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { page, context } = await bench.open(film.page, phone);
    await page.locator('.begin').tap();
    await choice(page, 'go-on').tap();
    await page.getByRole('button', { name: 'No time limits' }).tap();
    const small = await page.locator('button:visible, a:visible').evaluateAll((buttons) =>
      buttons.flatMap((each) => {
        const { width, height } = each.getBoundingClientRect();
        return Math.min(width, height) < 44 ? [each.outerHTML] : [];
      }),
    );
    expect(small).toEqual([]);
    // Longer than the decision would have been open.
    await page.waitForTimeout(3_500);
    expect(await page.locator('.clock').isVisible()).toBe(false);
    await choice(page, 'call').tap();
    await page.locator('#answer').waitFor();
    await page.reload();
    await page.locator('.begin', { hasText: 'Continue' }).tap();
    await page.getByRole('button', { name: 'Skip this question' }).tap();
    await page.locator('a.call').waitFor();
    expect(await shownOn(page)).toEqual(expect.arrayContaining(['question', 'place Hof', 'offer Plus']));
    await context.close();
  });
});

describe('a film in a language that runs from the right', () => {
  it('has a mirrored page, but neither mirrored frames nor controls, and texts in their own direction', async () => {
    const film = await bench.order('Dana', { template: 'watching-arabic' });
    const { page, problems, context } = await bench.open(film.page);
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    const left = async (selector: string): Promise<number> =>
      (await page.locator(selector).first().boundingBox())?.x ?? Number.NaN;
    const rising = async (...selectors: readonly string[]): Promise<void> => {
      const lefts = await Promise.all(selectors.map(left));
      expect([selectors, lefts]).toEqual([selectors, lefts.toSorted((a, b) => a - b)]);
    };
    await rising('.masthead .menu-button', '.masthead h1');
    await rising('.choices [data-choice="sharing"]', '.choices [data-choice="planning"]');
    await rising('.spot[data-choice="planning"]', '.spot[data-choice="sharing"]');
    await rising('media-play-button', 'media-time-range', 'media-mute-button');
    const runs = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => [
          element.closest('[lang]')?.getAttribute('lang'),
          getComputedStyle(element).direction,
        ]);
    expect(await runs('.captions span')).toEqual(['ar', 'rtl']);
    expect(await runs('.choice-label')).toEqual(['ar', 'rtl']);
    expect(await runs('media-time-range')).toEqual(['ar', 'ltr']);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('slider', { name: 'الموضع' }).waitFor();
    await page.getByRole('button', { name: 'القائمة' }).click();
    expect(await runs('.sheet h2')).toEqual(['ar', 'rtl']);
    await page.getByRole('button', { name: 'بياناتك والمشاركة' }).click();
    await page.getByRole('button', { name: 'محو كل شيء' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });
});

describe('the controls', () => {
  it('play, pause, seek, and set sound and captions, which stay as they are set', async () => {
    const { page, context } = await bench.open((await bench.order('Emil')).page);
    await page.locator('.begin').click();
    await choice(page, 'planning').waitFor();
    const film = page.locator('bespoke-media');
    const media = () =>
      film.evaluate((element) => {
        const { paused, muted, volume, currentTime } = element as HTMLMediaElement;
        return { paused, muted, volume, currentTime };
      });
    const settings = () => page.evaluate(() => JSON.stringify(localStorage));
    await button(page, 'pause').click();
    await expect.poll(media, patient).toMatchObject({ paused: true });
    await button(page, 'mute').click();
    await button(page, 'unmute').waitFor();
    expect(await media()).toMatchObject({ muted: true });
    // More of a sound that is off turns it on.
    await page.getByRole('slider', { name: 'volume' }).press('ArrowRight');
    await button(page, 'mute').waitFor();
    expect(await media()).toMatchObject({ muted: false, volume: 0.01 });
    const seek = page.getByRole('slider', { name: 'seek' });
    await seek.press('Home');
    const { currentTime } = await media();
    await seek.press('PageUp');
    await expect.poll(async () => (await media()).currentTime, patient).toBeGreaterThan(currentTime);
    const captions = page.getByRole('switch', { name: 'captions' });
    expect(await captions.getAttribute('aria-checked')).toBe('true');
    await captions.click();
    await page.locator('.captions').waitFor({ state: 'hidden' });
    expect(await captions.getAttribute('aria-checked')).toBe('false');
    await captions.click();
    await page.locator('.captions').waitFor();
    expect(await settings()).toContain('captions\\":true');

    // After reading, captions are as before, now and on the next visit.
    await button(page, 'Menu').click();
    await page.getByText('Read instead of watching').click();
    await page.locator('.reading').waitFor();
    expect(await settings()).toContain('captions\\":true');
    await button(page, 'Watch the film').click();
    await expect.poll(media, patient).toMatchObject({ paused: false });
    await button(page, 'pause').waitFor();
    expect(await captions.getAttribute('aria-checked')).toBe('true');
    await context.close();
  });
});
