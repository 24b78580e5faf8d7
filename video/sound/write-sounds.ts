import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sounds } from './sounds.ts';
import { encodeWav } from './wav.ts';

const root = new URL('../../', import.meta.url);

for (const [path, synthesize] of Object.entries(sounds)) {
  const file = fileURLToPath(new URL(path, root));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, encodeWav(synthesize()));
  process.stderr.write(`${path}\n`);
}
