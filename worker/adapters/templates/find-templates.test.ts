import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTemplates, folderForTemplates } from './find-templates.ts';

let folder: string;
const put = async (file: string, content: string | object = '') => {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
};
const found = (where = '.', environment: Record<string, string> = {}) => {
  const { roots, templates } = findTemplates(environment, path.join(folder, where));
  return {
    roots: roots.map((root) => path.relative(folder, root)),
    ids: templates.map(({ id }) => id),
    templates,
  };
};

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'bespoke größe ')));
});
afterEach(() => rm(folder, { recursive: true }));

describe('templates are found', () => {
  it('beside the package.json of the project around the working directory', async () => {
    await put('package.json', {});
    await put('templates/b/template.ts');
    await put('templates/b/components.tsx');
    await put('templates/a/template.tsx');
    await put('templates/c/template.ts');
    await put('templates/d/components.ts');
    for (const other of ['notes/readme.md', '_draft/template.ts', '.old/template.ts', 'sounds.test.ts']) {
      await put(`templates/${other}`);
    }
    await mkdir(path.join(folder, 'data/spring'), { recursive: true });
    const { roots, ids, templates } = found('data/spring');
    expect([roots, ids]).toEqual([['templates'], ['a', 'b', 'c', 'd']]);
    expect(templates.map(({ components = '' }) => path.basename(components))).toEqual([
      ...['template.tsx', 'components.tsx', '', 'components.ts'],
    ]);
  });

  it('in folders and packages that package.json names', async () => {
    await put('package.json', { bespoke: { templates: ['./films', '@acme/films', 'bespoke'] } });
    await put('films/a/template.ts');
    await put('node_modules/@acme/films/package.json', {});
    await put('node_modules/@acme/films/templates/b/template.ts');
    expect(found().ids).toEqual(['a', 'b', 'order-story', 'product-tour', 'renewal-offer', 'year-in-review']);
  });

  it('in BESPOKE_TEMPLATES and nowhere else, seen from the working directory', async () => {
    await put('package.json', {});
    await put('templates/a/template.ts');
    await put('work/my films/b/template.ts');
    expect(found('work', { BESPOKE_TEMPLATES: 'my films' })).toMatchObject({
      roots: ['work/my films'],
      ids: ['b'],
    });
  });

  it('behind symbolic links, under the name of the link', async () => {
    await put('package.json', {});
    await put('elsewhere/first/template.ts');
    await mkdir(path.join(folder, 'templates'));
    await symlink(path.join(folder, 'elsewhere/first'), path.join(folder, 'templates/a'));
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'templates/b'));
    expect(found().templates).toMatchObject([{ id: 'a', folder: path.join(folder, 'elsewhere/first') }]);
  });

  it('in templates/ of the working directory, also outside of projects', async () => {
    await put('templates/own/template.ts');
    expect(found().ids).toEqual(['own']);
  });

  it('among the shipped ones where there is no project', async () => {
    await put('package.json', { name: 'of something else' });
    await put('templates/mail.html');
    expect(found().ids).toContain('year-in-review');
  });
});

describe('what keeps templates from being found is said', () => {
  it.each([
    ['a folder that is not there', {}, { BESPOKE_TEMPLATES: 'nowhere' }, /nowhere does not exist/],
    ['a folder without templates', { dependencies: { bespoke: '*' } }, {}, /No template is in .*templates/],
    [
      'a package that is not installed',
      { bespoke: { templates: ['films'] } },
      {},
      /package films.*npm install/,
    ],
  ] as const)('%s', async (_what, manifest, environment, message) => {
    await put('package.json', manifest);
    await mkdir(path.join(folder, 'templates'));
    expect(() => found('.', environment)).toThrow(
      expect.objectContaining({
        code: 'templates-missing',
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it('settings of another shape', async () => {
    await put('package.json', { bespoke: { templates: './films' } });
    expect(() => found()).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

it('new templates go where the others are, or beside package.json', async () => {
  const place = (environment = {}) => path.relative(folder, folderForTemplates(environment, folder));
  expect(place()).toBe('templates');
  expect(place({ BESPOKE_TEMPLATES: 'films' })).toBe('films');
  await put('package.json', { bespoke: { templates: ['./mine'] } });
  expect(place()).toBe('mine');
});
