import { rm } from 'node:fs/promises';
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
interface Baseline {
  /** Renders the whole video of one row. @returns seconds. */
  readonly renderRow: (settings: 'defaults' | Encoding, customerId: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

async function openBaseline(folder: string, browserExecutable: string, scale: number): Promise<Baseline> {
  const serveUrl = await bundle({
    entryPoint: fileURLToPath(new URL('studio.ts', import.meta.url)),
    outDir: path.join(folder, 'bundle'),
    publicDir: null,
    // The template's parts, from the sources that Bespoke bundles.
    webpackOverride: (config) => ({
      ...config,
      // Remotion's own aliases are an object.
      resolve: {
        ...config.resolve,
        alias: { ...(config.resolve?.alias as Record<string, string>), ...entryPoints },
      },
    }),
  });
  const browser = await openBrowser('chrome', { browserExecutable, chromeMode: 'headless-shell' });
  return {
    renderRow: async (settings, customerId) => {
      const file = path.join(folder, `${customerId}.mp4`);
      const inputProps = {
        record: { customerId, kind: 'everything' },
        images: {},
        format: '16:9',
        asOf: '2026-01-15',
      };
      const common = {
        scale,
        serveUrl,
        inputProps,
        puppeteerInstance: browser,
        browserExecutable,
        chromeMode: 'headless-shell',
        logLevel: 'error',
      } as const;
      const encoding: Partial<RenderMediaOptions> =
        settings === 'defaults'
          ? {}
          : { crf: settings.crf, x264Preset: settings.preset, jpegQuality: settings.jpegQuality };
      const began = performance.now();
      const composition = await selectComposition({ ...common, id: `${benchEntry.template.id}-16x9` });
      await renderMedia({ ...common, ...encoding, composition, codec: 'h264', outputLocation: file });
      const seconds = (performance.now() - began) / 1000;
      await rm(file);
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
  const found = await findBrowser({
    configured: process.env['BESPOKE_BROWSER'],
    root: fileURLToPath(new URL('..', import.meta.url)),
    cacheDirectory: path.join(folder, 'workspace', 'cache'),
  });
  const browser = await writeBrowserScript(found, path.join(folder, 'browser'));
  const baseline = await openBaseline(path.join(folder, 'baseline'), browser, encoding.scale);
  const a: number[] = [];
  const b: number[] = [];
  try {
    // In turn, so that a drift of the machine's speed touches both alike.
    for (let row = 0; row < rows; row += 1) {
      a.push(await baseline.renderRow('defaults', `a-${row}`));
      b.push(await baseline.renderRow(encoding, `b-${row}`));
      say(`Remotion alone: A ${a.at(-1)?.toFixed(1)} s, B ${b.at(-1)?.toFixed(1)} s`);
    }
  } finally {
    await baseline.close();
  }
  return { a, b };
}
