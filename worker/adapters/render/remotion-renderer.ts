import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import { frameSize } from '../../../video/story/format.ts';
import { inlineImage } from '../../core/image-resolver.ts';
import type { ClipRender, FrameDrawer, Log, Metrics, Renderer } from '../../core/ports.ts';
import type { NamedFolder } from '../templates/find-templates.ts';
import { type PageSize, SceneError } from './browser-tab.ts';
import { bundleOnce } from './bundle.ts';
import { ClipEncoder, encoderFingerprint } from './clip-encoder.ts';
import { type ClipPage, driverFingerprint, type MountedClip } from './clip-page.ts';
import { ClipSound } from './clip-sound.ts';
import { makeCodeHash } from './code-hash.ts';
import { BrowserGone } from './devtools-pipe.ts';
import { findOwnPlace } from './find-own-place.ts';
import { findBrowser, type FoundBrowser } from './find-browser.ts';
import { type Lease, PagePool } from './page-pool.ts';
import { redactInputs } from './redact-inputs.ts';

/** A scene's error message without its personal inputs. */
function withoutInputs(
  message: string,
  { inputs, personalInputs = Object.keys(inputs) }: ClipRender,
): string {
  const personal = Object.fromEntries(personalInputs.map((name) => [name, inputs[name]]));
  return redactInputs(message, personal).slice(0, 300);
}

/** What was being drawn. */
export interface DrawnClip {
  readonly clip: ClipRender;
  /** The frame that was requested last; `undefined` before the first one. */
  readonly frame: number | undefined;
}

const placeOf = ({ clip: { scene, excerpt, template }, frame }: DrawnClip) => ({
  ...{ scene: excerpt?.scene ?? scene, template, frame },
});

/** The error for a clip that could not be drawn. Other errors are returned as they are. */
async function drawingFailure(
  error: unknown,
  drawn: DrawnClip,
  bundle: Promise<string>,
  templates: readonly NamedFolder[],
): Promise<unknown> {
  if (error instanceof SceneError) {
    const folders = templates.map(({ folder }) => folder);
    const source = await findOwnPlace(error.trace, { bundle: await bundle, root: projectRoot, folders });
    const facts = { ...placeOf(drawn), source, why: withoutInputs(error.message, drawn.clip) };
    return /delayRender\(\).*not cleared/.test(error.message)
      ? errors.sceneWaited(facts)
      : errors.sceneFailed(facts);
  }
  if (error instanceof BrowserGone) {
    return errors.sceneInterrupted({ ...placeOf(drawn), why: error.message }, { cause: error });
  }
  return error;
}

/** The failure of a clip that was not finished within the time limit, or of which a frame was not. */
function clipTimeout(
  drawn: DrawnClip,
  late: 'clip' | 'frame',
  limitMs: number,
  cause: unknown,
): BespokeError {
  const facts = { ...placeOf(drawn), seconds: limitMs / 1000 };
  return late === 'clip' ? errors.sceneTimedOut(facts, { cause }) : errors.sceneStuck(facts, { cause });
}

/**
 * Reports one finished video to Remotion's licence service, as `renderMedia` does. Nothing waits for it, and a failure
 * is only logged.
 */
function reportVideo(licenseKey: string, log: Log | undefined): void {
  import('@remotion/licensing')
    .then(({ registerUsageEvent }) =>
      registerUsageEvent({ event: 'cloud-render', host: null, succeeded: true, licenseKey }),
    )
    .catch((error: unknown) => {
      log?.warn('licence call failed', { reason: error instanceof Error ? error.name : 'unknown' });
    });
}

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** What the renderer needs; everything but the cache has a default. */
export interface RendererOptions {
  /** Absolute folder of this machine for files that can be made again: bundles, browsers, profiles. */
  readonly cacheDirectory: string;
  /** Path or name of the browser to use; unset: one is searched for. */
  readonly browser?: string | undefined;
  /** Absolute; calls `registerRoot` and lists a composition for every scene. Unset: one is made for the templates. */
  readonly entryPoint?: string | undefined;
  readonly templates: readonly NamedFolder[];
  /** If a clip takes longer, it fails and its browser is killed. */
  readonly clipTimeLimitMs: number;
  /** If a frame takes longer, its scene or its browser hangs. */
  readonly frameTimeLimitMs?: number;
  readonly rendersPerBrowser?: number;
  /** How long a page may load, with the modules of all templates. */
  readonly loadTimeLimitMs?: number;
  /** Remotion's licence key, if the deployment needs one. */
  readonly licenceKey?: string | undefined;
  readonly log?: Log;
  readonly metrics?: Pick<Metrics, 'browserStarted'>;
}

