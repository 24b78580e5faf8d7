import type { Page } from 'playwright-core';
import { boundariesOf } from '../tests/browser/player/boundaries.ts';
import { openPlayerBench, type PlayerBench } from '../tests/browser/player/player-bench.ts';
import { paintedFrames } from '../tests/browser/player/watching-browser.ts';

/** What viewers wait for: a real server, worker and browser on one machine, clips that carry their frames' numbers. */
export interface WatchingFigures {
  readonly size: string;
  readonly fps: number;
  /** From opening the link to the first frame, the play button pressed as soon as it is there. Sorted. */
  readonly firstFrameMs: readonly number[];
  /** Beyond one frame's time, where a choice changes at the last moment what follows. Sorted. */
  readonly lastMomentGapMs: readonly number[];
  /** From taking a choice that leads on at once to its first frame. Sorted. */
  readonly switchMs: readonly number[];
}

const times = 6;
const film = { width: 1920, height: 1080, fps: 30 };
const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

const takenAt = (page: Page): Promise<readonly number[]> =>
  page.evaluate(() => (window as unknown as { takenAt: number[] }).takenAt);

/** Notes when choices are taken; takes one as late as the story lets it. */
async function install(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const taken: number[] = [];
    Object.assign(window, { takenAt: taken });
    document.addEventListener('click', () => taken.push(performance.now()), true);
  });
}

/** Presses a button in one of the last three frames before the decision locks. */
function takeLast(page: Page, choice: string, seconds: number): Promise<void> {
  return page.evaluate(
    ({ id, left }) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          const line = document.querySelector<HTMLElement>('.clock-line');
          const share = Number(/scaleX\((.+)\)/.exec(line?.style.transform ?? '')?.[1] ?? '1');
          const button = document.querySelector<HTMLElement>(`.choices [data-choice="${id}"]`);
          if (button !== null && share <= left) {
            button.click();
            resolve();
          } else requestAnimationFrame(look);
        };
        look();
      }),
    { id: choice, left: 3.01 / (seconds * film.fps) },
  );
}

async function watchOnce(bench: PlayerBench, name: string) {
  const { page: address } = await bench.order(name);
  const { page, context } = await bench.open(address);
  await install(page);
  await page.reload();
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const press = (): void => {
          const begin = document.querySelector<HTMLElement>('.begin');
          if (begin === null) {
            requestAnimationFrame(press);
            return;
          }
          begin.click();
          resolve(undefined);
        };
        press();
      }),
  );
  const choice = (id: string) => page.locator(`.choices [data-choice="${id}"]`);
  await choice('planning').waitFor();
  await page.waitForTimeout(1_500);
  await choice('go-on').click();
  await choice('call').waitFor();
  await takeLast(page, 'call', 5.2);
  await page.locator('#answer').waitFor();
  const frames = await paintedFrames(page);
  const boundaries = boundariesOf(frames, bench.nameOf);
  const gap = boundaries.find(({ from, to }) => from === 'dilemma' && to === 'feature called')?.gapMs;
  const switched = frames.find(({ clip }) => bench.nameOf(clip) === 'dilemma')?.atMs;
  const [, goOn] = await takenAt(page);
  await context.close();
  if (gap === undefined || switched === undefined || goOn === undefined)
    throw new Error(`The film took another way: ${boundaries.map(({ to }) => to).join(', ')}.`);
  return { firstFrame: frames[0]?.atMs ?? Number.NaN, gap: gap - 1000 / film.fps, switched: switched - goOn };
}

/** Watches a film several times and measures what viewers wait for. */
export async function measureWatching(say: (text: string) => void): Promise<WatchingFigures> {
  say('Watching: a film of 1080p30 through the player');
  const bench = await openPlayerBench(undefined, film);
  try {
    const measured = [];
    for (let time = 0; time < times; time += 1) measured.push(await watchOnce(bench, `Viewer ${time}`));
    return {
      size: `${film.width} by ${film.height}`,
      fps: film.fps,
      firstFrameMs: sorted(measured.map(({ firstFrame }) => firstFrame)),
      lastMomentGapMs: sorted(measured.map(({ gap }) => gap)),
      switchMs: sorted(measured.map(({ switched }) => switched)),
    };
  } finally {
    await bench.close();
  }
}
