import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import {
  openBrowser,
  paintedFrames,
  type WatchingBrowser,
} from '../tests/browser/player/watching-browser.ts';
import type { OpenPipeline } from '../worker/compose.ts';
import type { Quality } from '../worker/core/campaigns.ts';
import { personalScenes, type CampaignKind } from './campaign/template.ts';
import { withServer, type Client } from './serving.ts';

/** How long a viewer waits for a film whose shared clips are stored and whose personal ones are not. */
export interface OpeningFigures {
  readonly quality: Quality;
  /** From opening the link to the first frame, of a film that begins with a shared clip. Sorted. */
  readonly sharedFirstMs: readonly number[];
  /** The same of a film that begins with a clip of this viewer alone, which is rendered meanwhile. Sorted. */
  readonly personalFirstMs: readonly number[];
}

const times = 3;

/** Takes the clips that are this viewer's alone from the store, as a store would that let them go. */
async function losePersonalClips(
  { pipeline: { renders, clips: clipTable, store } }: OpenPipeline,
  id: string,
  kind: CampaignKind,
): Promise<void> {
  const personal: readonly string[] = personalScenes[kind];
  const video = await renders.find(id);
  const clips = await clipTable.find(video?.path.map(({ clip }) => clip) ?? []);
  for (const { key, scene } of clips) {
    if (personal.includes(scene)) await store.remove('clips', `${key}.mp4`);
  }
}

async function firstFrame(page: Page): Promise<number> {
  for (;;) {
    const [first] = await paintedFrames(page);
    if (first !== undefined) return first.atMs;
    await sleep(20);
  }
}

/** Orders a film and waits for it. @returns its id and the path of its page. */
async function orderFilm(client: Client, customerId: string, kind: CampaignKind, quality: Quality) {
  const id = await client.order(customerId, kind, quality);
  for (;;) {
    const { status, links } = await client.status(id);
    if (status.state === 'failed') throw new Error('The video failed.');
    if (links.page !== undefined) return { id, page: new URL(links.page).pathname };
    await sleep(200);
  }
}

/** Opens a link in a browser that has never seen us, and presses the button as soon as it is there. */
async function openLink(browser: WatchingBrowser, url: string): Promise<number> {
  const { page, context } = await browser.open(url);
  await page.locator('.begin').click();
  const ms = await firstFrame(page);
  await context.close();
  return ms;
}

/** Measures the opening of links with a real renderer, a real server and a real browser on one machine. */
export async function measureOpening(
  folder: string,
  quality: Quality,
  say: (text: string) => void,
): Promise<OpeningFigures> {
  const browser = await openBrowser();
  try {
    return await withServer(path.join(folder, 'opening'), async (open, client) => {
      const worker = await open.startWorker();
      const measure = async (kind: CampaignKind): Promise<readonly number[]> => {
        const measured: number[] = [];
        const film = await orderFilm(client, kind, kind, quality);
        for (let time = 0; time < times; time += 1) {
          await losePersonalClips(open, film.id, kind);
          measured.push(await openLink(browser, `${client.origin}${film.page}`));
          say(`opening: ${kind}, first frame after ${(measured.at(-1) ?? 0).toFixed(0)} ms`);
        }
        return measured.toSorted((a, b) => a - b);
      };
      try {
        return {
          quality,
          sharedFirstMs: await measure('reference'),
          personalFirstMs: await measure('everything'),
        };
      } finally {
        await worker.stop('abort');
      }
    });
  } finally {
    await browser.close();
  }
}
