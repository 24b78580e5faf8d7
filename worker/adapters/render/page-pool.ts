import { isDeepStrictEqual } from 'node:util';
import { serveBundle, type BundleServer } from './bundle-server.ts';
import { ClipPage, type PageSize } from './clip-page.ts';
import type { FoundBrowser } from './find-browser.ts';
import { RenderingBrowser } from './rendering-browser.ts';

/** What pages are opened with, and for how long. */
export interface PoolOptions {
  readonly found: () => Promise<FoundBrowser>;
  /** Folder of the bundle that pages load. */
  readonly bundle: () => Promise<string>;
  readonly cacheDirectory: string;
  /** A browser is replaced after this many clips, which bounds its memory. */
  readonly rendersPerBrowser: number;
}

/** One browser and its pages, until it is retired. */
class Generation {
  idle: ClipPage[] = [];
  busy = 0;
  renders = 0;
  retired = false;
  /** Set when a clip that took too long took the browser with it. */
  killed = false;
  readonly browser: RenderingBrowser;

  constructor(browser: RenderingBrowser) {
    this.browser = browser;
  }
}

/** A page lent for one clip. */
export interface Lease {
  readonly page: ClipPage;
  /** Whether another lease's `kill` ended the browser under this one. */
  readonly killedByOther: () => boolean;
  /** The page is as good as new. */
  readonly giveBack: () => Promise<void>;
  /** Something went wrong in the page; it is closed. */
  readonly discard: () => Promise<void>;
  /** The browser hangs; it is ended with all its pages. */
  readonly kill: () => Promise<void>;
}

/** Keeps one browser open and its pages warm, and replaces both when they are used up or broken. */
export class PagePool {
  #generation: Promise<Generation> | undefined;
  #server: Promise<BundleServer> | undefined;
  readonly #living = new Set<Generation>();
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @throws BespokeError `browser-missing`, `bundle-failed`; BrowserGone */
  async lease(size: PageSize): Promise<Lease> {
    const [server, generation] = await Promise.all([this.#serve(), this.#current()]);
    generation.busy += 1;
    generation.renders += 1;
    if (generation.renders >= this.#options.rendersPerBrowser) this.#retire(generation);
    try {
      const page =
        (await this.#takeIdle(generation, size)) ??
        (await ClipPage.open(generation.browser, server.url, size));
      return this.#lend(generation, page);
    } catch (error) {
      this.#retire(generation);
      await this.#release(generation);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#generation?.catch(() => undefined);
    this.#generation = undefined;
    await Promise.all([...this.#living].map((generation) => this.#end(generation)));
    await this.#server?.then((server) => server.close()).catch(() => undefined);
    this.#server = undefined;
  }

  #lend(generation: Generation, page: ClipPage): Lease {
    let killedByThis = false;
    return {
      page,
      killedByOther: () => generation.killed && !killedByThis,
      giveBack: async () => {
        generation.idle.push(page);
        await this.#release(generation);
      },
      discard: async () => {
        await page.close();
        await this.#release(generation);
      },
      kill: async () => {
        if (!generation.killed) {
          generation.killed = true;
          killedByThis = true;
        }
        this.#retire(generation);
        await this.#release(generation);
        await this.#end(generation);
      },
    };
  }

  /** An idle page of this size; the others make room, since work rarely comes back to their size soon. */
  async #takeIdle(generation: Generation, size: PageSize): Promise<ClipPage | undefined> {
    const fitting = generation.idle.filter((page) => isDeepStrictEqual(page.size, size));
    const others = generation.idle.filter((page) => !fitting.includes(page));
    const page = fitting.pop();
    generation.idle = fitting;
    await Promise.all(others.map((each) => each.close()));
    return page;
  }

  #serve(): Promise<BundleServer> {
    this.#server ??= this.#options.bundle().then(serveBundle);
    this.#server.catch(() => (this.#server = undefined));
    return this.#server;
  }

  #current(): Promise<Generation> {
    if (this.#generation !== undefined) return this.#generation;
    const launched = this.#options.found().then(async (found) => {
      const generation = new Generation(await RenderingBrowser.launch(found, this.#options.cacheDirectory));
      this.#living.add(generation);
      return generation;
    });
    this.#generation = launched;
    launched.catch(() => {
      if (this.#generation === launched) this.#generation = undefined;
    });
    return launched;
  }

  /** No further clip gets a page of this browser. */
  #retire(generation: Generation): void {
    if (generation.retired) return;
    generation.retired = true;
    this.#generation = undefined;
  }

  async #release(generation: Generation): Promise<void> {
    generation.busy -= 1;
    if (generation.retired && generation.busy === 0) await this.#end(generation);
  }

  async #end(generation: Generation): Promise<void> {
    this.#living.delete(generation);
    await generation.browser.kill();
  }
}
