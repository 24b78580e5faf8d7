import type { RenderingBrowser } from './rendering-browser.ts';

/** A frame's size in the layout, and how much smaller it is drawn. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

export type Picture = { readonly format: 'jpeg'; readonly quality: number } | { readonly format: 'png' };

/** The page's code threw, or reported that it cannot be drawn. */
export class SceneError extends Error {
  override readonly name = 'SceneError';
  /** The stack in the page, if there is one. */
  readonly trace: string;

  /** @param described an error of the page: its message, and after it the stack. */
  constructor(described: string) {
    super(firstLine(described));
    this.trace = described;
  }
}

/** The message for a scene that uses an address outside of its bundle. */
export function noNetwork(address: string): string {
  const [, family] = /^https:\/\/fonts\.gstatic\.com\/s\/([a-z0-9-]+)\//.exec(address) ?? [];
  const remedy =
    family === undefined
      ? 'Put the file into the template’s public folder, or let an image field name the address.'
      : `Install the font with npm install @fontsource/${family}: its files then take the place of Google’s. Or load its file from the template’s public folder with @remotion/fonts.`;
  return `it loads ${address}, and scenes have no network. ${remedy}`;
}

interface ExceptionDetails {
  readonly text: string;
  readonly exception?: { readonly description?: string };
}

interface Evaluation<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: ExceptionDetails;
}

/** Pixels of the drawn picture; both sides even, as the encoder requires. */
const even = (length: number): number => 2 * Math.round(length / 2);
const pictureSize = ({ width, height, scale }: PageSize) => ({
  width: even(width * scale),
  height: even(height * scale),
});

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

const describe = ({ text, exception }: ExceptionDetails): string => exception?.description ?? text;

/** Whether an address belongs to the server of the page. Footage comes from it under another name. */
const isOfPage = (address: string, page: URL): boolean => {
  const { hostname, port } = new URL(address);
  return port === page.port && ['localhost', page.hostname].includes(hostname);
};

/** The only tab of a browser, with its own storage. */
export class BrowserTab {
  readonly #browser: RenderingBrowser;
  readonly #size: PageSize;
  readonly #context: string;
  readonly #target: string;
  readonly #session: string;
  #exception: string | undefined;
  readonly #stopListening: () => void;

  private constructor(
    browser: RenderingBrowser,
    size: PageSize,
    page: URL,
    context: string,
    target: string,
    session: string,
  ) {
    this.#browser = browser;
    this.#size = size;
    this.#context = context;
    this.#target = target;
    this.#session = session;
    this.#stopListening = browser.pipe.listen((method, params, from) => {
      if (method === 'Runtime.exceptionThrown' && from === session) {
        this.#exception ??= describe(params['exceptionDetails'] as ExceptionDetails);
      }
      if (method === 'Network.requestWillBeSent' && from === session) {
        const { url } = params['request'] as { readonly url: string };
        if (/^(?:https?|wss?):/.test(url) && !isOfPage(url, page)) this.#exception ??= noNetwork(url);
      }
    });
  }

  /**
   * Opens a tab and loads the page at `url`. The layout has the given size at any scale, so that a draft breaks its
   * lines as the final does. A tab loads one page only: one that draws on demand keeps the size of its first window.
   *
   * @param script runs before the page's own.
   */
  static async open(
    browser: RenderingBrowser,
    size: PageSize,
    url: string,
    script: string,
  ): Promise<BrowserTab> {
    const { pipe, drawsOnDemand } = browser;
    const { browserContextId } = await pipe.send<{ browserContextId: string }>('Target.createBrowserContext');
    const { targetId } = await pipe.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      width: size.width,
      height: size.height,
      ...(drawsOnDemand ? { enableBeginFrameControl: true } : {}),
    });
    const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const tab = new BrowserTab(browser, size, new URL(url), browserContextId, targetId, sessionId);
    await tab.#send('Page.enable');
    await tab.#send('Runtime.enable');
    await tab.#send('Network.enable');
    await tab.#send('Page.addScriptToEvaluateOnNewDocument', { source: script });
    await tab.#navigate(url);
    // After navigation, which creates a new window of the first size.
    await tab.#fitWindow();
    return tab;
  }

  /** The first uncaught error of the page's code since `forgetException`, with its stack. */
  get exception(): string | undefined {
    return this.#exception;
  }

  forgetException(): void {
    this.#exception = undefined;
  }

  /** The value of an expression, awaited. @throws SceneError when it throws. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send<Evaluation<T>>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new SceneError(describe(exceptionDetails));
    return result.value;
  }

  /** The picture of the page; `undefined` if it has not changed since the last one. */
  async draw(picture: Picture): Promise<Buffer | undefined> {
    const { width, height, scale } = this.#size;
    if (this.#browser.drawsOnDemand) {
      const { screenshotData } = await this.#send<{ screenshotData?: string }>(
        'HeadlessExperimental.beginFrame',
        { screenshot: { ...picture, optimizeForSpeed: true } },
      );
      return screenshotData === undefined ? undefined : Buffer.from(screenshotData, 'base64');
    }
    const { data } = await this.#send<{ data: string }>('Page.captureScreenshot', {
      ...picture,
      clip: { x: 0, y: 0, width, height, scale },
      optimizeForSpeed: true,
      fromSurface: true,
    });
    return Buffer.from(data, 'base64');
  }

  /** Lets the time of one frame pass in the page, if its frames are drawn on demand. */
  async passFrame(): Promise<void> {
    await this.#send('HeadlessExperimental.beginFrame', { noDisplayUpdates: true });
  }

  /** Ends the tab and deletes its storage. */
  async close(): Promise<void> {
    this.#stopListening();
    await this.#browser.pipe.send('Target.disposeBrowserContext', { browserContextId: this.#context });
  }

  async #navigate(url: string): Promise<void> {
    const loaded = this.#browser.pipe.next('Page.loadEventFired', this.#session);
    await Promise.all([this.#send('Page.navigate', { url }), loaded]);
  }

  async #fitWindow(): Promise<void> {
    const { width, height, scale } = this.#size;
    await this.#send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
      // A screenshot is scaled by the browser.
      scale: this.#browser.drawsOnDemand ? scale : 1,
    });
    const { windowId } = await this.#browser.pipe.send<{ windowId: number }>('Browser.getWindowForTarget', {
      targetId: this.#target,
    });
    await this.#browser.pipe.send('Browser.setWindowBounds', { windowId, bounds: pictureSize(this.#size) });
  }

  #send<R>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<R> {
    return this.#browser.pipe.send<R>(method, params, this.#session);
  }
}
