import { isDeepStrictEqual } from 'node:util';
import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { Log, Metrics } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';
import type { PageSize } from './browser-tab.ts';
import { type BundleServer, serveBundle } from './bundle-server.ts';
import { ClipPage } from './clip-page.ts';
import { BrowserGone } from './devtools-pipe.ts';
import type { FoundBrowser } from './find-browser.ts';
import { RenderingBrowser } from './rendering-browser.ts';

/** How pages are opened, and their limits. */
export interface PoolOptions {
  readonly found: () => Promise<FoundBrowser>;
  /** Folder of the bundle that pages load. */
  readonly bundle: () => Promise<string>;
  readonly cacheDirectory: string;
  /** A browser is replaced after this many clips, which bounds its memory. */
  readonly rendersPerBrowser: number;
  /** If a page loads for longer, its browser is killed. */
  readonly loadTimeLimitMs: number;
  readonly browserStarted: (why: BrowserStart) => void;
  readonly log: Pick<Log, 'warn'> | undefined;
}

/** Why a browser was started: as an additional one, or to replace one that ended. */
type BrowserStart = Parameters<Metrics['browserStarted']>[0];

/** A browser with its one page. */
interface Desk {
  readonly browser: RenderingBrowser;
  readonly page: ClipPage;
  renders: number;
}

/** A page lent for one clip; it is alone in its browser. */
export interface Lease {
  readonly page: ClipPage;
  /** The page can be used again. */
  readonly giveBack: () => Promise<void>;
  /** Something failed, or the page hangs: its browser is killed. */
  readonly discard: (why: Exclude<BrowserStart, 'first'>) => Promise<void>;
}

/**
 * Keeps browsers open with their pages loaded, as many as clips are rendered at the same time. Each page has its own
 * browser: two pages that draw on demand crash it, and a page that hangs affects no other clip.
 */
export class PagePool {
  readonly #idle: Desk[] = [];
  readonly #busy = new Set<Desk>();
  /** Browsers whose page is loading. */
  readonly #opening = new Set<RenderingBrowser>();
  #closes = 0;
  /** The largest number of pages that were lent at the same time. */
  #mostBusy = 0;
  /** Why browsers ended that are not replaced yet. */
  readonly #ended: BrowserStart[] = [];
  #server: Promise<BundleServer> | undefined;
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @throws BespokeError `browser-missing`, `bundle-failed`, `clip-timeout`; SceneError, BrowserGone */
  async lease(size: PageSize, template: string): Promise<Lease> {
    const desk = (await this.#takeIdle(size, template)) ?? (await this.#openDesk(size, template));
    this.#busy.add(desk);
    this.#mostBusy = Math.max(this.#mostBusy, this.#busy.size);
    desk.renders += 1;
    const discard: Lease['discard'] = async (why) => {
      if (this.#busy.delete(desk)) this.#ended.push(why);
      await desk.browser.kill();
    };
    return {
      page: desk.page,
      discard,
      giveBack: async () => {
        if (desk.renders >= this.#options.rendersPerBrowser) return discard('recycled');
        this.#busy.delete(desk);
        this.#idle.push(desk);
      },
    };
  }

  async close(): Promise<void> {
    this.#closes += 1;
    const desks = [...this.#idle.splice(0), ...this.#busy];
    this.#busy.clear();
    const browsers = [...desks.map(({ browser }) => browser), ...this.#opening];
    await Promise.all(browsers.map((browser) => browser.kill()));
    await this.#server?.then((server) => server.close()).catch(() => undefined);
    this.#server = undefined;
  }

  /**
   * An idle page of this size, if possible one that has loaded the template; another one must load it. Pages of other
   * sizes stay open, as many as are lent at the same time, so that alternating formats do not start a browser for
   * each clip. Beyond that, the least recently used one is closed.
   */
  async #takeIdle(size: PageSize, template: string): Promise<Desk | undefined> {
    const fitting = this.#idle.filter(({ page }) => isDeepStrictEqual(page.size, size));
    const chosen = fitting.find(({ page }) => page.template === template) ?? fitting[0];
    if (chosen !== undefined) {
      this.#idle.splice(this.#idle.indexOf(chosen), 1);
      return chosen;
    }
    const full = this.#idle.length + this.#busy.size + 1 > 2 * Math.max(1, this.#mostBusy);
    const other = full ? this.#idle.shift() : undefined;
    if (other !== undefined) {
      this.#ended.push('recycled');
      await other.browser.kill();
    }
    return undefined;
  }

  async #openDesk(size: PageSize, template: string): Promise<Desk> {
    const closes = this.#closes;
    const [server, found] = await Promise.all([this.#serve(), this.#options.found()]);
    const browser = await RenderingBrowser.launch(found, this.#options.cacheDirectory, this.#options.log);
    if (closes !== this.#closes) {
      await browser.kill();
      throw new BrowserGone('The renderer was closed.');
    }
    this.#options.browserStarted(this.#ended.shift() ?? 'first');
    this.#opening.add(browser);
    let late = false;
    try {
      const page = await withinTime(
        ClipPage.open(browser, server.url, size),
        this.#options.loadTimeLimitMs,
        () => {
          late = true;
          return this.#loadTimeout(template);
        },
      );
      return { browser, page, renders: 0 };
    } catch (error) {
      this.#ended.push(late ? 'timeout' : 'crashed');
      await browser.kill();
      throw error;
    } finally {
      this.#opening.delete(browser);
    }
  }

  /** A page loads the modules of all templates, so the cause may be another template. */
  #loadTimeout(template: string): BespokeError {
    return errors.pageTimedOut({ template, seconds: this.#options.loadTimeLimitMs / 1000 });
  }

  #serve(): Promise<BundleServer> {
    this.#server ??= this.#options.bundle().then(serveBundle);
    this.#server.catch(() => (this.#server = undefined));
    return this.#server;
  }
}
