import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCodeHash } from './code-hash.ts';
import { SourceGraph } from './source-graph.ts';

let root: string;
const put = async (file: string, text: string) => {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
};

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'bespoke-code-'));
  await put('node_modules/left-pad/package.json', '{"version":"1.0.0"}');
  await put('host.tsx', 'export const host = 1;');
  await put('joint.tsx', 'export const joint = 1;');
  await put('templates/story/look.ts', 'export const colour = "red";');
  await put('templates/story/photo.png', 'pixels');
  await put(
    'templates/story/scenes.ts',
    'export const one = { frames: 10 }; export const two = { frames: 20 };',
  );
  await put(
    'templates/story/scenes/one/one.tsx',
    "import { colour } from '../../look.ts'; import pad from 'left-pad'; import type { one } from '../../scenes.ts'; export const One = (_: typeof one) => pad(colour);",
  );
  await put(
    'templates/story/scenes/two/two.tsx',
    "import photo from '../../photo.png'; export const Two = () => photo;",
  );
  await put('templates/story/facts.ts', 'export const facts = 1;');
  await put(
    'templates/story/template.ts',
    "export { facts } from './facts.ts'; export { one, two } from './scenes.ts';",
  );
  await put(
    'templates/story/components.tsx',
    "import { One } from './scenes/one/one.tsx'; import { Two } from './scenes/two/two.tsx'; export const components = { one: One, two: Two };",
  );
});

afterEach(() => rm(root, { recursive: true }));

async function hashes(folder = 'templates/story'): Promise<{ one: string; two: string; contract: string }> {
  const hash = makeCodeHash({
    // As a URL of a folder gives it.
    root: path.join(root, path.sep),
    templates: [{ id: 'story', folder: path.join(root, folder) }],
    clipHost: path.join(root, 'host.tsx'),
    transitions: path.join(root, 'joint.tsx'),
  });
  return {
    one: await hash('story', 'one'),
    two: await hash('story', 'two'),
    contract: await hash('story'),
  };
}

it('of a transition covers both scenes, what joins them, and a presentation of the template’s own', async () => {
  const hash = () =>
    makeCodeHash({
      root,
      templates: [{ id: 'story', folder: path.join(root, 'templates/story') }],
      clipHost: path.join(root, 'host.tsx'),
      transitions: path.join(root, 'joint.tsx'),
    });
  const hashOf = (presentation: string) => hash()('story', { leaving: 'one', entering: 'two', presentation });
  const seen = new Set([await hashOf('fade')]);
  await put('templates/story/presentations/shutter.tsx', 'export const shutter = 1;');
  for (const [file, text] of [
    ['templates/story/look.ts', 'export const colour = "blue";'],
    ['templates/story/photo.png', 'other pixels'],
    ['joint.tsx', 'export const joint = 2;'],
  ] as const) {
    await put(file, text);
    seen.add(await hashOf('fade'));
  }
  expect(seen.size).toBe(4);
  const before = await hash()('story', 'one');
  await put('joint.tsx', 'export const joint = 3;');
  expect(await hash()('story', 'one')).toBe(before);

  await put(
    'templates/story/components.tsx',
    "import { shutter } from './presentations/shutter.tsx'; import { One } from './scenes/one/one.tsx'; export const presentations = { shutter }; export const components = { one: One };",
  );
  const own = await hashOf('shutter');
  await put('templates/story/presentations/shutter.tsx', 'export const shutter = 2;');
  expect(await hashOf('shutter')).not.toBe(own);
});

