import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parsePath } from '../../cli/options.ts';
import { storyDocs } from '../../scripts/story-docs.ts';
import { registry } from '../fixtures/shipped-templates.ts';
import { storyContextOf } from '../../video/story/bind.ts';
import { chosenPlaythrough } from '../../video/story/playthrough.ts';
import { checkStory } from '../../video/story/check/check-story.ts';
import type { Story } from '../../video/story/engine/graph.ts';
import { findTemplate } from '../../video/story/registry.ts';
import { storySchema } from '../../video/story/story-schema.ts';
import { tour } from '../../video/story/test-tour.ts';
import { withTransitions } from '../../video/story/transitions.ts';
import { programArguments } from '../services/run-program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('stories of the project', () => {
  it.each(registry.map(({ template }) => ({ id: template.id, template })))(
    '$id passes the check, which looks at all of it',
    async ({ template }) => {
      const { findings, walks, search } = await checkStory(template);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(walks.ended).toBe(walks.count);
      expect(search.complete).toBe(true);
    },
  );
});

describe('docs/stories.md', () => {
  let page: string;
  beforeAll(async () => {
    page = await readFile(path.join(root, 'docs/stories.md'), 'utf8');
  });

  const blocksOf = (language: string): readonly string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

  it('says what the check can find (else: npm run docs)', async () => {
    expect(page).toBe(await storyDocs());
  });

  it('shows stories that can be read and pass the check', async () => {
    const [whole = '', ...parts] = blocksOf('json');
    const story = JSON.parse(whole) as Story;
    expect(parts.length).toBeGreaterThan(3);
    for (const part of [{}, ...parts.map((each) => JSON.parse(each) as Partial<Story>)]) {
      const nodes = { ...story.nodes, ...part.nodes };
      const merged = storySchema.parse({ ...story, ...part, nodes });
      const { findings } = await checkStory(withTransitions({ ...tour, story: merged }));
      expect(findings).toEqual([]);
    }
  });

  it('names every type of node, and every form of a condition', () => {
    for (const type of ['scene', 'hub', 'form', 'cta', 'router', 'detour', 'return', 'end']) {
      expect(page).toMatch(new RegExp(`^\\| \`${type}\``, 'm'));
    }
    const forms = ['all', 'any', 'not', 'eq', 'lt', 'lte', 'gt', 'gte', 'before', 'after', 'contains'];
    for (const form of [...forms, 'in', 'present', 'visited', 'visits', 'length']) {
      expect(page).toContain(`{"${form}": `);
    }
  });

  const commands = (start: string): readonly string[] =>
    blocksOf('sh')
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith(`npx bespoke ${start}`));

  it('shows a path that can be walked', () => {
    const [, id = '', steps = ''] = /-t (\S+) .*--path (\S+)/.exec(commands('render')[0] ?? '') ?? [];
    const template = findTemplate(registry, id)?.template;
    if (template === undefined) throw new Error(`There is no template "${id}".`);
    const world = storyContextOf(template, template.fixtures.typical.record, {}, { asOf: '2026-01-01' });
    const { node } = chosenPlaythrough(parsePath(steps))(world);
    expect(template.story.nodes[node]?.type).toBe('end');
  });

  it('shows commands that do what they say', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'bespoke-stories-'));
    onTestFinished(() => rm(cwd, { recursive: true, force: true }));
    const record = findTemplate(registry, 'product-tour')?.template.fixtures.typical.record ?? {};
    const cells = Object.entries(record).filter(([, value]) => value !== undefined);
    const row = cells.map(([, value]) => JSON.stringify(value)).join(',');
    await writeFile(path.join(cwd, 'customers.csv'), `${cells.map(([name]) => name).join(',')}\n${row}\n`);
    const shown = [...commands('story check').slice(1), ...commands('story graph')];
    expect(shown).toHaveLength(2);
    for (const command of shown) {
      const args = command.split(' ').slice(2);
      await promisify(execFile)(process.execPath, programArguments('bespoke', ...args), { cwd });
    }
    expect(await readFile(path.join(cwd, 'tour.svg'), 'utf8')).toContain('The story of');
  });
});
