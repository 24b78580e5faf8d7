import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '@remotion/bundler';
import { openBrowser, renderMedia, type RenderMediaOptions, selectComposition } from '@remotion/renderer';
import { ownEntryPoint } from '../worker/adapters/render/entry-points.ts';
import { findBrowser, writeBrowserScript } from '../worker/adapters/render/find-browser.ts';
import type { Encoding } from '../worker/core/ports.ts';
import { benchEntry } from './campaign/template.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const entryPoints = Object.fromEntries(
  ['bespoke/template', 'bespoke/kit'].map((name) => [`${name}$`, ownEntryPoint(name, root) ?? '']),
);

/** Remotion alone, as a careful user would write it: one bundle, one browser kept open. */
export interface Baseline {
  /** Renders a whole video. @returns seconds. */
  readonly render: (settings: 'defaults' | Encoding, inputProps: Record<string, unknown>) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** What is bundled, and which composition is rendered. */
interface BaselineFilm {
  readonly entryPoint: string;
  readonly composition: string;
  readonly scale: number;
}

/** @param folder for bundle and videos; it exists. */
export async function openBaseline(folder: string, film: BaselineFilm): Promise<Baseline> {
  const { entryPoint, composition: id, scale } = film;
  const found = await findBrowser({
    configured: process.env['BESPOKE_BROWSER'],
    root,
    cacheDirectory: path.join(folder, 'cache'),
  });
  // As Bespoke starts the browser that it renders with.
  const browserExecutable = await writeBrowserScript(found, path.join(folder, 'browser'));
  const serveUrl = await bundle({
    entryPoint,
    outDir: path.join(folder, 'bundle'),
    publicDir: null,
    // The template's parts, from the sources that Bespoke bundles, and its packages.
    webpackOverride: (config) => ({
      ...config,
      // Remotion's own aliases are an object.
      resolve: {
        ...config.resolve,
        alias: { ...(config.resolve?.alias as Record<string, string>), ...entryPoints },
        modules: [path.join(root, 'node_modules'), 'node_modules'],
      },
    }),
  });
  const browser = await openBrowser('chrome', { browserExecutable, chromeMode: 'headless-shell' });
  const common = {
    ...{ scale, serveUrl, puppeteerInstance: browser, browserExecutable },
    ...({ chromeMode: 'headless-shell', logLevel: 'error' } as const),
  };
  return {
    render: async (settings, inputProps) => {
      const outputLocation = path.join(folder, 'video.mp4');
      const encoding: Partial<RenderMediaOptions> =
        settings === 'defaults'
          ? {}
          : { crf: settings.crf, x264Preset: settings.preset, jpegQuality: settings.jpegQuality };
      const began = performance.now();
      const composition = await selectComposition({ ...common, inputProps, id });
      await renderMedia({ ...common, ...encoding, inputProps, composition, codec: 'h264', outputLocation });
      const seconds = (performance.now() - began) / 1000;
      await rm(outputLocation);
      return seconds;
    },
    close: () => browser.close({ silent: true }),
  };
}

/** Seconds of each row, by settings: A with Remotion's defaults, B with ours. */
export interface BaselineFigures {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Renders whole videos with Remotion alone, in the browser that Bespoke renders with. */
export async function measureBaselines(
  folder: string,
  encoding: Encoding,
  rows: number,
  say: (text: string) => void,
): Promise<BaselineFigures> {
  const own = path.join(folder, 'baseline');
  await mkdir(own);
  const baseline = await openBaseline(own, {
    entryPoint: fileURLToPath(new URL('studio.ts', import.meta.url)),
    composition: `${benchEntry.template.id}-16x9`,
    scale: encoding.scale,
  });
  const propsOf = (customerId: string) => ({
    record: { customerId, kind: 'everything' },
    images: {},
    format: '16:9',
    asOf: '2026-01-15',
  });
  const a: number[] = [];
  const b: number[] = [];
  try {
    // In turn, so that a drift of the machine's speed touches both alike.
    for (let row = 0; row < rows; row += 1) {
      a.push(await baseline.render('defaults', propsOf(`a-${row}`)));
      b.push(await baseline.render(encoding, propsOf(`b-${row}`)));
      say(`Remotion alone: A ${a.at(-1)?.toFixed(1)} s, B ${b.at(-1)?.toFixed(1)} s`);
    }
  } finally {
    await baseline.close();
  }
  return { a, b };
}
