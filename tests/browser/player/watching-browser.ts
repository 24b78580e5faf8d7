import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBrowser } from '../../../worker/adapters/render/find-browser.ts';
import { sharedCache } from '../../services/shared-cache.ts';
import { recordFrames, type PaintedFrame } from './frame-recorder.ts';

/** A page that watches, and what went wrong in it. */
export interface Watcher {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: readonly string[];
}

/** A real browser whose pages record the frames that they paint. */
export interface WatchingBrowser {
  /** An empty page. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Watcher>;
  /** The page of a film that can begin. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<Watcher>;
  readonly close: () => Promise<void>;
}

const definedOnly = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** Starts the browser that renders, as one that watches. */
export async function openBrowser(): Promise<WatchingBrowser> {
  const { executable, environment } = await findBrowser({
    configured: process.env.BESPOKE_BROWSER,
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    cacheDirectory: sharedCache,
  });
  const browser = await chromium.launch({
    executablePath: executable,
    env: { ...definedOnly(process.env), ...environment },
  });

  const visit = async (options: BrowserContextOptions = {}): Promise<Watcher> => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 760 }, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    // The benchmark's loader gives functions their names by a helper that no page has.
    await page.addInitScript({ content: 'globalThis.__name = (made) => made;' });
    await page.addInitScript(recordFrames);
    return { context, page, problems };
  };

  return {
    visit,
    open: async (url, options) => {
      const watcher = await visit(options);
      await watcher.page.goto(url);
      await watcher.page.locator('.begin').waitFor();
      return watcher;
    },
    close: () => browser.close(),
  };
}

/** The frames that a page has painted. */
export const paintedFrames = (page: Page): Promise<readonly PaintedFrame[]> =>
  page.evaluate(() => window.paintedFrames);
