import { existsSync } from 'node:fs';
import path from 'node:path';

const names = ['chromium-headless-shell', 'chromium', 'google-chrome'];

/**
 * The browser that tests open: `BESPOKE_BROWSER`, else one on the PATH.
 *
 * @throws Error when there is none.
 */
export function browserExecutable(): string {
  if (process.env.BESPOKE_BROWSER) return process.env.BESPOKE_BROWSER;
  const found = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((directory) => names.map((name) => path.join(directory, name)))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('No browser found: set BESPOKE_BROWSER to one.');
  return found;
}
