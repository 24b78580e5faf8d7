import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from '../../video/story/registry.ts';
import { runTool } from '../../worker/adapters/media/ffmpeg.ts';
import { packageFolder } from '../../worker/adapters/package-folder.ts';
import { findBrowser } from '../../worker/adapters/render/find-browser.ts';
import { RenderingBrowser, type Sandbox } from '../../worker/adapters/render/rendering-browser.ts';
import { fail, ok, warn, type Finding } from './check.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

const sources = {
  configured: 'set in BESPOKE_BROWSER',
  remotion: 'downloaded by Remotion',
  path: 'found on the PATH',
  shipped: 'shipped in an npm package',
  downloaded: 'downloaded by Remotion just now',
} as const;

const sandboxes = {
  on: 'in its sandbox',
  root: 'without its sandbox, which root cannot use',
  unsupported: 'without its sandbox, which this system does not allow',
} as const satisfies Readonly<Record<Sandbox, string>>;

const installAdvice =
  'On Debian: apt-get install chromium-headless-shell. Or set BESPOKE_BROWSER to your own Chromium.';

/** Finds the browser for rendering and starts it once. */
export async function checkBrowser(configured: string | undefined, cacheDirectory: string): Promise<Finding> {
  try {
    const found = await findBrowser({ configured, root: projectRoot, cacheDirectory });
    const browser = await RenderingBrowser.launch(found, cacheDirectory);
    await browser.kill();
    const name = `${path.basename(found.executable)} ${found.version}, ${sources[found.source]}, ${sandboxes[browser.sandbox]}`;
    if (browser.drawsOnDemand) return ok('Browser', name);
    return warn(
      'Browser',
      name,
      'It works; the headless shell is faster. On Debian: apt-get install chromium-headless-shell.',
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it does not start';
    return fail('Browser', message, installAdvice);
  }
}

/** Runs the encoder that comes with Remotion. */
export async function checkFfmpeg(): Promise<Finding> {
  const text = (await runTool('ffmpeg', ['-version'])).toString();
  const version = /version (\S+)/.exec(text)?.[1] ?? 'of unknown version';
  return ok('ffmpeg', `${version}, shipped with Remotion`);
}

const scripts = {
  Latin: 'Åß',
  Cyrillic: 'Щя',
  Greek: 'Ωλ',
  Vietnamese: 'ễự',
  Arabic: 'عم',
  Hebrew: 'שם',
  Chinese: '请您',
  Japanese: 'あン',
  Korean: '한국',
  emoji: '🎉👩',
} as const;

const fontPackages = [
  '@fontsource-variable/inter',
  '@fontsource-variable/noto-sans-arabic',
  '@fontsource-variable/noto-sans-hebrew',
  '@fontsource-variable/noto-sans-jp',
  '@fontsource-variable/noto-sans-kr',
  '@fontsource-variable/noto-sans-sc',
  '@fontsource/noto-color-emoji',
] as const;

/** Whether the bundled fonts are installed, and which scripts each template can write. */
export async function checkFonts(registry: Registry): Promise<Finding> {
  const missing = fontPackages.filter((name) => packageFolder(name, projectRoot) === undefined);
  if (missing.length > 0) {
    return fail('Fonts', `not installed: ${missing.join(', ')}`, 'Run npm install again.');
  }
  const gaps = registry.flatMap(({ template }) =>
    Object.entries(scripts)
      .filter(([, sample]) =>
        Array.from(sample).some((each) => !template.glyphs.covers(each.codePointAt(0) ?? 0)),
      )
      .map(([script]) => `${template.id}: ${script}`),
  );
  const names = Object.keys(scripts);
  if (gaps.length === 0)
    return ok('Fonts', `bundled for ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
  return warn(
    'Fonts',
    `no bundled font for ${gaps.join(', ')}`,
    'Rows with such characters show the fallback or fail. Add a font package to the template.',
  );
}
