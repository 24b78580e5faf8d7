import { existsSync } from 'node:fs';
import path from 'node:path';
import { Config } from '@remotion/cli/config';
import { RenderInternals } from '@remotion/renderer';
import { configureBundler } from './worker/adapters/render/bundler-config.mjs';

const browserNames = ['chromium-headless-shell', 'chromium', 'google-chrome'];

/** The configured browser, else one on the PATH. */
function findBrowser(): string | undefined {
  if (process.env.BESPOKE_BROWSER) return process.env.BESPOKE_BROWSER;
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  return browserNames
    .flatMap((name) => directories.map((directory) => path.join(directory, name)))
    .find((file) => existsSync(file));
}

// Studio shows customers' data and by default listens on every interface, without a setting for it.
// Remotion computes its addresses once and keeps the object, so changing it here is enough.
const addresses = RenderInternals.getPortConfig(true);
addresses.host = '127.0.0.1';
addresses.hostsToTry = ['127.0.0.1'];

Config.setColorSpace('bt709');
Config.setPixelFormat('yuv420p');
Config.setX264Preset('veryfast');
// Without an executable Remotion would download one; a missing file is an error that says so.
const browser = findBrowser() ?? '/no-browser-found';
Config.setBrowserExecutable(browser);
Config.setChromeMode(path.basename(browser).includes('headless') ? 'headless-shell' : 'chrome-for-testing');
Config.setAskAIEnabled(false);
Config.setRspack(true);
Config.overrideRspackConfig((config) =>
  configureBundler(config, path.resolve('.'), process.env.BESPOKE_TSCONFIG),
);
if (process.env.REMOTION_LICENSE_KEY) Config.setPublicLicenseKey(process.env.REMOTION_LICENSE_KEY);
