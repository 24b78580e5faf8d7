import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import type { RenderingBrowser } from './rendering-browser.ts';

/** A frame's size in the layout, and how much smaller it is drawn. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** What the page shows: one composition of the bundle with its props. */
export interface MountedClip {
  readonly composition: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly fps: number;
  readonly durationInFrames: number;
}

/** The scene's own code threw, or it said that it cannot be drawn. */
export class SceneError extends Error {
  override readonly name = 'SceneError';
}

export type Picture = { readonly format: 'jpeg'; readonly quality: number } | { readonly format: 'png' };

type DriverState = { readonly ready: boolean } | { readonly failed: string };

interface Evaluation<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: ExceptionDetails;
}

interface ExceptionDetails {
  readonly text: string;
  readonly exception?: { readonly description?: string };
}

const driver = readFileSync(new URL('page-driver.js', import.meta.url), 'utf8');

/** Delays that a scene may take before a frame; Remotion gives up two seconds earlier. */
const delayRenderTimeoutMs = 30_000;

/** Pixels of the drawn picture; both sides even, as the encoder wants them. */
const even = (length: number): number => 2 * Math.round(length / 2);
const pictureSize = ({ width, height, scale }: PageSize) => ({
  width: even(width * scale),
  height: even(height * scale),
});

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

const describe = ({ text, exception }: ExceptionDetails): string => firstLine(exception?.description ?? text);

/**
 * A page that keeps the bundle, its fonts and its compiled code, and shows one clip after another.
 * Between clips all components are taken down, so nothing of one reaches the next.
 */
export class ClipPage {
  readonly size: PageSize;
  readonly #browser: RenderingBrowser;
  readonly #url: string;
  readonly #target: string;
  readonly #session: string;
  #exception: string | undefined;
  #mounted: MountedClip | undefined;
  #lastPicture: Buffer | undefined;

  private constructor(
    browser: RenderingBrowser,
    url: string,
    size: PageSize,
    target: string,
    session: string,
  ) {
    this.size = size;
    this.#browser = browser;
    this.#url = url;
    this.#target = target;
    this.#session = session;
    browser.pipe.listen((method, params, from) => {
      if (from !== session) return;
      if (method === 'Runtime.exceptionThrown') {
        this.#exception ??= describe(params['exceptionDetails'] as ExceptionDetails);
      }
    });
  }

  /**
   * Opens a page and loads the bundle at `url`. The layout has the format's size whatever the scale, so
   * that a draft breaks its lines as the final does. A page keeps its size: one that draws on demand
   * stops drawing when it is resized.
   */
  static async open(browser: RenderingBrowser, url: string, size: PageSize): Promise<ClipPage> {
    const { pipe, drawsOnDemand } = browser;
    const { targetId } = await pipe.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      width: size.width,
      height: size.height,
      ...(drawsOnDemand ? { enableBeginFrameControl: true } : {}),
    });
    const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const page = new ClipPage(browser, url, size, targetId, sessionId);
    await page.#send('Page.enable');
    await page.#send('Runtime.enable');
    await page.#send('Page.addScriptToEvaluateOnNewDocument', {
      source: driver.replace('__DELAY_RENDER_TIMEOUT__', String(delayRenderTimeoutMs)),
    });
    await page.#load();
    // Navigation makes a new window of the first size, so only now.
    await page.#fitWindow();
    return page;
  }

  /** Shows a clip; resolves when its first frame may be asked for. @throws SceneError */
  async mount(clip: MountedClip): Promise<void> {
    const { composition, fps, durationInFrames, props } = clip;
    if (this.#mounted !== undefined) {
      await this.#settle(`clear(${JSON.stringify(composition)})`);
      if (!(await this.#call<boolean>('cleared()'))) await this.#load();
    }
    this.#lastPicture = undefined;
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

  /** Draws one frame of the mounted clip. @throws SceneError */
  async draw(frame: number, picture: Picture): Promise<Buffer> {
    const clip = this.#mounted;
    if (clip === undefined) throw new Error('No clip is mounted.');
    await this.#settle(`seek(${frame}, ${JSON.stringify(clip.composition)})`);
    const data = this.#browser.drawsOnDemand
      ? await this.#drawOnDemand(picture)
      : await this.#capture(picture);
    this.#lastPicture = data;
    return data;
  }

  async #load(): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      const stop = this.#browser.pipe.listen((method, _params, from) => {
        if (from !== this.#session || method !== 'Page.loadEventFired') return;
        stop();
        resolve();
      });
    });
    await this.#send('Page.navigate', { url: this.#url });
    await loaded;
    if (!(await this.#call<boolean>('loaded()'))) {
      throw new SceneError(this.#exception ?? 'The bundle did not load.');
    }
  }

  async #fitWindow(): Promise<void> {
    const { width, height, scale } = this.size;
    await this.#send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
      // A screenshot scales by itself.
      scale: this.#browser.drawsOnDemand ? scale : 1,
    });
    const { windowId } = await this.#browser.pipe.send<{ windowId: number }>('Browser.getWindowForTarget', {
      targetId: this.#target,
    });
    await this.#browser.pipe.send('Browser.setWindowBounds', { windowId, bounds: pictureSize(this.size) });
  }

  async #drawOnDemand(picture: Picture): Promise<Buffer> {
    const { screenshotData } = await this.#send<{ screenshotData?: string }>(
      'HeadlessExperimental.beginFrame',
      { screenshot: { ...picture, optimizeForSpeed: true } },
    );
    if (screenshotData !== undefined) return Buffer.from(screenshotData, 'base64');
    // Nothing was damaged: this frame is the last one.
    if (this.#lastPicture !== undefined) return this.#lastPicture;
    throw new Error('The browser drew no frame.');
  }

  async #capture(picture: Picture): Promise<Buffer> {
    const { data } = await this.#send<{ data: string }>('Page.captureScreenshot', {
      ...picture,
      clip: { x: 0, y: 0, width: this.size.width, height: this.size.height, scale: this.size.scale },
      optimizeForSpeed: true,
      fromSurface: true,
    });
    return Buffer.from(data, 'base64');
  }

  /** Calls the driver, then lets frames pass until the page is ready to be captured. */
  async #settle(call: string): Promise<void> {
    let state = await this.#call<DriverState>(call);
    for (let rounds = 0; ; rounds += 1) {
      if (this.#exception !== undefined) throw new SceneError(this.#exception);
      if ('failed' in state) throw new SceneError(firstLine(state.failed));
      if (state.ready) return;
      if (this.#browser.drawsOnDemand) {
        await this.#send('HeadlessExperimental.beginFrame', { noDisplayUpdates: true });
      }
      if (rounds > 2 || !this.#browser.drawsOnDemand) await delay(Math.min(2 + rounds, 16));
      state = await this.#call<DriverState>('state()');
    }
  }

  async #call<T>(call: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send<Evaluation<T>>('Runtime.evaluate', {
      expression: `bespokeDriver.${call}`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new SceneError(describe(exceptionDetails));
    return result.value;
  }

  #send<R>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<R> {
    return this.#browser.pipe.send<R>(method, params, this.#session);
  }
}
