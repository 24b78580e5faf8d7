import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Template } from '../../video/story/template.ts';
import { tour } from '../../video/story/test-tour.ts';
import { storyCheckResult, storyGraphResult } from '../json-results.ts';
import { openTerminal } from '../terminal.ts';
import { runStoryCheckCommand, runStoryGraphCommand, type StoryCheckFlags } from './story.ts';

/** The tour, out of whose menu customers with the plan Basic find no way. */
const stuck: Template = {
  ...tour,
  id: 'stuck',
  story: {
    ...tour.story,
    nodes: {
      ...tour.story.nodes,
      menu: {
        type: 'hub',
        scene: 'menu',
        inputs: {},
        while: 'loop',
        choices: [
          { id: 'planning', label: 'Planning', to: 'planning', comesBack: true },
          { id: 'go-on', label: 'Go on', to: 'offer', when: { not: { eq: [{ var: 'plan' }, 'Basic'] } } },
        ],
      },
    },
  },
};

const registry = [tour as Template, stuck].map((template) => ({
  template,
  directory: 'file:///nowhere/',
}));

function open(json: boolean) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr, env: {} } as unknown as Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>;
  const terminal = openTerminal(streams, json);
  const deployment = { loadRegistry: () => Promise.resolve(registry) };
  return { context: { terminal, deployment, environment: {} }, stdout, stderr };
}

async function check(id: string, flags: StoryCheckFlags = {}, json = false) {
  const { context, stdout } = open(json);
  const code = await runStoryCheckCommand(context, id, { walks: 20, ...flags });
  stdout.end();
  return { code, said: await text(stdout) };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-story-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('bespoke story check', () => {
  it('ends with 0 where nothing is wrong, and says how often each node was entered', async () => {
    const { code, said } = await check('tour');
    expect(code).toBe(0);
    expect(said).toContain('20 of 20 reached an end · seed 1');
    expect(said).toMatch(/result +scene +\d+ +100 +just in time/);
    expect(said).toContain('No problems found.');
  });

  it('ends with 1 where something is, and says where and what to do', async () => {
    const { code, said } = await check('stuck');
    expect(code).toBe(1);
    expect(said).toMatch(/Error {2}end-unreachable {2}menu/);
    expect(said).toContain('Add a path from here to a node of type `end`.');
  });

  it('says which customers run into it, by the id of their row', async () => {
    const csv = path.join(folder, 'customers.csv');
    const plans = ['Plus', 'Basic', 'Business', 'Gold', 'Basic'];
    const lines = plans.map((plan, index) => `c-${index + 1},Ada,${plan},2`);
    await writeFile(csv, ['customer_id,first name,plan,seats', ...lines].join('\n'));
    const { said } = await check('stuck', { csv });
    expect(said).toContain('2 customers: c-2, c-5');
    expect(said).toContain('4 · 1 bad row left out');
    const { said: json } = await check('stuck', { csv }, true);
    const { input, findings, clips } = storyCheckResult.parse(JSON.parse(json));
    expect(input?.rows).toEqual({ good: 4, bad: 1 });
    expect(findings.find(({ code }) => code === 'end-unreachable')?.customers).toEqual(['c-2', 'c-5']);
    expect(clips.find(({ node }) => node === 'welcome')).toMatchObject({ personal: true, total: 4 });
  });
});

it('bespoke story graph draws into a folder that it makes', async () => {
  const out = path.join(folder, 'pictures', 'tour.svg');
  const { context, stdout } = open(true);
  expect(await runStoryGraphCommand(context, 'tour', { out })).toBe(0);
  stdout.end();
  expect(storyGraphResult.parse(JSON.parse(await text(stdout)))).toEqual({ template: 'tour', file: out });
  expect(await readFile(out, 'utf8')).toMatch(/^<svg [^>]*>\n<title>The story of Tour<\/title>/);
});