const version = (name: string): string => {
  const require = createRequire(import.meta.url);
  return (require(`${name}/package.json`) as { version: string }).version;
};

const sizeOf = ({ format, encoding }: ClipRender): PageSize => ({
  ...frameSize(format),
  scale: encoding.scale,
});

async function mounted(clip: ClipRender): Promise<MountedClip> {
  const images = await Promise.all(
    Object.entries(clip.images).map(async ([hash, file]) => [hash, await inlineImage(file)] as const),
  );
  return {
    composition: `${clip.template}--${clip.excerpt?.scene ?? clip.scene}`,
    props: { inputs: clip.inputs, images: Object.fromEntries(images), format: clip.format },
    fps: clip.fps,
    durationInFrames: clip.excerpt?.of ?? clip.durationInFrames,
  };
}

async function drawClip(
  page: ClipPage,
  clip: ClipRender,
  file: string,
  signal: AbortSignal,
  progressed: () => void,
  onFrame: (frame: number, jpeg: Buffer) => void,
): Promise<string | undefined> {
  const encoder = new ClipEncoder(clip.encoding, clip.fps, file);
  const sound = new ClipSound(clip, `${file}.wav`);
  const first = clip.excerpt?.from ?? 0;
  try {
    await page.mount(await mounted(clip));
    progressed();
    for (let frame = 0; frame < clip.durationInFrames; frame += 1) {
      signal.throwIfAborted();
      const drawn = await page.draw(first + frame, { format: 'jpeg', quality: clip.encoding.jpegQuality });
      onFrame(frame, drawn.picture);
      await Promise.all([encoder.write(drawn.picture), sound.take(frame, drawn.sounds)]);
    }
    // All frames are there: mixing the sound of a long clip takes longer than a frame may.
    const mixing = setInterval(progressed, 5_000);
    try {
      const [mixed] = await Promise.all([sound.mix(signal), encoder.finish()]);
      return mixed;
    } finally {
      clearInterval(mixing);
    }
  } catch (error) {
    await encoder.abandon();
    throw error;
  } finally {
    await sound.clear();
  }
}

/** A renderer that also draws single frames, to look for mistakes in scenes. */
export type RemotionRenderer = Renderer & FrameDrawer;

/**
 * Draws clips with Remotion's bundle in a browser that is kept open. Pages stay loaded between clips, so a clip costs
 * little more than its frames. Clips may be rendered at the same time; each has its own page and encoder.
 */
