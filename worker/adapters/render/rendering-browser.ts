import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { boundCommand } from '../media/bound-command.ts';
import { DevtoolsPipe } from './devtools-pipe.ts';
import type { FoundBrowser } from './find-browser.ts';

const alwaysOn = [
  '--headless=old',
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--no-zygote',
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

/** The same pixels on every machine. */
const samePixels = [
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  '--disable-lcd-text',
  // Without a graphics card the emulated one costs more than drawing in software.
  '--disable-gpu',
];

/** Loopback is exempt from proxies; everything else goes to a port where nobody listens. */
const loopbackOnly = [
  '--proxy-server=http://127.0.0.1:9',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
];

/** Frames are drawn when asked for, not by a display's clock. Only the headless shell can do this. */
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

/** A browser's process and the pipe to it. It ends with this process, whatever ends this process. */
export class RenderingBrowser {
  readonly pipe: DevtoolsPipe;
  /** Whether single frames can be asked for. */
  readonly drawsOnDemand: boolean;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(
    process: ChildProcess,
    pipe: DevtoolsPipe,
    drawsOnDemand: boolean,
    ended: Promise<void>,
  ) {
    this.#process = process;
    this.pipe = pipe;
    this.drawsOnDemand = drawsOnDemand;
    this.#ended = ended;
  }

  /** @throws BespokeError `browser-missing` when it does not start. */
  static async launch(found: FoundBrowser, cacheDirectory: string): Promise<RenderingBrowser> {
    const profiles = path.join(cacheDirectory, 'profiles');
    await mkdir(profiles, { recursive: true });
    await sweepProfiles(profiles);
    const profile = await mkdtemp(path.join(profiles, `${process.pid}-`));
    const drawsOnDemand = /headless-shell/.test(path.basename(found.executable));
    const { command, args } = boundCommand(found.executable, [
      ...alwaysOn,
      ...samePixels,
      ...loopbackOnly,
      ...(drawsOnDemand ? frameByFrame : []),
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ]);
    const child = spawn(command, args, {
      env: { ...process.env, ...found.environment },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C in a terminal is this process's to handle.
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
      child.once('exit', (code, signal) => end(signal ?? `it stopped with code ${String(code)}`));
    });
    try {
      await pipe.send('Browser.getVersion');
    } catch (error) {
      await ended;
      const reason = log.split('\n').find((line) => line.trim() !== '') ?? 'it gave no reason';
      throw new BespokeError(
        'browser-missing',
        `The browser ${found.executable} does not start: ${reason.trim().slice(0, 300)}`,
        { cause: error },
      );
    }
    return new RenderingBrowser(child, pipe, drawsOnDemand, ended);
  }

  /** Ends it at once; whatever waits for it rejects with `BrowserGone`. */
  async kill(): Promise<void> {
    const { pid } = this.#process;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      this.#process.kill('SIGKILL');
    }
    await this.#ended;
  }
}
