import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctorResult, planResult, templatesResult } from '../../cli/json-results.ts';
import { startCli } from './cli-process.ts';
import { portIn } from './cli-server.ts';
import { copyProject, type Outcome, type ProjectCopy } from './project-copy.ts';

const contract = (id: string, mistake = '', node = 'only'): string => `import { z } from 'zod';
import { defineFacts, defineScene, defineTemplate, text } from 'bespoke/template';

// Line 5 has the mistake.
${mistake}
const record = { name: text({ label: 'Name', personal: true }) };
const typical = { record: { name: 'Anna' }, images: {} };
export const template = defineTemplate({
  id: '${id}', version: 1, title: 'Small', description: 'One scene.', record, formats: ['16:9'], fps: 10,
  facts: defineFacts(record, {}), segments: {},
  scenes: { one: defineScene({ inputs: z.object({ name: z.string() }), durationInFrames: 2, captions: () => [] }) },
  story: {
    version: 2, start: '${node}',
    nodes: {
      '${node}': { type: 'scene', scene: 'one', inputs: { name: { var: 'name' } }, next: 'end' },
      end: { type: 'end' },
    },
  },
  soundtrack: undefined, poster: { nodes: ['${node}'], frame: 0 },
  teaser: { nodes: ['${node}'], frame: 0, durationInFrames: 1 },
  fixtures: {
    typical, 'empty-optionals': typical, longest: typical, 'right-to-left': typical, 'emoji-and-cjk': typical,
    'missing-image': typical,
  },
});
`;
const components = (mistake = ''): string => `import { AbsoluteFill } from 'remotion';
${mistake}
const One = () => <AbsoluteFill style={{ background: 'white' }} />;
export const components = { one: One };
`;

const kinds = ['glb', 'lottie', 'riv', 'wasm', 'svg', 'txt', 'unheard-of'];
/** Files that are no code are addresses, however they are loaded. */
const loading = `${kinds.map((kind, index) => `import a${index} from './files/x.${kind}';`).join('')}
import data from './files/x.json';
const context = require.context('./files', false, /\\.(glb|txt)$/);
const urls = [${kinds.map((_, index) => `a${index}`).join(',')}, new URL('./files/x.bin', import.meta.url).href, ...context.keys().map(context)];
if (urls.length !== 10 || data.value !== 7 || !urls.every((url) => typeof url === 'string' && url.includes('.'))) {
  throw new Error('Not as expected: ' + JSON.stringify(urls));
}`;

/** Contracts that cannot be loaded, by id: the mistake in line 5, and what is said about it. */
const mistakes: Readonly<Record<string, readonly [mistake: string, reason: RegExp]>> = {
  'missing-file': ["import { x } from './nope.ts'; x();", /^Could not resolve "\.\/nope\.ts"/],
  'missing-package': [
    "import { x } from 'no-such-package'; x();",
    /package no-such-package is not installed/,
  ],
  directory: ["import { x } from './look'; x();", /^Could not resolve "\.\/look"/],
  'browser-code': ['export const width = window.x;', /window is not defined/],
  syntax: ['const = 3;', /Expected identifier/],
  'schema-throws': ["z.string().min(1).parse('');", /Too small/],
};
const brokenComponents = { 'component-missing': "import './nope.tsx';", 'component-syntax': 'const = 3;' };
const onlyInNode = "if (typeof window !== 'undefined') throw new Error('Not in a browser.');";

let project: ProjectCopy;
const bespoke = (...args: readonly string[]): Promise<Outcome> =>
  project.run(process.execPath, ['dist/bespoke.mjs', ...args]);

beforeAll(async () => {
  project = await copyProject();
  const { write, run } = project;
  await rm(path.join(project.folder, 'templates'), { recursive: true });
  await write('templates/good/template.ts', contract('good'));
  await write('templates/only-in-node/template.ts', contract('only-in-node', onlyInNode));
  await write('templates/only-in-node/components.tsx', components());
  await write('templates/odd-node/template.ts', contract('odd-node', '', 'the_only'));
  await write('templates/directory/look/readme.txt', '');
  for (const [id, [mistake]] of Object.entries(mistakes)) {
    await write(`templates/${id}/template.ts`, contract(id, mistake));
  }
  for (const [id, mistake] of Object.entries(brokenComponents)) {
    await write(`templates/${id}/template.ts`, contract(id));
    await write(`templates/${id}/components.tsx`, components(mistake));
  }
  for (const id of ['good', 'odd-node', ...Object.keys(mistakes)]) {
    await write(`templates/${id}/components.tsx`, components());
  }
  await write('templates/good/components.tsx', components(loading));
  await write('templates/good/files/x.json', '{ "value": 7 }');
  for (const kind of [...kinds, 'bin']) await write(`templates/good/files/x.${kind}`, kind);
  await write('templates/gone/components.tsx', components());
  await write('rows.csv', 'name\nAnna\n');
  expect(await run(process.execPath, ['scripts/build.mjs'])).toMatchObject({ code: 0 });
});

