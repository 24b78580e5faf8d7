import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { buildPlayer, type BuiltPlayer } from '../../video/player/build-player.ts';

const most = 56_000;

/** A script and all that it imports before it runs; what it imports later is another thing. */
function loadedAtOnce({ files }: BuiltPlayer, script: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const visit = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const source = files.get(name)?.body.toString() ?? '';
    for (const [, next = ''] of source.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) visit(next);
  };
  visit(script);
  return loaded;
}

it('viewers load less than 56 KB before the film can begin, controls, styles and the words of any language included', async () => {
  const player = await buildPlayer();
  for (const words of Object.values(player.words)) {
    const loaded = [...loadedAtOnce(player, player.script), words, player.style];
    const sizes = loaded.map((name) => [name, gzipSync(player.files.get(name)?.body ?? '').length] as const);
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    expect(sum, sizes.map(([name, size]) => `${name} ${size}`).join(', ')).toBeLessThan(most);
  }
});

/** Names that survive minification: each library uses them as strings or property names. */
const foreign = /react\.element|Symbol\.for\("react|ZodError|\b_zod\b/;

it('neither React nor zod is in any file that viewers load, at once or later', async () => {
  const { files } = await buildPlayer();
  for (const [name, { body }] of files) expect(foreign.test(body.toString()), name).toBe(false);
});

it.each(['zod', 'react'])('a bundle with %s would be noticed', async (library) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as all from '${library}'; console.log(all);`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
  });
  expect(foreign.test(outputFiles[0]?.text ?? '')).toBe(true);
});

it('names of files that any cache may keep hold their content', async () => {
  const [one, other] = await Promise.all([buildPlayer(), buildPlayer()]);
  expect([...one.files.keys()]).toEqual([...other.files.keys()]);
  for (const [name, { immutable }] of one.files) expect(immutable).toBe(/-[A-Z0-9]{8}\.(js|css)$/.test(name));
  expect(one.files.get(one.embed)?.immutable).toBe(false);
});
