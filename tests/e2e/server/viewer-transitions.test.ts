import { expect, inject, it, onTestFinished } from 'vitest';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import { testRegistry } from '../../fixtures/templates/registry.ts';
import { newDeployment } from '../deployment.ts';
import { named, serveViewers } from './viewer-bench.ts';

it('pages play a transition between the rest of both scenes', async () => {
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  const deployment = await newDeployment('embedded', servers);
  const viewers = await serveViewers((parts) => parts, {}, { deployment, registry: testRegistry });
  onTestFinished(viewers.close);
  const { token } = await viewers.newFilm('Lea', 'journey', { plan: 'Plus' });
  const { pass } = await viewers.open(token);
  const ended = (node: string) => ({ type: 'ended', node, visit: 1 }) as const;
  const before = ['opening', 'opening-to-tour', 'tour', 'tour-to-greeting', 'greeting'];
  await viewers.append(pass, 0, named({ type: 'start' }, ...before.map(ended)));
  const { clips } = sessionSchema.parse((await viewers.get('/viewer/session', pass)).json());
  const seen = Object.values(clips).map(({ durationInFrames, shared, cues }) =>
    [durationInFrames, shared ? 'shared' : 'personal', ...cues.map(({ text }) => text)].join(' '),
  );
  expect(seen).toEqual([
    ...['9 shared The sea.', '5 shared The sea.', '6 shared A ship.', '4 personal A ship.'],
    ...['7 personal Welcome, Lea.', '3 personal Welcome, Lea.', '7 shared More.'],
  ]);
});