afterAll(() => project.remove());

describe('templates with a mistake', () => {
  it.each([
    ['built', ['dist/bespoke.mjs']],
    ['from the sources', ['--import', 'tsx', 'cli/bespoke.ts']],
  ] as const)('are left out, each with file, line and reason: %s', async (_how, program) => {
    const { code, stdout } = await project.run(process.execPath, [...program, 'templates', '--json']);
    const { templates, broken } = templatesResult.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(templates.map(({ id }) => id)).toEqual([...Object.keys(brokenComponents), 'good', 'only-in-node']);
    const expected = [
      ...Object.entries(mistakes).map(([id, [, reason]]) => ({
        id,
        file: `templates/${id}/template.ts`,
        line: 5,
        reason: expect.stringMatching(reason) as string,
      })),
      {
        id: 'odd-node',
        file: 'templates/odd-node/template.ts',
        line: 8,
        reason: expect.stringContaining('node cannot be called "the_only"') as string,
      },
      { id: 'gone', file: 'templates/gone/template.ts', reason: 'It has no file template.ts.' },
    ];
    expect(broken).toEqual(expected.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    expect(stdout).not.toContain(project.folder);
  });

  it('do not stop the others from being planned and drawn, and are named there', async () => {
    const plan = await bespoke('plan', 'rows.csv', '--template', 'good', '--json');
    expect(planResult.parse(JSON.parse(plan.stdout)).rows.good).toBe(1);
    const { code, output } = await bespoke('batch', 'rows.csv', '--template', 'good', '--quality', 'draft');
    expect(output).toContain('Template syntax cannot be loaded: templates/syntax/template.ts:5: Expected');
    expect(output).toContain('1 new video');
    expect(code).toBe(0);
  });

  it('are named by doctor', async () => {
    const { checks } = doctorResult.parse(JSON.parse((await bespoke('doctor', '--json')).stdout));
    expect(checks.find(({ name }) => name === 'Templates')).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('Template gone cannot be loaded') as string,
    });
  });

  it('fail where they are ordered, with the reason', async () => {
    const { code, output } = await bespoke('batch', 'rows.csv', '--template', 'browser-code');
    expect(output).toMatch(/template-broken/);
    expect(code).toBe(2);
  });

  it.each(Object.keys(brokenComponents))('fail with file and line if only drawing fails: %s', async (id) => {
    const { code, output } = await bespoke('batch', 'rows.csv', '--template', id, '--out', id);
    expect(output.replace(/\s+/g, ' ')).toContain(`templates/${id}/components.tsx:2: `);
    expect(code).toBe(2);
  });

  it('fail with file and line if they load everywhere but in the browser that draws', async () => {
    const { code, output } = await bespoke(
      'batch',
      'rows.csv',
      '--template',
      'only-in-node',
      '--out',
      'node',
    );
    expect(output.replace(/\s+/g, ' ')).toContain(
      'in templates/only-in-node/template.ts:5: Error: Not in a browser.',
    );
    expect(code).toBe(1);
  });

  it('leave a server ready, which names them and refuses orders of them', async () => {
    const server = startCli(['serve', '--port', '0'], {
      cwd: project.folder,
      program: `${project.folder}/dist/bespoke.mjs`,
    });
    const said = await server.says(/^Ready\./m);
    const base = `http://127.0.0.1:${portIn(said)}`;
    const [, key = ''] = /(bsp_\S+)/.exec(said) ?? [];
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    const list = (await (await fetch(`${base}/v1/templates`, { headers })).json()) as {
      templates: { id: string }[];
      broken: object[];
    };
    expect(list.templates.map(({ id }) => id)).toContain('good');
    expect(list.broken).toContainEqual({
      id: 'missing-file',
      file: 'templates/missing-file/template.ts',
      line: 5,
      reason: 'Could not resolve "./nope.ts"',
    });
    const body = JSON.stringify({ template: 'syntax', record: { name: 'Anna' } });
    const refused = await fetch(`${base}/v1/renders`, { method: 'POST', headers, body });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      code: 'template-broken',
      detail: expect.stringContaining('templates/syntax/template.ts:5: Expected identifier') as string,
      errors: [{ pointer: '/template' }],
    });
    expect((await fetch(`${base}/v1/templates/syntax`, { headers })).status).toBe(422);
    server.kill('SIGTERM');
    await server.ended;
  });
});
