import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { eventsAppendedSchema, sessionSchema } from '../../../video/story/viewer-schema.ts';
import type { SessionEvent } from '../../../video/story/engine/take.ts';
import type { Registry } from '../../../video/story/registry.ts';
import type { RunningWorker, PipelineOptions } from '../../../worker/compose.ts';
import type { Config } from '../../../worker/config.ts';
import type { Pipeline } from '../../../worker/core/pipeline.ts';
import type { Deployment } from '../deployment.ts';
import { newGate, stubParts } from '../stub-parts.ts';
import { ofPerson } from '../viewer-walk.ts';
import { publicUrl, serveAgain, serveDeployment } from './server-bench.ts';

/** Where nobody listens to webhooks. */
export const hookOrigin = 'http://127.0.0.1:9';

type Headers = Readonly<Record<string, string>>;

/** Events with names of their own. */
export const named = (...events: readonly SessionEvent[]) =>
  events.map((event) => ({ id: randomBytes(6).toString('base64url'), event }));

/** Serves films to viewers; clips are stubs that wait at a gate, and those of `broken` names cannot be made. */
export async function serveViewers(
  exchange: NonNullable<PipelineOptions['exchangeParts']> = (parts) => parts,
  config: Partial<Config> = {},
  again?: { readonly deployment: Deployment; readonly registry: Registry },
) {
  const gate = newGate();
  const drawn: unknown[] = [];
  const broken = new Set<unknown>(['broken']);
  const draw = async (name: unknown): Promise<void> => {
    drawn.push(name);
    await gate.pass();
    if (broken.has(name)) throw new BespokeError('scene-failed', 'It is broken.');
  };
  const stub = stubParts({ draw, assemble: () => Promise.resolve() });
  const exchangeParts = (parts: Pipeline): Pipeline => exchange(stub(parts));
  const changes = { webhookOrigins: [hookOrigin] };
  const served =
    again === undefined
      ? await serveDeployment(changes, { exchangeParts }, config)
      : await serveAgain(again.deployment, changes, { exchangeParts, registry: again.registry });
  const key = await served.keyed('render', 'read', 'admin');
  const worker: RunningWorker = await served.open.startWorker();

  const post = (url: string, payload: object, headers: Headers = {}) =>
    served.server.inject({ method: 'POST', url, payload, headers: { ...ofPerson, ...headers } });
  const get = (url: string, headers: Headers = {}) =>
    served.server.inject({ url, headers: { ...ofPerson, ...headers } });

  return {
    served,
    gate,
    drawn,
    broken,
    post,
    get,

    /** Orders a film and waits for it. @returns its id, and the token of its page. */
    newFilm: async (name: string, template = 'crossroads', record: object = {}, more: object = {}) => {
      const body = { template, quality: 'draft', record: { name, ...record }, ...more };
      const placed = await post('/v1/renders', body, key);
      const { id, links } = renderSchema.parse(placed.json());
      await get(links.events.replace(publicUrl, ''), key);
      const done = renderSchema.parse((await get(`/v1/renders/${id}`, key)).json());
      return { id, links: done.links, token: done.links.page?.split('/v/')[1] ?? '' };
    },

    /** What the sender is told of a film. */
    report: async (id: string) => renderSchema.parse((await get(`/v1/renders/${id}`, key)).json()),

    /** Makes the links of a film dead. */
    revoke: (id: string) =>
      served.server.inject({ method: 'DELETE', url: `/v1/renders/${id}/links`, headers: key }),

    /** Orders a campaign of so many people, each with a clip of their own. */
    orderCampaign: async (names: readonly string[]) => {
      const body = { template: 'frame-counter', quality: 'draft', rows: names.map((name) => ({ name })) };
      expect((await post('/v1/campaigns', body, key)).statusCode).toBe(202);
    },

    /** Opens a session that is carried in memory. */
    open: async (token: string) => {
      const answer = await post('/viewer/session', { link: token, carry: 'memory' });
      expect(answer.statusCode).toBe(200);
      const session = sessionSchema.parse(answer.json());
      return { session, pass: { authorization: `Bearer ${session.access}` } };
    },

    append: async (pass: Headers, after: number, events: ReturnType<typeof named>, run = 0) => {
      const answer = await post('/viewer/events', { run, after, events }, pass);
      expect(answer.statusCode).toBe(200);
      return eventsAppendedSchema.parse(answer.json());
    },

    /** Ends, and leaves the deployment to be served again. */
    leave: async () => {
      await worker.stop('abort');
      await served.leave();
    },

    close: async () => {
      gate.open();
      await worker.stop('abort');
      await served.close();
    },
  };
}

/** What is served to viewers. */
export type ServedViewers = Awaited<ReturnType<typeof serveViewers>>;

const start: SessionEvent = { type: 'start' };
const left: SessionEvent = { type: 'choose', node: 'way', visit: 1, frame: 1, choice: 'left', says: 'Left' };

/** What leads to the question of the crossroads. */
export const toTown: readonly SessionEvent[] = [start, left, { type: 'ended', node: 'left', visit: 1 }];

/** Answers that question; the clip that follows shows the answer. */
export const answerTown = (value: string): SessionEvent => ({
  type: 'answer',
  node: 'town',
  visit: 1,
  frame: 0,
  value,
});

/** The name of the clip that shows an answer. */
export const homeOf = (place: string): string => `["home","own",{"place":"${place}"}]`;
