import { inject, expect, it, onTestFinished, vi } from 'vitest';
import { remakeSchema, sessionSchema } from '../../../video/story/viewer-schema.ts';
import { withCuts } from '../../../video/story/cuts.ts';
import { testRegistry } from '../../fixtures/templates/registry.ts';
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

it('keeps the page and session of a film that is made again since its cut was withdrawn', async () => {
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
