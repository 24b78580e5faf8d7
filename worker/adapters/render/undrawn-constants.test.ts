import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { registry } from '../../../tests/fixtures/shipped-templates.ts';
import { undrawnConstants } from './undrawn-constants.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-constants-'));
  await mkdir(path.join(folder, 'scenes'));
});
afterEach(() => rm(folder, { recursive: true }));

const entry = registry[0];
const look = async (files: Readonly<Record<string, string>>) => {
  for (const [name, source] of Object.entries(files)) await writeFile(path.join(folder, name), source);
  if (entry === undefined) throw new Error('There is no template.');
  return undrawnConstants({ template: entry.template, directory: `${pathToFileURL(folder).href}/` });
};

it.each(registry.map((each) => [each.template.id, each] as const))(
  'finds nothing in the template %s',
  async (_id, each) => {
    expect(await undrawnConstants(each)).toEqual([]);
  },
);

it('finds texts, escapes and JSX that no font draws, and says where', async () => {
  const found = await look({
    'copy.ts': "export const thanks = { bo: 'ཐུགས', en: 'Thanks नमस्ते' };",
    'scenes/end.tsx': 'export const End = () => <p>Bye {"\\u0f40"}</p>;',
    'scenes/start.tsx': 'export const Start = () => <p>&#x0F40;</p>;',
  });
  expect(found).toEqual([
    { file: 'copy.ts', character: 'ཐ' },
    { file: path.join('scenes', 'end.tsx'), character: 'ཀ' },
    { file: path.join('scenes', 'start.tsx'), character: 'ཀ' },
  ]);
});

it('leaves out comments, types, tests and sample records', async () => {
  const found = await look({
    'copy.ts': "/** ཀ */ export const a: 'ཀ' | string = 'b'; // ཀ",
    'scenes/end.tsx': 'export const End = () => <p>{/* ཀ */}Bye</p>;',
    'copy.test.ts': "export const a = 'ཀ';",
    'fixtures.ts': "export const a = 'ཀ';",
    'notes.md': 'ཀ',
  });
  expect(found).toEqual([]);
});
