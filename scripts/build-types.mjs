/**
 * Writes the types of the entry points to `dist/types/`.
 *
 * JavaScript, and silent without TypeScript, because `npm install --omit=dev` runs it too.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const compiler = path.join(root, 'node_modules/typescript-7/bin/tsc');
if (existsSync(compiler)) {
  execFileSync(process.execPath, [compiler, '-p', 'scripts/tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
