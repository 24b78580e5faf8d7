import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Log } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';
import { boundCommand, toolEnvironment } from '../media/bound-command.ts';
import { BrowserGone, DevtoolsPipe } from './devtools-pipe.ts';
import type { FoundBrowser } from './find-browser.ts';

const alwaysOn = [
  '--headless=old',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--mute-audio',
  '--hide-scrollbars',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-hang-monitor',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-ipc-flooding-protection',
  '--disable-site-isolation-trials',
  '--disable-features=AudioServiceOutOfProcess,IsolateOrigins,site-per-process,Translate,BackForwardCache',
  '--enable-features=NetworkService,NetworkServiceInProcess,CanvasDrawElement',
];

/** Chromium forks its renderer processes from a zygote only with the sandbox. */
const withoutSandbox = ['--no-sandbox', '--disable-setuid-sandbox', '--no-zygote'];

/** Whether rendering processes run in the sandbox, or why they cannot. */
export type Sandbox = 'on' | 'root' | 'unsupported';

/** What is known before a browser has started: Chromium's sandbox does not work for root. */
export function expectedSandbox(userId: number | undefined): Sandbox {
  return userId === 0 ? 'root' : 'on';
}

/** Determined once: support for user namespaces does not change while a process runs. */
let unsupported = false;

/** The same pixels on every machine. */
const samePixels = [
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  '--disable-lcd-text',
  // Without a graphics card, an emulated one costs more than drawing in software.
  '--disable-gpu',
];

/** Loopback is exempt from proxies; all other requests go to a port where nothing listens. */
const loopbackOnly = [
  '--proxy-server=http://127.0.0.1:9',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
];

/** Frames are drawn on demand, not by a display's clock. A browser that cannot do this ignores these arguments. */
const frameByFrame = [
  '--enable-begin-frame-control',
  '--run-all-compositor-stages-before-draw',
  '--disable-new-content-rendering-timeout',
  '--disable-checker-imaging',
  '--in-process-gpu',
];

async function sweepProfiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    try {
      process.kill(Number(name.split('-')[0]), 0);
    } catch {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

const startTimeLimitMs = 60_000;
const lastWordsMs = 500;

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** If the system supports the sandbox only in part, the browser starts and its pages crash. */
async function assertPagesRun(pipe: DevtoolsPipe): Promise<void> {
  const { targetInfos } = await pipe.send<{ targetInfos: readonly { targetId: string; type: string }[] }>(
    'Target.getTargets',
  );
  const page = targetInfos.find(({ type }) => type === 'page');
  if (page === undefined) return;
  const { targetId } = page;
  const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  await pipe.send('Runtime.evaluate', { expression: '1' }, sessionId);
  await pipe.send('Target.detachFromTarget', { sessionId });
}

/** Whether a browser draws on demand, by file and version; an unclear answer is not remembered. */
const probed = new Map<string, boolean>();

const probeTimeLimitMs = 10_000;
const probeFrames = 100;

/**
 * Asks a new browser for one frame, because neither its name nor its version says whether it draws on demand.
 *
 * @returns `undefined` if the browser ended or did not answer in time.
 */
async function probeFrame(pipe: DevtoolsPipe): Promise<boolean | undefined> {
  const { browserContextId } = await pipe.send<{ browserContextId: string }>('Target.createBrowserContext');
  const draw = async (): Promise<boolean> => {
    const { targetId } = await pipe.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      width: 320,
      height: 180,
      enableBeginFrameControl: true,
    });
    const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    // A new tab shows nothing yet in its first frames.
    for (let frame = 0; frame < probeFrames; frame += 1) {
      const { screenshotData } = await pipe.send<{ screenshotData?: string }>(
        'HeadlessExperimental.beginFrame',
        { screenshot: { format: 'jpeg', quality: 80 } },
        sessionId,
      );
      if (screenshotData !== undefined) return true;
      await delay(10);
    }
    return false;
  };
  const late = (): Error => new BrowserGone('The browser drew no frame in time.');
  const drawn = await withinTime(draw(), probeTimeLimitMs, late).catch((error: unknown) =>
    error instanceof BrowserGone ? undefined : false,
  );
  if (drawn === true) await pipe.send('Target.disposeBrowserContext', { browserContextId });
  return drawn;
}

/** A browser did not start because of its sandbox. */
class SandboxFailure extends BespokeError {}

/** Messages of Chromium about a sandbox that the system refuses, without those that a working browser writes too. */
function namesSandbox(log: string): boolean {
  return log
    .split('\n')
    .some(
      (line) => /sandbox|namespace|credentials\.cc/i.test(line) && !/called with multiple threads/.test(line),
    );
}

/** A browser's process and the pipe to it. It ends with this process, however this process ends. */
export class RenderingBrowser {
  readonly pipe: DevtoolsPipe;
  /** Whether it draws single frames on demand. */
  readonly drawsOnDemand: boolean;
  readonly sandbox: Sandbox;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(
    process: ChildProcess,
    pipe: DevtoolsPipe,
    drawsOnDemand: boolean,
    sandbox: Sandbox,
    ended: Promise<void>,
  ) {
    this.#process = process;
    this.pipe = pipe;
    this.drawsOnDemand = drawsOnDemand;
    this.sandbox = sandbox;
    this.#ended = ended;
  }

