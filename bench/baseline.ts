import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '@remotion/bundler';
import { openBrowser, renderMedia, selectComposition, type RenderMediaOptions } from '@remotion/renderer';
import type { Encoding } from '../worker/core/ports.ts';
import { benchEntry } from './campaign/campaign.ts';

/** Remotion alone, as a careful user would write it: one bundle, one browser kept open. */
export interface Baseline {
  /** Renders the whole video of one row. @returns seconds. */
  readonly renderRow: (settings: 'defaults' | Encoding, customerId: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** @param browserExecutable the one that Bespoke renders with. */
export async function openBaseline(folder: string, browserExecutable: string): Promise<Baseline> {
  const serveUrl = await bundle({
    entryPoint: fileURLToPath(new URL('studio.ts', import.meta.url)),
    outDir: path.join(folder, 'bundle'),
    publicDir: null,
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
