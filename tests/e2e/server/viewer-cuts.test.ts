import { inject, expect, it, onTestFinished, vi } from 'vitest';
import { remakeSchema, sessionSchema } from '../../../video/story/viewer-schema.ts';
import { withCuts } from '../../../video/story/cuts.ts';
import { templateListSchema, templateSchema } from '../../../worker/campaigns/template-schema.ts';
import { testRegistry } from '../../fixtures/templates/registry.ts';
import { createReplanWithdrawn } from '../../../worker/core/replan-withdrawn.ts';
import { newDeployment } from '../deployment.ts';
import { publicUrl } from './server-bench.ts';
import { named, serveViewers, type ServedViewers } from './viewer-bench.ts';

/** The last part is said to show no points. */
const film = [
  { until: 16, reads: [] },
  { until: 32, reads: ['name'] },
  { until: 48, reads: ['name', 'plan'] },
];

const registry = testRegistry.map((entry) =>
  entry.template.id === 'statement' ? { ...entry, template: withCuts(entry.template, { film }) } : entry,
);

/** Serves films whose frames are their points, where they show any. */
async function serveCut(): Promise<ServedViewers> {
  const deployment = await newDeployment('embedded', {
    redisUrl: inject('redisUrl'),
    postgresUrl: inject('postgresUrl'),
  });
  const viewers: ServedViewers = await serveViewers(
    (parts) => ({
      ...parts,
      renderer: {
        ...parts.renderer,
        drawFrames: ({ inputs }, frames, _days, onFrame) => {
          for (const frame of frames) {
            const shown = frame >= 32 && inputs.plan === 'Plus' ? String(inputs.points) : '';
            // What is made again waits until it was looked at.
            if (shown === '75') viewers.gate.close();
            onFrame(frame, { picture: Buffer.from(shown), sounds: [] });
          }
          return Promise.resolve();
        },
      },
      media: { ...parts.media, looksAlike: () => Promise.resolve(false) },
    }),
    {},
    { deployment, registry },
  );
  onTestFinished(viewers.close);
  return viewers;
}

it('keeps the page and session of a film that is made again since its cut was withdrawn', async () => {
  const viewers = await serveCut();
  const { get, gate, served } = viewers;
  const { cuts } = served.open.pipeline;
  const seen = await viewers.newFilm('Bo', 'statement', { plan: 'Basic', points: 40 });
  const { pass } = await viewers.open(seen.token);
  await viewers.append(pass, 0, named({ type: 'start' }, { type: 'ended', node: 'film', visit: 1 }));
  const session = async () => sessionSchema.parse((await get('/viewer/session', pass)).json());
  const making = async () => remakeSchema.parse((await get('/viewer/remake', pass)).json()).state;
  expect(Object.keys((await session()).clips)).toHaveLength(3);
  expect(await making()).toBe('none');

  // Its own film is made again too.
  const rare = viewers.newFilm('Ed', 'statement', { plan: 'Plus', points: 75 });
  await vi.waitFor(async () => expect(await making()).toBe('making'), { timeout: 10_000, interval: 50 });
  expect((await cuts.list('statement'))[0]?.withdrawn?.frame).toBe(32);
  const key = await served.keyed('read');
  const { templates } = templateListSchema.parse((await get('/v1/templates', key)).json());
  expect(templates.flatMap((each) => each.cuts ?? [])).toMatchObject([
    { scene: 'film', withdrawn: { frame: 32 } },
  ]);
  expect(templateSchema.parse((await get('/v1/templates/statement', key)).json()).cuts).toHaveLength(1);
  expect((await get(`/v/${seen.token}`)).statusCode).toBe(200);
  const video = seen.links.video?.replace(publicUrl, '') ?? '';
  expect((await get(video)).statusCode).not.toBe(200);
  expect(await viewers.report(seen.id)).toMatchObject({ status: { state: 'queued' } });

  gate.open();
  await rare;
  await vi.waitFor(async () => expect(await making()).toBe('none'), { timeout: 10_000, interval: 50 });
  expect((await get(video)).statusCode).toBe(200);
  // The story has other nodes now, so it starts again.
  const again = await viewers.open(seen.token);
  expect(Object.keys(again.session.story.nodes)).toEqual(['film', 'end']);
  expect(Object.keys(again.session.clips)).toHaveLength(1);
  await viewers.append(again.pass, 0, named({ type: 'start' }), again.session.run);
});

it('makes again what a worker left that ended after it had withdrawn a cut', async () => {
  const viewers = await serveCut();
  const { pipeline } = viewers.served.open;
  const { cuts, renders } = pipeline;
  const films = [await viewers.newFilm('Bo', 'statement', { plan: 'Basic', points: 40 })];
  films.push(await viewers.newFilm('Ed', 'statement', { plan: 'Basic', points: 40 }));
  const [cut] = await cuts.list('statement');
  const id = cut?.id ?? '';
  await cuts.withdraw(id, 0);
  expect(await cuts.touched(id, '', 10)).toHaveLength(2);
  const replan = createReplanWithdrawn(pipeline, () => Promise.reject(new Error('There is no session.')));
  // Two workers look at the same time, each at one after another.
  await Promise.all([1, 1].map((most) => replan(new AbortController().signal, most)));
  await replan(new AbortController().signal);
  expect(await cuts.touched(id, '', 10)).toEqual([]);
  for (const film of films) {
    await vi.waitFor(
      async () => expect(await viewers.report(film.id)).toMatchObject({ status: { state: 'done' } }),
      { timeout: 10_000, interval: 50 },
    );
    expect((await renders.find(film.id))?.path).toHaveLength(1);
  }
});
