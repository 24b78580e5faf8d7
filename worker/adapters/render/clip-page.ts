import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { BrowserTab, noNetwork, SceneError, type PageSize, type Picture } from './browser-tab.ts';
import type { FrameSound } from './clip-sound.ts';
import type { RenderingBrowser } from './rendering-browser.ts';

/** One composition of the bundle with its props. */
export interface MountedClip {
  readonly composition: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly fps: number;
  readonly durationInFrames: number;
}

/** One frame of a clip. */
export interface DrawnFrame {
  readonly picture: Buffer;
  readonly sounds: readonly FrameSound[];
}

type DriverState = { readonly ready: boolean } | { readonly failed: string };

/** How long a scene may delay a frame; Remotion gives up two seconds earlier. */
const delayRenderTimeoutMs = 30_000;

const driver = readFileSync(new URL('page-driver.js', import.meta.url), 'utf8').replace(
  '__DELAY_RENDER_TIMEOUT__',
  String(delayRenderTimeoutMs),
);

/** Identifies how pages are driven: another driver may draw or play something else. */
export const driverFingerprint: string = createHash('sha256').update(driver).digest('hex').slice(0, 8);

/** Scenes of a template share its style sheets and the state of its modules: a page serves one template. */
const templateOf = ({ composition }: MountedClip): string => composition.split('--')[0] ?? composition;

/**
 * A page that keeps the bundle, its fonts and its compiled code, and shows one clip after another. Between clips all
 * components are unmounted. The bundle is loaded again before a clip of another template, and after a clip that
 * changed something in the page, so no clip affects the next.
 */
export class ClipPage {
  readonly size: PageSize;
  readonly #browser: RenderingBrowser;
  readonly #url: string;
  #tab: BrowserTab;
  #mounted: MountedClip | undefined;
  #frame: number | undefined;
  #lastPicture: Buffer | undefined;
  readonly #playable = new Set<string>();
  /** Clips mounted since the bundle was loaded. */
  #clips = 0;

  private constructor(browser: RenderingBrowser, url: string, size: PageSize, tab: BrowserTab) {
    this.size = size;
    this.#browser = browser;
    this.#url = url;
    this.#tab = tab;
  }

  /** Opens a page and loads the bundle at `url`. A page keeps its size. @throws SceneError */
  static async open(browser: RenderingBrowser, url: string, size: PageSize): Promise<ClipPage> {
    const page = new ClipPage(browser, url, size, await BrowserTab.open(browser, size, url, driver));
    await page.#assertLoaded();
    return page;
  }

  /** The frame of the mounted clip that was requested last. */
  get frame(): number | undefined {
    return this.#frame;
  }

  /** Whether other clips were drawn before the mounted one since the bundle was loaded. */
  get hasHistory(): boolean {
    return this.#clips > 1;
  }

  /** The template whose modules are loaded. */
  get template(): string | undefined {
    return this.#mounted === undefined ? undefined : templateOf(this.#mounted);
  }

  /** Loads the bundle again, so that nothing of earlier clips is left. @throws SceneError */
  async reload(): Promise<void> {
    this.#mounted = undefined;
    this.#clips = 0;
    // Close the old tab first: two tabs that draw on demand crash their browser.
    await this.#tab.close();
    this.#tab = await BrowserTab.open(this.#browser, this.size, this.#url, driver);
    await this.#assertLoaded();
  }

  /** Shows a clip; resolves when its first frame can be requested. @throws SceneError */
  async mount(clip: MountedClip): Promise<void> {
    const { composition, fps, durationInFrames, props } = clip;
    if (this.#mounted !== undefined) {
      const stays = this.template === templateOf(clip) && (await this.#clear(this.#mounted));
      if (!stays) await this.reload();
    }
    this.#tab.forgetException();
    this.#frame = undefined;
    this.#lastPicture = undefined;
    this.#clips += 1;
    this.#mounted = clip;
    await this.#settle(
      `mount(${JSON.stringify({
        type: 'composition',
        compositionName: composition,
        serializedResolvedPropsWithSchema: JSON.stringify(props),
        compositionDurationInFrames: durationInFrames,
        compositionFps: fps,
        compositionHeight: this.size.height,
        compositionWidth: this.size.width,
        compositionDefaultCodec: null,
        compositionDefaultOutName: null,
        compositionDefaultVideoImageFormat: null,
        compositionDefaultPixelFormat: null,
        compositionDefaultProResProfile: null,
        compositionDefaultSampleRate: null,
      })})`,
    );
  }

  /** Sets the clock of clips that are mounted later: so many days ahead. */
  async setClock(days: number): Promise<void> {
    await this.#call(`setClock(${days})`);
  }

  /** Draws one frame of the mounted clip. @throws SceneError */
  async draw(frame: number, picture: Picture): Promise<DrawnFrame> {
    const clip = this.#mounted;
    if (clip === undefined) throw new Error('No clip is mounted.');
    this.#frame = frame;
    await this.#settle(`seek(${frame}, ${JSON.stringify(clip.composition)})`);
    // The page has not changed: this frame looks like the one before.
    const [changed, sounds] = await Promise.all([
      this.#tab.draw(picture),
      this.#call<readonly FrameSound[]>('sounds()'),
    ]);
    const drawn = changed ?? this.#lastPicture;
    if (drawn === undefined) throw new Error('The browser drew no frame.');
    this.#lastPicture = drawn;
    for (const sound of sounds) if (sound.type !== 'inline-audio') await this.#assertPlayable(sound.src);
    return { picture: drawn, sounds };
  }

  /** Checks once for each address that it is a file of the bundle. @throws SceneError */
  async #assertPlayable(address: string): Promise<void> {
    if (this.#playable.has(address) || address.startsWith('data:')) return;
    if (!address.startsWith(this.#url)) throw new SceneError(noNetwork(address));
    const { ok } = await fetch(address, { method: 'HEAD' });
    if (!ok)
      throw new SceneError(
        `there is no file ${new URL(address).pathname.replace(/^\/public\/[^/]+/, 'public')}.`,
      );
    this.#playable.add(address);
  }

  async #assertLoaded(): Promise<void> {
    if (await this.#call<boolean>('loaded()')) return;
    throw new SceneError(this.#tab.exception ?? 'The bundle did not load.');
  }

  /**
   * Unmounts a clip. An error of its code after its last frame does not affect other clips, but its page is no longer
   * trusted.
   *
   * @returns whether the page is as it was before that clip.
   */
  async #clear({ composition }: MountedClip): Promise<boolean> {
    try {
      await this.#settle(`clear(${JSON.stringify(composition)})`);
      return await this.#call<boolean>('cleared()');
    } catch (error) {
      if (error instanceof SceneError) return false;
      throw error;
    }
  }

  /** Calls the driver, then lets frames pass until the page is ready to be captured. */
  async #settle(call: string): Promise<void> {
    const { drawsOnDemand } = this.#browser;
    let state = await this.#call<DriverState>(call);
    for (let rounds = 0; ; rounds += 1) {
      if (this.#tab.exception !== undefined) throw new SceneError(this.#tab.exception);
      if ('failed' in state) throw new SceneError(state.failed);
      if (state.ready) return;
      if (drawsOnDemand) await this.#tab.passFrame();
      if (rounds > 2 || !drawsOnDemand) await delay(Math.min(2 + rounds, 16));
      state = await this.#call<DriverState>('state()');
    }
  }

  #call<T>(call: string): Promise<T> {
    return this.#tab.evaluate<T>(`bespokeDriver.${call}`);
  }
}
