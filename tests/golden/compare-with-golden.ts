import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { comparePictures } from './picture-difference.ts';

const frames = fileURLToPath(new URL('frames/', import.meta.url));
const failures = path.resolve('out/golden');
const updating = process.env.GOLDEN_UPDATE === '1';

/** Other browser builds smooth edges otherwise; a word that moves or changes is far beyond this. */
const tolerance = { mean: 0.006, striking: 0.004 };

/**
 * Compares a picture with the golden frame of this name below `frames/`, or writes it there where frames are updated.
 *
 * @throws Error when it looks different, or when there is no such frame.
 */
export async function compareWithGolden(name: string, actual: Buffer): Promise<void> {
  const file = path.join(frames, `${name}.png`);
  if (updating) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, actual);
    return;
  }
  const golden = await readFile(file).catch(() => {
    throw new Error(`There is no golden frame "${name}" yet: run "npm run golden:update" and look at it.`);
  });
  const difference = await comparePictures(golden, actual);
  if (difference.mean <= tolerance.mean && difference.striking <= tolerance.striking) return;
  const base = path.join(failures, name.replaceAll('/', '-'));
  await mkdir(failures, { recursive: true });
  await writeFile(`${base}.actual.png`, actual);
  await writeFile(`${base}.difference.png`, await difference.picture());
  throw new Error(
    `"${name}" looks different: mean ${difference.mean.toFixed(4)}, striking ${difference.striking.toFixed(4)}. ` +
      `See ${base}.difference.png. If it is meant, run "npm run golden:update".`,
  );
}
