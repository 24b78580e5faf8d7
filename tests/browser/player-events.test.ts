import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CountedViewer, EventContent } from '../../worker/core/viewer-events.ts';
import { readWatching } from '../../worker/measurement/campaign-watching.ts';
import type { CampaignWatching } from '../../worker/measurement/watching-schema.ts';
import { newGate } from '../e2e/stub-parts.ts';
import { shopOrigin } from './player/offering.ts';
import { button, choice } from './player/page-parts.ts';
import { openPlayerBench, type OrderedFilm, type PlayerBench } from './player/player-bench.ts';

const patient = { timeout: 20_000 };
const town = newGate();
let bench: PlayerBench;

beforeAll(async () => {
  bench = await openPlayerBench((name) => (name.startsWith('place') ? town.pass() : Promise.resolve()));
});

afterAll(() => bench?.close());

/** Events of all pages of a film, in the order in which they happened. */
async function eventsOf(
  { id }: OrderedFilm,
  rights: CountedViewer['rights'] = 'owner',
): Promise<readonly EventContent[]> {
  const watching = await bench.pipeline.viewerEvents.watchingOf([id]);
  return watching
    .filter(({ viewer }) => viewer.rights === rights)
    .flatMap(({ pages }) => pages)
    .flatMap(({ events }) => events.toSorted((a, b) => a.ms - b.ms || a.seq - b.seq))
    .map(({ content }) => content);
}

/** What viewers do, without the frames that they saw meanwhile. */
const actionsOf = async (film: OrderedFilm): Promise<readonly string[]> =>
  (await eventsOf(film)).flatMap((content) => {
    if (content.type === 'watched') return [];
    return [
      [content.type, 'node' in content && content.node, 'by' in content && content.by]
        .filter(Boolean)
        .join(' '),
    ];
  });

async function watchingOf(film: OrderedFilm): Promise<CampaignWatching> {
  const watching = await readWatching(bench.pipeline, film.id);
  if (watching === undefined) throw new Error('There is no such campaign.');
  return watching;
}

/** Moves the pointer, as people do. */
async function touch(page: Page): Promise<void> {
  await page.mouse.move(100, 100);
  await page.mouse.move(140, 160);
}

/** Watches until the menu. */
async function toMenu(page: Page): Promise<void> {
  await page.locator('.begin').click();
  await choice(page, 'planning').waitFor(patient);
}