describe('the hash of a scene’s code', () => {
  it.each([
    ['its own module', 'templates/story/scenes/one/one.tsx', 'export const One = () => null;', 'one'],
    ['a module it imports', 'templates/story/look.ts', 'export const colour = "blue";', 'one'],
    ['the version of a package', 'node_modules/left-pad/package.json', '{"version":"1.0.1"}', 'one'],
    ['an asset', 'templates/story/photo.png', 'other pixels', 'two'],
  ] as const)('changes with %s, and no other scene’s does', async (_what, file, text, scene) => {
    const before = await hashes();
    await put(file, text);
    const after = await hashes();
    const other = scene === 'one' ? 'two' : 'one';
    expect(after[scene]).not.toBe(before[scene]);
    expect(after[other]).toBe(before[other]);
  });

  it.each([
    ['JSON', "import data from './x.json'; export const One = () => data;", 'x.json', '{"a":1}', '{"a":2}'],
    [
      'a dynamic import',
      "export const One = () => import('./x.ts');",
      'x.ts',
      'export {}',
      'export const a = 1',
    ],
    [
      'dynamic imports by pattern',
      'export const One = (n) => import(`./data/${n}.json`);',
      'data/x.json',
      '1',
      '2',
    ],
    ['new URL', "export const One = () => new URL('./x.bin', import.meta.url);", 'x.bin', 'a', 'b'],
    [
      'new URL without a dot',
      'export const One = () => new URL("x.bin", import.meta.url).href;',
      'x.bin',
      'a',
      'b',
    ],
    [
      'new URL by pattern',
      'export const One = (n) => new URL(`./art/${n}.png`, import.meta.url);',
      'art/x.png',
      'a',
      'b',
    ],
    [
      'require.context',
      "const all = require.context('./art', false, /\\.(png|jpg)$/); export const One = all;",
      'art/x.png',
      'a',
      'b',
    ],
    [
      'webpackContext',
      "export const One = import.meta.webpackContext('../art', { recursive: true, regExp: /[/](one|two)\\.svg$/ });",
      '../art/deep/one.svg',
      'a',
      'b',
    ],
    [
      'an unknown kind of file',
      "import model from './x.glb'; export const One = () => model;",
      'x.glb',
      'a',
      'b',
    ],
    [
      'an asset with a query',
      "import model from './x.svg?url'; export const One = () => model;",
      'x.svg',
      'a',
      'b',
    ],
  ])('changes with %s, and no other scene’s does', async (_what, code, file, text, changed) => {
    await put('templates/story/scenes/one/one.tsx', code);
    await put(`templates/story/scenes/one/${file}`, text);
    const before = await hashes();
    await put(`templates/story/scenes/one/${file}`, changed);
    const after = await hashes();
    expect(after.one).not.toBe(before.one);
    expect({ ...after, one: '' }).toEqual({ ...before, one: '' });
  });

  it.each([
    ['a style sheet’s picture', "p { background: url('./x.png') }", 'x.png', 'a', 'b'],
    [
      'a style sheet’s import',
      "@import './x.css'; p { background: url(https://example.com/#a) }",
      'x.css',
      'b {}',
      'i {}',
    ],
    ['a style sheet’s font', "@font-face { font-family: A; src: url('./x.woff2') }", 'x.woff2', 'a', 'b'],
  ])('changes with %s', async (_what, css, file, text, changed) => {
    await put('templates/story/scenes/one/one.tsx', "import './one.css'; export const One = () => null;");
    await put('templates/story/scenes/one/one.css', css);
    await put(`templates/story/scenes/one/${file}`, text);
    const before = await hashes();
    await put(`templates/story/scenes/one/${file}`, changed);
    const after = await hashes();
    expect(after.one).not.toBe(before.one);
    expect(after.contract).toBe(before.contract);
  });

  it.each([
    ['by its name', "staticFile('voices/a.wav')", true, false],
    ['by a name that is put together', 'staticFile(`voices/${name}.wav`)', true, true],
    ['not at all', "'voices/a.wav'", false, false],
  ])('changes with a file of the public folder that is loaded %s', async (_what, code, a, b) => {
    await put('templates/story/scenes/one/one.tsx', `export const One = ({ name }) => ${code};`);
    await put('templates/story/public/voices/a.wav', '1');
    await put('templates/story/public/voices/b.wav', '1');
    const before = await hashes();
    await put('templates/story/public/voices/a.wav', '2');
    const afterA = await hashes();
    await put('templates/story/public/voices/b.wav', '2');
    const afterB = await hashes();
    expect([afterA.one !== before.one, afterB.one !== afterA.one]).toEqual([a, b]);
    expect([afterB.two, afterB.contract]).toEqual([before.two, before.contract]);
  });

  it('stays with a file that its context does not take in', async () => {
    const code = "const all = require.context('./art', false, /\\.png$/); export const One = all;";
    await put('templates/story/scenes/one/one.tsx', code);
    await put('templates/story/scenes/one/art/x.png', 'a');
    const before = await hashes();
    await put('templates/story/scenes/one/art/x.txt', 'b');
    await put('templates/story/scenes/one/art/deep/y.png', 'b');
    expect(await hashes()).toEqual(before);
    await put('templates/story/scenes/one/art/y.png', 'b');
    expect((await hashes()).one).not.toBe(before.one);
  });

  it('stays with another template’s mistakes, which have no hash', async () => {
    const before = await hashes();
    await put('templates/other/template.ts', 'export const = ;');
    await put('templates/other/components.tsx', "import './gone.tsx';");
    expect(await hashes()).toEqual(before);
  });

  it('changes for every scene with what stands around them', async () => {
    const before = await hashes();
    await put('host.tsx', 'export const host = 2;');
    const after = await hashes();
    expect(after.one).not.toBe(before.one);
    expect(after.two).not.toBe(before.two);
  });

  it('changes for every scene of a template with a style sheet of one', async () => {
    const one = "import './one.css'; export const One = () => null;";
    await put('templates/story/scenes/one/one.tsx', one);
    await put('templates/story/scenes/one/one.css', 'p { color: red }');
    const before = await hashes();
    await put('templates/story/scenes/one/one.css', 'p { color: blue }');
    const after = await hashes();
    expect(after.one).not.toBe(before.one);
    expect(after.two).not.toBe(before.two);
    expect(after.contract).toBe(before.contract);
  });

  it('is apart from the contract’s, which changes with what it imports', async () => {
    const before = await hashes();
    await put('templates/story/facts.ts', 'export const facts = 2;');
    const after = await hashes();
    expect(after.contract).not.toBe(before.contract);
    expect({ ...after, contract: '' }).toEqual({ ...before, contract: '' });
  });

  it('stays with the definitions of all scenes, of which a component takes the type', async () => {
    const before = await hashes();
    await put(
      'templates/story/scenes.ts',
      'export const one = { frames: 11 }; export const two = { frames: 20 };',
    );
    const after = await hashes();
    expect(after.contract).not.toBe(before.contract);
    expect({ ...after, contract: '' }).toEqual({ ...before, contract: '' });
  });

  it('does not depend on where the project lies', async () => {
    const before = await hashes();
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'bespoke-code-'));
    await cp(root, elsewhere, { recursive: true });
    await rm(root, { recursive: true });
    root = elsewhere;
    expect(await hashes()).toEqual(before);
  });

  it('is the same where the project is an installed package, whose own packages lie beside it', async () => {
    const before = await hashes();
    const project = await mkdtemp(path.join(tmpdir(), 'bespoke-code-'));
    await cp(path.join(root, 'node_modules'), path.join(project, 'node_modules'), { recursive: true });
    await rm(path.join(root, 'node_modules'), { recursive: true });
    await cp(root, path.join(project, 'node_modules/bespoke'), { recursive: true });
    const checkout = root;
    root = path.join(project, 'node_modules/bespoke');
    const installed = await hashes();
    root = checkout;
    await rm(project, { recursive: true });
    expect(installed).toEqual(before);
  });

  it('does not depend on where the template lies', async () => {
    const before = await hashes();
    await cp(path.join(root, 'templates/story'), path.join(root, 'mine/films/a story'), { recursive: true });
    expect(await hashes('mine/films/a story')).toEqual(before);
  });

  it('covers of the kit what a scene imports of it, and nothing else', async () => {
    await put(
      'video/kit.ts',
      "export { ramp, type Curve } from './ramp.ts';\nexport { fit as Fit } from './fit.ts';\n",
    );
    await put('video/ramp.ts', 'export type Curve = string; export const ramp = 1;');
    await put('video/fit.ts', 'export const fit = 1;');
    await put(
      'templates/story/scenes/one/one.tsx',
      "import {\n  ramp,\n  type Curve,\n} from 'bespoke/kit';\nexport const One = (_: Curve) => ramp;",
    );
    await put(
      'templates/story/scenes/two/two.tsx',
      "import { Fit as Text } from 'bespoke/kit'; export const Two = () => Text;",
    );
    const before = await hashes();
    await put('video/fit.ts', 'export const fit = 2;');
    const after = await hashes();
    expect(after.one).toBe(before.one);
    expect(after.two).not.toBe(before.two);
  });

  it('changes with the files of a package of the same workspace', async () => {
    const shared = await mkdtemp(path.join(tmpdir(), 'bespoke-shared-'));
    await writeFile(path.join(shared, 'package.json'), '{"version":"1.0.0"}');
    await writeFile(path.join(shared, 'index.ts'), 'export const brand = 1;');
    await symlink(shared, path.join(root, 'node_modules/brand'));
    await put(
      'templates/story/scenes/one/one.tsx',
      "import { brand } from 'brand'; export const One = () => brand;",
    );
    const before = await hashes();
    await writeFile(path.join(shared, 'index.ts'), 'export const brand = 2;');
    const after = await hashes();
    await rm(shared, { recursive: true });
    expect(after.one).not.toBe(before.one);
    expect(after.two).toBe(before.two);
  });

  it('says which package is not installed', async () => {
    await rm(path.join(root, 'node_modules'), { recursive: true });
    await expect(hashes()).rejects.toMatchObject({
      code: 'bundle-failed',
      message: expect.stringContaining('left-pad') as string,
    });
  });

  it('covers what follows a module that is not there', async () => {
    await put(
      'entry.ts',
      "import './gone.ts'; import './templates/story/components.tsx'; import './odd.ts';",
    );
    await put('odd.ts', 'export const = ;');
    const entry = path.join(root, 'entry.ts');
    const graph = async () => SourceGraph.of(root, [entry]);
    const before = await (await graph()).hashAsFound([entry]);
    await put('templates/story/look.ts', 'export const colour = "blue";');
    expect(await (await graph()).hashAsFound([entry])).not.toBe(before);
    expect((await graph()).mistakes([entry])).toEqual([
      { file: 'entry.ts', line: 1, text: 'Could not resolve "./gone.ts"' },
      { file: 'odd.ts', line: 1, text: expect.stringContaining('Expected identifier') as string },
    ]);
  });

  it('names the file that cannot be followed', async () => {
    await put('templates/story/look.ts', 'export const = ;');
    await expect(hashes()).rejects.toMatchObject({
      code: 'bundle-failed',
      message: expect.stringMatching(/look\.ts/) as string,
    });
  });
});