  /**
   * Starts a browser, in its sandbox if the system supports it. Root cannot use the sandbox, and most container
   * engines forbid the user namespaces that it needs. Then the browser starts without it, which is logged once.
   *
   * @throws BespokeError `browser-missing` when it does not start.
   */
  static async launch(
    found: FoundBrowser,
    cacheDirectory: string,
    log?: Pick<Log, 'warn'>,
    expected: Sandbox = expectedSandbox(process.getuid?.()),
  ): Promise<RenderingBrowser> {
    const start = (sandbox: Sandbox): Promise<RenderingBrowser> =>
      RenderingBrowser.#start(found, cacheDirectory, sandbox).catch((error: unknown) => {
        if (error instanceof SandboxFailure || !(error instanceof BespokeError)) throw error;
        // The machine may be busy or short of memory for a while.
        return RenderingBrowser.#start(found, cacheDirectory, sandbox);
      });
    if (expected !== 'on') return start(expected);
    if (unsupported) return start('unsupported');
    try {
      return await start('on');
    } catch (error) {
      if (!(error instanceof SandboxFailure)) throw error;
      const browser = await start('unsupported');
      // The browser starts without the sandbox, so the sandbox was the cause.
      unsupported = true;
      const reason = error.message;
      log?.warn('the browser runs without its sandbox, because it does not start with it', { reason });
      return browser;
    }
  }

  /** Starts a browser that draws on demand, or takes screenshots if this one cannot. */
  static async #start(
    found: FoundBrowser,
    cacheDirectory: string,
    sandbox: Sandbox,
  ): Promise<RenderingBrowser> {
    const name = `${found.executable} ${found.version}`;
    const known = probed.get(name);
    const browser = await RenderingBrowser.#spawn(found, cacheDirectory, sandbox, known ?? true);
    if (known !== undefined) return browser;
    const drawn = await probeFrame(browser.pipe).catch(() => undefined);
    if (drawn !== undefined) probed.set(name, drawn);
    if (drawn === true) return browser;
    await browser.kill();
    return RenderingBrowser.#spawn(found, cacheDirectory, sandbox, false);
  }

  static async #spawn(
    found: FoundBrowser,
    cacheDirectory: string,
    sandbox: Sandbox,
    drawsOnDemand: boolean,
  ): Promise<RenderingBrowser> {
    const profiles = path.join(cacheDirectory, 'profiles');
    await mkdir(profiles, { recursive: true, mode: 0o700 });
    await sweepProfiles(profiles);
    const profile = await mkdtemp(path.join(profiles, `${process.pid}-`));
    const { command, args } = boundCommand(found.executable, [
      ...alwaysOn,
      ...(sandbox === 'on' ? [] : withoutSandbox),
      ...samePixels,
      ...loopbackOnly,
      ...(drawsOnDemand ? frameByFrame : []),
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ]);
    const child = spawn(command, args, {
      env: toolEnvironment(found.environment),
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      // A separate process group, so that Ctrl-C in a terminal reaches only this process.
      detached: true,
    });
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
    });
    const pipe = new DevtoolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
    const ended = new Promise<void>((resolve) => {
      const end = (why: string) => {
        const said = log
          .split('\n')
          .filter((line) => /FATAL|ERROR/.test(line))
          .at(-1);
        pipe.close(said === undefined ? why : `${why} (${said.slice(0, 200)})`);
        for (const stream of child.stdio) stream?.destroy();
        rm(profile, { recursive: true, force: true, maxRetries: 3 }).then(resolve, resolve);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => {
        // Its last output may not have been read yet.
        void withinTime(finished(child.stdio[2] as Readable), lastWordsMs, () => new Error('late'))
          .catch(() => undefined)
          .then(() => end(signal ?? `it stopped with code ${String(code)}`));
      });
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child);
    }, startTimeLimitMs);
    let answers = false;
    try {
      await pipe.send('Browser.getVersion');
      answers = true;
      if (sandbox === 'on') await assertPagesRun(pipe);
    } catch (error) {
      killGroup(child);
      await ended;
      const reason = log.split('\n').find((line) => line.trim() !== '') ?? 'it gave no reason';
      const pagesFail = answers && !late;
      const Failure = sandbox === 'on' && (pagesFail || namesSandbox(log)) ? SandboxFailure : BespokeError;
      throw new Failure(
        'browser-missing',
        `The browser ${found.executable} does not start: ${reason.trim().slice(0, 300)}`,
        { cause: error },
      );
    } finally {
      clearTimeout(timer);
    }
    return new RenderingBrowser(child, pipe, drawsOnDemand, sandbox, ended);
  }

  /** Kills it; pending commands reject with `BrowserGone`. */
  async kill(): Promise<void> {
    killGroup(this.#process);
    await this.#ended;
  }
}