describe('the page of a film', () => {
  it('reports what its viewer sees and does', async () => {
    const film = await bench.order('Uma');
    const { page, context, problems } = await bench.open(film.page);
    await touch(page);
    await toMenu(page);
    await page.keyboard.press('Space');
    await expect.poll(() => actionsOf(film), patient).toContain('paused menu');
    await page.keyboard.press('Space');
    await choice(page, 'planning').click();
    await choice(page, 'sharing').waitFor();
    await choice(page, 'go-on').click();
    // Nothing is chosen here: the scene ends.
    await page.locator('#answer').waitFor(patient);
    town.close();
    await page.locator('#answer').fill('Ulm');
    await page.keyboard.press('Enter');
    // The viewer waits for a clip of their own.
    await expect.poll(() => town.held(), patient).toBeGreaterThan(0);
    town.open();
    const link = page.getByRole('link', { name: 'See the offer' }).first();
    await link.waitFor(patient);
    await page.locator('.end-actions').waitFor(patient);
    await button(page, 'Menu').first().click();
    await page.getByRole('switch', { name: 'Captions', exact: true }).last().click();
    await button(page, 'Your data and sharing').click();
    await button(page, 'Make a link').click();
    await page.getByLabel('Link to share').waitFor();
    await page.close();
    await expect.poll(() => actionsOf(film), patient).toContain('shared');
    expect(await actionsOf(film)).toEqual([
      ...['opened', 'interacted', 'started'],
      ...['entered welcome', 'offered menu', 'entered menu', 'paused menu', 'continued menu'],
      ...['chosen menu viewer', 'entered planning', 'offered menu', 'entered menu'],
      ...['chosen menu viewer', 'entered story', 'offered story', 'chosen story default'],
      ...['entered wrote', 'offered ask', 'entered ask', 'answered ask viewer'],
      // First the clip that is there for everybody, then their own.
      ...['entered town', 'entered town', 'link-shown offer', 'entered offer', 'ended offer'],
      ...['captions', 'privacy-opened', 'shared'],
    ]);
    const { viewers, scenes, decisions, notCounted } = await watchingOf(film);
    expect(viewers).toMatchObject({ opened: 1, started: 1, chose: 1, answered: 1, ended: 1, shared: 1 });
    expect(viewers).toMatchObject({ linkShown: 1, linkFollowed: 0, returned: 0, captions: 0 });
    expect(notCounted).toEqual({ unconfirmed: 0, machines: [] });
    expect(scenes.map(({ node, stayed, left }) => [node, stayed, left])).toEqual(
      ['welcome', 'menu', 'planning', 'story', 'wrote', 'ask', 'town', 'offer'].map((node) => [node, 1, 0]),
    );
    expect(decisions.find(({ node }) => node === 'menu')?.ways.map((way) => [way.choice, way.by])).toEqual([
      ['go-on', 'viewer'],
      ['planning', 'viewer'],
    ]);
    expect(JSON.stringify(await eventsOf(film))).not.toMatch(/Uma|Ulm/);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('reports what else can be done: jumps, captions, a question that is skipped, a link', async () => {
    const film = await bench.order('Ulla');
    const { page, context, problems } = await bench.open(film.page);
    await page.context().route(`${shopOrigin}/**`, (route) => route.fulfill({ body: 'The shop' }));
    await toMenu(page);
    await page.keyboard.press('c');
    await page.keyboard.press('c');
    await page.getByRole('slider', { name: 'seek' }).press('ArrowLeft');
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await button(page, 'Skip this question').click(patient);
    const [shop] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'See the offer' }).first().click(patient),
    ]);
    await shop.close();
    await expect.poll(() => actionsOf(film), patient).toContain('link-followed offer');
    const actions = await actionsOf(film);
    expect(actions.filter((each) => each === 'captions')).toHaveLength(2);
    for (const action of ['sought menu', 'chosen story viewer', 'answered ask skip', 'link-shown offer'])
      expect(actions).toContain(action);
    const { viewers, decisions } = await watchingOf(film);
    expect(viewers).toMatchObject({ captions: 1, linkShown: 1, linkFollowed: 1, answered: 0 });
    expect(decisions.find(({ node }) => node === 'ask')?.ways).toMatchObject([{ by: 'skip', first: 1 }]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('reports a reader as one, and a correction', async () => {
    const film = await bench.order('Ute');
    const { page, context } = await bench.open(film.page);
    await touch(page);
    await button(page, 'Menu').first().click();
    await button(page, 'Read instead of watching').click();
    await page.getByRole('region', { name: 'Reading' }).or(page.locator('.reading')).first().waitFor();
    await button(page, 'Continue').click();
    await page.locator('.reading [data-choice="planning"]').click();
    await button(page, 'Menu').first().click();
    await button(page, 'Your data and sharing').click();
    await button(page, 'Correct Name').click();
    await page.getByLabel('Name', { exact: true }).fill('Ursel');
    await button(page, 'Save').click();
    await expect.poll(() => actionsOf(film), patient).toContain('corrected');
    expect((await actionsOf(film)).slice(0, 5)).toEqual([
      ...['opened', 'interacted', 'read', 'started', 'entered welcome'],
    ]);
    const { viewers } = await watchingOf(film);
    expect(viewers).toMatchObject({ read: 1, corrected: 1, privacyOpened: 1, chose: 1, watched25: 0 });
    await context.close();
  });

  it('says where its viewer left, and that they came back', async () => {
    const film = await bench.order('Vera');
    const first = await bench.open(film.page);
    await touch(first.page);
    await toMenu(first.page);
    await first.page.close();
    await expect.poll(() => actionsOf(film), patient).toContain('entered menu');
    const left = await watchingOf(film);
    expect(left.viewers).toMatchObject({ opened: 1, ended: 0, returned: 0 });
    expect(left.scenes.filter((scene) => scene.left > 0).map(({ node }) => node)).toEqual(['menu']);
    const second = await first.context.newPage();
    await second.goto(film.page);
    await second.locator('.begin', { hasText: 'Continue' }).click();
    await choice(second, 'go-on').click();
    await second.locator('#answer').waitFor(patient);
    await second.close();
    await expect.poll(async () => (await watchingOf(film)).viewers.returned, patient).toBe(1);
    const after = await watchingOf(film);
    expect(after.viewers).toMatchObject({ opened: 1, started: 1 });
    expect(after.scenes.filter((scene) => scene.left > 0).map(({ node }) => node)).toEqual(['ask']);
    await first.context.close();
  });

  it('counts nobody where nothing was touched, and where a program uses the browser', async () => {
    const film = await bench.order('Wim');
    const scanner = await bench.open(film.page);
    await scanner.page.close();
    await expect.poll(async () => (await watchingOf(film)).notCounted.unconfirmed, patient).toBe(1);
    const { page } = await bench.visit();
    await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { value: true }));
    await page.goto(film.page);
    await touch(page);
    await toMenu(page);
    await page.close();
    await expect
      .poll(async () => (await watchingOf(film)).notCounted.machines, patient)
      .toEqual([{ reason: 'automated', pages: 1 }]);
    const { viewers, scenes } = await watchingOf(film);
    expect([viewers.opened, viewers.started, scenes]).toEqual([0, 0, []]);
  });

  it('reports nothing for who refuses, and takes back what was counted', async () => {
    const film = await bench.order('Xena');
    const { page, context } = await bench.open(film.page);
    await touch(page);
    await toMenu(page);
    await expect.poll(async () => (await watchingOf(film)).viewers.started, patient).toBe(1);
    await button(page, 'Menu').first().click();
    await page.getByRole('switch', { name: 'Let the sender see how I watch' }).click();
    await expect.poll(async () => (await watchingOf(film)).viewers.started, patient).toBe(0);
    expect(await eventsOf(film)).toEqual([]);
    // Also on their next visit.
    const again = await context.newPage();
    await again.goto(film.page);
    await again.locator('.begin').click();
    await choice(again, 'go-on').click();
    await again.locator('#answer').waitFor(patient);
    await again.close();
    await page.close();
    expect(await eventsOf(film)).toEqual([]);
    await context.close();
  });

  it('reports nothing where the browser asks not to be tracked', async () => {
    const film = await bench.order('Yann');
    const { page, context } = await bench.open(film.page, { extraHTTPHeaders: { 'Sec-GPC': '1' } });
    await touch(page);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(new URL(request.url()).pathname));
    await toMenu(page);
    await button(page, 'Menu').first().click();
    expect(await page.getByText('Let the sender see how I watch').count()).toBe(0);
    await page.close();
    expect(sent).not.toContain('/viewer/reports');
    expect(await eventsOf(film)).toEqual([]);
    await context.close();
  });
});
