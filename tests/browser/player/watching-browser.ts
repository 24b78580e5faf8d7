import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBrowser } from '../../../worker/adapters/render/find-browser.ts';
import { serverBinary } from '../../services/server-binaries.ts';
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

/** As a browser in which somebody sits. */
const asPerson = [
  '--disable-blink-features=AutomationControlled',
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
];

const viewport = { width: 1000, height: 760 };

/** An empty page of a browser that records its frames. */
async function watch(context: BrowserContext): Promise<Watcher> {
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
}

/**
 * An empty page of a browser whose user keeps no cookies. That is a setting of whole browsers, which the one that
 * renders does not have. Closing its context ends it.
 */
export async function openWithoutCookies(): Promise<Watcher> {
  const profile = await mkdtemp(path.join(tmpdir(), 'bespoke-no-cookies-'));
  await mkdir(path.join(profile, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(path.join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: serverBinary('chromium'),
    viewport,
    args: [...asPerson, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  // Its processes end a moment later, and may still write until then.
  context.once(
    'close',
    () => void rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  );
  return watch(context);
}

/** Starts the browser that renders, as one that watches. */
export async function openBrowser(): Promise<WatchingBrowser> {
  const { executable, environment } = await findBrowser({
    configured: process.env.BESPOKE_BROWSER,
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    cacheDirectory: sharedCache,
  });
  const browser = await chromium.launch({
    executablePath: executable,
    args: asPerson,
    env: { ...definedOnly(process.env), ...environment },
  });

  const visit = async (options: BrowserContextOptions = {}): Promise<Watcher> =>
    watch(await browser.newContext({ viewport, ...options }));

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
