import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bindPath } from '../../video/story/bind.ts';
import { pathDuration } from '../../video/story/path.ts';
import { withCuts } from '../../video/story/cuts.ts';
import { withTransitions } from '../../video/story/transitions.ts';
import { requireTemplate } from '../../worker/core/require-template.ts';
import { testRegistry } from '../fixtures/templates/registry.ts';
import { probeFile } from './decode-video.ts';
import { newDeployment, openDeployment, removeDeployment } from './deployment.ts';
import { readTable, runCsv, statusesOf } from './run-csv.ts';
import { drawScenes, largest } from './draw-scenes.ts';
import { openDesk, type RenderingDesk } from './render-project.ts';

const journey = requireTemplate(testRegistry, 'journey');
const { template } = journey;
const record = (plan: 'Basic' | 'Plus', name = 'Lea') => ({ name, plan });

let desk: RenderingDesk;

beforeAll(async () => {
  desk = await openDesk();
});

afterAll(() => desk.close());

it.each(['Basic', 'Plus'] as const)(
  'draws and plays a film with transitions as Remotion’s <TransitionSeries>, for %s',
  async (plan) => {
    const scenes = bindPath(template, record(plan), {}, { asOf: '2026-01-15' });
    const durationInFrames = 14 - 5 + 15 - 4 + 14 - 3 + (plan === 'Plus' ? 10 : 12);
    expect(pathDuration(scenes)).toBe(durationInFrames);
    const whole = await drawScenes(
      desk,
      template,
      [{ scene: 'film', inputs: record(plan), durationInFrames }],
      `film-${plan}`,
    );
    const clips = await drawScenes(desk, template, scenes, `clips-${plan}`);
    expect(new Set(whole.frames).size).toBeGreaterThan(durationInFrames - 3);
    expect(clips.frames).toEqual(whole.frames);
    expect([whole.sound.length, clips.sound.length]).toEqual([
      durationInFrames * 4800,
      durationInFrames * 4800,
    ]);
    const steps = whole.sound.map((sample, at) => Math.abs(sample - (clips.sound[at] ?? 0)));
    expect(largest(steps)).toBeLessThan(0.001);
    expect(largest(whole.sound)).toBeGreaterThan(0.1);
  },
);

it('draws what is shared once for all, and plans again what a wrong cut has shown in a transition', async () => {
  const deployment = await newDeployment('embedded', { redisUrl: '', postgresUrl: '' });
  // It reads the plan until its end.
  const cuts = {
    opening: [
      { until: 7, reads: ['plan'] },
      { until: 14, reads: [] },
    ],
  };
  const registry = testRegistry.map((entry) =>
    entry === journey
      ? { ...entry, template: withTransitions(withCuts(template.uncut ?? template, cuts)) }
      : entry,
  );
  const open = await openDeployment(deployment, { registry });
  const worker = await open.startWorker();
  try {
    const { pipeline } = open;
    const { folder } = deployment;
    const run = (csv: string, rows: readonly string[]) =>
      runCsv(pipeline, {
        ...{
          csv,
          text: ['name,plan', ...rows, ''].join('\n'),
          folder,
          template: 'journey',
          out: `out-${csv}`,
        },
      });
    const clipsDrawn = async (): Promise<Readonly<Record<string, number>>> => {
      const lines = (await open.metrics.expose()).matchAll(
        /^bespoke_clip_render_seconds_count\{template="journey",scene="([^"]+)"\} (\d+)$/gm,
      );
      return Object.fromEntries([...lines].map(([, scene = '', count]) => [scene, Number(count)]));
    };
    const alike = await run('alike.csv', ['Lea,Basic', 'Maximilian,Basic']);
    expect(await statusesOf(alike)).toEqual(['done', 'done']);
    expect(await clipsDrawn()).toEqual({
      ...{ 'opening-1': 1, 'opening-2': 1, 'opening-to-tour': 1, tour: 1, close: 1 },
      ...{ 'tour-to-greeting': 2, greeting: 2, 'greeting-to-close': 2 },
    });
    const { rows } = await readTable(alike.resultsFile);
    const files = rows.map((row) => path.join(path.dirname(alike.resultsFile), row.bespoke_video ?? ''));
    const lasting = await Promise.all(
      files.map(async (file) => Number((await probeFile(file)).format.duration)),
    );
    expect(lasting).toEqual([4.3, 5.7]);

    const other = await run('other.csv', ['Lea,Plus']);
    expect(await statusesOf(other)).toEqual(['done']);
    expect(other.campaign.proofs).toMatchObject({ open: 0, withdrawn: ['opening'] });
    const drawn = await clipsDrawn();
    expect(drawn['opening-0-5']).toBeGreaterThan(0);
    expect(drawn['opening-to-tour']).toBe(2);
  } finally {
    await worker.stop('drain');
    await open.close();
    await removeDeployment(deployment);
  }
}, 90_000);