export function makeRemotionRenderer(options: RendererOptions): RemotionRenderer {
  const {
    cacheDirectory,
    entryPoint,
    templates,
    clipTimeLimitMs,
    frameTimeLimitMs = 30_000,
    licenceKey,
    rendersPerBrowser = 250,
    loadTimeLimitMs = 60_000,
  } = options;
  let found: Promise<FoundBrowser> | undefined;
  const browser = () => {
    found ??= findBrowser({ configured: options.browser, root: projectRoot, cacheDirectory });
    found.catch(() => (found = undefined));
    return found;
  };
  let bundled: Promise<string> | undefined;
  const bundle = () => {
    const sources = { entryPoint, templates, root: projectRoot };
    bundled ??= bundleOnce(sources, cacheDirectory);
    bundled.catch(() => (bundled = undefined));
    return bundled;
  };
  const pool = new PagePool({
    found: browser,
    bundle,
    cacheDirectory,
    rendersPerBrowser,
    loadTimeLimitMs,
    log: options.log,
    browserStarted: (why) => options.metrics?.browserStarted(why),
  });
  const codeHash = makeCodeHash({
    root: projectRoot,
    templates,
    clipHost: path.join(projectRoot, 'video/studio/clip-host.tsx'),
    transitions: path.join(projectRoot, 'video/studio/transition.tsx'),
  });

  /**
   * Lends a page to `draw`, within the time limit. A clip that fails on a page which has drawn other clips is drawn
   * again on a fresh page: another clip may have caused the failure.
   */
  async function withPage<T>(
    clip: ClipRender,
    draw: (page: ClipPage, onFrame: () => void) => Promise<T>,
  ): Promise<T> {
    const limits = { clip: clipTimeLimitMs, frame: Math.min(frameTimeLimitMs, clipTimeLimitMs) };
    const timers: NodeJS.Timeout[] = [];
    let late: keyof typeof limits | undefined;
    let lease: Lease | undefined;
    try {
      const lent = await pool.lease(sizeOf(clip), clip.template);
      lease = lent;
      const limit = (what: keyof typeof limits): NodeJS.Timeout => {
        const timer = setTimeout(() => {
          late ??= what;
          void lent.discard('timeout');
        }, limits[what]);
        timers.push(timer);
        return timer;
      };
      limit('clip');
      const frameTimer = limit('frame');
      const drawAll = (): Promise<T> => {
        frameTimer.refresh();
        return draw(lent.page, () => frameTimer.refresh());
      };
      const result = await drawAll().catch(async (error: unknown) => {
        if (!(error instanceof SceneError) || !lent.page.hasHistory) throw error;
        frameTimer.refresh();
        await lent.page.reload();
        return drawAll();
      });
      for (const timer of timers) clearTimeout(timer);
      if (late === undefined) await lent.giveBack();
      return result;
    } catch (error) {
      for (const timer of timers) clearTimeout(timer);
      const drawn = { clip, frame: lease?.page.frame };
      if (late !== undefined) throw clipTimeout(drawn, late, limits[late], error);
      const failure = await drawingFailure(error, drawn, bundle(), templates);
      const crashed = failure instanceof BespokeError && failure.code === 'browser-crashed';
      await lease?.discard(crashed ? 'crashed' : 'recycled');
      throw failure;
    }
  }

  return {
    codeHash,
    engineVersion: async () => {
      const { version: browserVersion } = await browser();
      return `remotion ${version('remotion')}, react ${version('react')}, encoder ${version('@remotion/renderer')}-${encoderFingerprint}, driver ${driverFingerprint}, chromium ${browserVersion}`;
    },
    renderClip: async (clip, file, signal, onFrame) => {
      signal.throwIfAborted();
      return withPage(clip, (page, progressed) =>
        drawClip(page, clip, file, signal, progressed, (frame, picture) => {
          progressed();
          onFrame?.(frame, picture);
        }),
      );
    },
    reportVideo: licenceKey === undefined ? undefined : () => reportVideo(licenceKey, options.log),
    renderStill: async (clip, frame, file) => {
      await withPage(clip, async (page, progressed) => {
        await page.mount(await mounted(clip));
        progressed();
        const { picture } = await page.draw((clip.excerpt?.from ?? 0) + frame, { format: 'png' });
        await writeFile(file, picture);
      });
    },
    drawFrames: (clip, frames, daysAhead, onFrame) =>
      withPage(clip, async (page, progressed) => {
        await page.setClock(daysAhead);
        await page.mount(await mounted(clip));
        for (const frame of frames) {
          progressed();
          onFrame(frame, await page.draw(frame, { format: 'jpeg', quality: clip.encoding.jpegQuality }));
        }
        await page.setClock(0);
      }),
    close: () => pool.close(),
  };
}
