import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jointsOf, missingFrames, type Joint } from './player/joints.ts';
import { button, choice } from './player/page-parts.ts';
import { openPlayerBench, type PlayerBench } from './player/player-bench.ts';
import { paintedFrames, type Watcher } from './player/watching-browser.ts';

const patient = { timeout: 15_000 };
const frameMs = 100;
const lengths: Readonly<Record<string, number>> = { dilemma: 30 };
let bench: PlayerBench;

beforeAll(async () => {
  bench = await openPlayerBench();
});

afterAll(() => bench?.close());

const jointsOn = async (page: Page): Promise<readonly Joint[]> =>
  jointsOf(await paintedFrames(page), bench.nameOf);

declare global {
  interface Window {
    longestStallMs: number;
  }
}

/** Runs in a page: a clock that notices when nothing could run. */
function watchForStalls(): void {
  window.longestStallMs = 0;
  let last = performance.now();
  window.setInterval(() => {
    const now = performance.now();
    window.longestStallMs = Math.max(window.longestStallMs, now - last);
    last = now;
  }, 10);
}

/** Names of the clips that were painted, each once for each time that it came on. */
async function shownOn(page: Page): Promise<readonly string[]> {
  const names = (await paintedFrames(page)).map(({ clip }) => bench.nameOf(clip));
  return names.filter((name, index) => name !== names[index - 1]);
}

describe.each([
  { stage: 'Media Source', asked: '', screens: 1 },
  { stage: 'two elements', asked: '?swap=1', screens: 2 },
])('with $stage', ({ asked, screens }) => {
  async function open(name: string): Promise<Watcher> {
    const watcher = await bench.open((await bench.order(name)).page + asked);
    expect(await watcher.page.locator('bespoke-media video').count()).toBe(screens);
    await watcher.page.locator('.begin').click();
    await choice(watcher.page, 'planning').waitFor();
    return watcher;
  }

  /** Walks on from the hub, and comes to a question. */
  async function walkToQuestion() {
    const { page, problems, context } = await open('Dora');
    await page.evaluate(watchForStalls);
    // The hub goes round while nobody decides.
    await page.waitForTimeout(2_600);
    await choice(page, 'planning').click();
    await page.waitForTimeout(2_000);
    await choice(page, 'go-on').click();
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    const joints = await jointsOn(page);
    const stalledMs = await page.evaluate(() => window.longestStallMs);
    await context.close();
    const atEnds = joints.filter(({ from, to }) => from !== 'menu' || to === 'menu');
    const missing = atEnds.map((joint) => ({
      joint,
      frames: missingFrames(joint, lengths[joint.from] ?? 12),
    }));
    return { joints, atEnds, problems, stalledMs, wrong: missing.filter(({ frames }) => frames !== 0) };
  }

  it('a joint misses, doubles and blackens no frame where the next clip was there', async () => {
    let walk = await walkToQuestion();
    // A machine that stood still tells nothing about joints: browsers leave out what is late.
    for (let more = 2; more > 0 && walk.wrong.length > 0 && walk.stalledMs > frameMs; more -= 1)
      walk = await walkToQuestion();
    const { joints, atEnds, problems, wrong } = walk;
    expect(wrong).toEqual([]);
    const loops = atEnds.filter(({ from, to }) => from === to);
    expect(loops.length).toBeGreaterThan(0);
    expect(atEnds.filter((joint) => !loops.includes(joint)).map(({ from, to }) => `${from} > ${to}`)).toEqual(
      [
        'greeting Dora > menu',
        'feature planning > menu',
        'dilemma > feature called',
        'feature called > question',
      ],
    );
    const chosen = joints.filter(({ from, to }) => from === 'menu' && to !== 'menu');
    expect(chosen.map(({ to }) => to)).toEqual(['feature planning', 'dilemma']);
    // Under load a page is not told of every frame, but each is counted: none before the first told was left out.
    expect(chosen.filter(({ enteredAt, painted }) => enteredAt >= painted)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('goes back, goes on after the page was loaded again, and captions keep up', async () => {
    const { page, problems, context } = await open('Emil');
    const caption = (text: string) => page.locator('.captions', { hasText: text });
    await caption('What shall we look at?').waitFor();
    await choice(page, 'go-on').click();
    await caption('A customer waits.').waitFor();
    await choice(page, 'call').click();
    await page.locator('#answer').waitFor();
    await caption('Where are you?').waitFor();
    await button(page, 'Back').click();
    await choice(page, 'write').waitFor();
    await caption('A customer waits.').waitFor();
    await choice(page, 'write').click();
    await page.locator('#answer').waitFor();
    expect((await shownOn(page)).slice(-6)).toEqual([
      ...['dilemma', 'feature called', 'question', 'dilemma', 'feature wrote', 'question'],
    ]);

    await page.reload();
    await page.locator('.begin', { hasText: 'Continue' }).click();
    await caption('Where are you?').waitFor();
    await page.locator('#answer').fill('Ulm');
    await button(page, 'Continue').click();
    await caption('This is your place.').waitFor();
    await button(page, 'pause').click();
    await expect
      .poll(
        () =>
          page
            .locator('bespoke-media video')
            .evaluateAll((videos) => (videos as HTMLVideoElement[]).every(({ paused }) => paused)),
        patient,
      )
      .toBe(true);
    await button(page, 'play').click();
    await button(page, 'Watch again').waitFor();
    const shown = (await shownOn(page)).filter((name) => name !== 'feature generic');
    expect(shown).toEqual(['question', 'place Ulm', 'offer Plus']);
    expect(problems).toEqual([]);
    await context.close();
  });
});
