import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { errors } from '../../../errors/messages.ts';
import type { UndrawnConstant } from '../../../video/story/check/check-story.ts';
import { firstUncovered } from '../../../video/story/glyphs.ts';
import type { RegistryEntry } from '../../../video/story/registry.ts';
import { isMissing } from '../store/storage-error.ts';

/** Sample records are checked as rows are, and tests draw nothing. */
const drawn = /(?<!\.test)\.tsx?$/;
const samples = /(^|[/\\])fixtures\.tsx?$/;

/**
 * The texts in a template's code that no bundled font draws, by file. All of its constants are looked at, whether a
 * scene shows them or not; comments are not. A template without a folder has none.
 *
 * @throws BespokeError `bundle-failed` naming a file that is not TypeScript.
 */
export async function undrawnConstants({
  directory,
  template: { glyphs },
}: Pick<RegistryEntry, 'directory' | 'template'>): Promise<readonly UndrawnConstant[]> {
  const folder = fileURLToPath(directory);
  const files = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found: UndrawnConstant[] = [];
  for (const file of files.filter((name) => drawn.test(name) && !samples.test(name)).sort()) {
    const source = await readFile(path.join(folder, file), 'utf8');
    // Without comments, with escapes and JSX entities as the characters that they stand for.
    const { code } = await transform(source, {
      loader: file.endsWith('x') ? 'tsx' : 'ts',
      charset: 'utf8',
      legalComments: 'none',
      jsx: 'automatic',
      logLevel: 'silent',
    }).catch((cause: unknown) => {
      const why = cause instanceof Error ? `${file}: ${cause.message.split('\n')[1] ?? cause.message}` : file;
      throw errors.importsUnreadable({ why }, { cause });
    });
    const character = firstUncovered(code, glyphs);
    if (character !== undefined) found.push({ file, character });
  }
  return found;
}
