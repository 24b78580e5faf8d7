import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ownEntryPoint } from '../../worker/adapters/render/entry-points.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

const { exports: exported } = z
  .object({ exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string() })])) })
  .parse(read('package.json'));
const { paths } = z
  .object({ compilerOptions: z.object({ paths: z.record(z.string(), z.array(z.string()).length(1)) }) })
  .parse(read('tsconfig.json')).compilerOptions;

it('each entry point of the package has types, and one source that all tools take', () => {
  const names = Object.keys(exported).filter((name) => name !== './package.json');
  expect(Object.keys(paths)).toEqual(names.map((name) => name.replace('.', 'bespoke')));
  for (const [name, [source = '']] of Object.entries(paths)) {
    expect(existsSync(path.join(root, source)), source).toBe(true);
    const types = source.replace('.', './dist/types').replace(/\.tsx?$/, '.d.ts');
    expect(exported[name.replace('bespoke', '.')]).toMatchObject({ types });
    const ofTemplates = !['bespoke/client', 'bespoke/player'].includes(name);
    expect(ownEntryPoint(name, root)).toBe(ofTemplates ? path.join(root, source) : undefined);
  }
});
