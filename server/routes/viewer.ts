import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import {
  appendEventsSchema,
  eventsAppendedSchema,
  openSessionSchema,
  sessionSchema,
} from '../../video/story/viewer-schema.ts';
import {
  eventsReportedSchema,
  measurementSchema,
  reportEventsSchema,
} from '../../video/story/viewer-event-schema.ts';
import { isOurToken } from '../../worker/campaigns/links.ts';
import { isCountingBlocked, machineOf } from '../../worker/measurement/machines.ts';
import { allowCounting, takeViewerEvents } from '../../worker/measurement/take-viewer-events.ts';
import type { ViewerData } from '../../worker/people/viewer-data.ts';
import { awaitClip } from '../../worker/viewers/await-clip.ts';
import { readClipRef } from '../../worker/viewers/tokens.ts';
import { openPage } from '../../worker/viewers/viewer-access.ts';
import type { Asker, Viewer } from '../../worker/viewers/viewer.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { problems } from '../schemas/problem.ts';
import { presentAppended, presentSession } from '../schemas/viewer.ts';
import { answerFile, askFirst } from '../send-file.ts';
import type { Server } from '../server.ts';
import { createViewerDoor } from '../viewer-door.ts';

/** How long a request waits for a clip that is being rendered. */
const patienceMs = 20_000;

/** How long a browser may keep a personal clip; a withdrawn link works that long at most. */
const freshSeconds = 600;

const refParams = z.object({
  ref: z.string().max(200).meta({ description: "From the `url` of a clip in the session's answer." }),
});

const sessionQuery = z.object({
  session: z.string().max(64).optional().meta({ description: 'One of the sessions of this browser.' }),
});

const security = [{ pass: [] }, { viewer: [] }];
const entering = ['session-missing', 'link-ended', 'rate-limited', 'service-unavailable'] as const;

const askerOf = ({ headers }: FastifyRequest): Asker => ({
  isCountingBlocked: isCountingBlocked(headers),
  isPerson: machineOf(headers) === undefined,
});

/** Routes of a viewer's page: its session, events and clips. */
export async function viewerRoutes(
  server: Server,
  dependencies: RouteDependencies & { readonly viewer: Viewer; readonly viewerData: ViewerData },
): Promise<void> {
  const { pipeline, linkDays, limits, viewer, viewerData } = dependencies;
  const { hmac } = pipeline;
  const door = createViewerDoor(dependencies);
  const closing = new AbortController();
  server.addHook('preClose', async () => {
    closing.abort();
  });
  server.addHook('onRequest', async (_request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' });
  });

  server.post(
    '/viewer/session',
    {
      schema: {
        operationId: 'openSession',
        tags: ['Viewers'],
        summary: 'Open the session of a page',
        description:
          'Anyone with the link of a video continues where they were, on any device. A shared link starts a new session each time, unless `pass` names an earlier one, and nothing is recorded before its first event. A session ends when its link is withdrawn or expires.',
        security: [],
        body: openSessionSchema,
        response: {
          200: sessionSchema,
          ...problems('request-invalid', 'link-unknown', 'rate-limited', 'service-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { link, carry, pass } = request.body;
      const page = await openPage(pipeline, link, { linkDays });
      if (page !== undefined) await limits.countViewer(request, reply, page);
      const opened = page && (await viewer.open(page, askerOf(request), pass));
      if (opened === undefined) {
        if (!isOurToken(pipeline.hmac, link)) await limits.countGuess(request, reply);
        throw errors.linkUnknown();
      }
      const { access, view } = opened;
      if (carry !== 'memory') door.giveCookie(request, reply, access);
      return presentSession(view, carry === 'cookie' ? undefined : door.passOf(access));
    },
  );

  server.get(
    '/viewer/session',
    {
      schema: {
        operationId: 'getSession',
        tags: ['Viewers'],
        summary: 'Get a viewer session',
        description: 'Everything that a player needs to continue.',
        security,
        querystring: sessionQuery,
        response: { 200: sessionSchema, ...problems(...entering) },
      },
    },
    async (request, reply) =>
      presentSession(await viewer.view(await door.enter(request, reply), askerOf(request))),
  );

  server.post(
    '/viewer/events',
    {
      schema: {
        operationId: 'appendEvents',
        tags: ['Viewers'],
        summary: 'Append events',
        description:
          'Each event is checked against the story. Sending events again changes nothing. Clips that are needed and missing are rendered before all other work, unless the request is that of a machine: a prefetch, or a `User-Agent` of a known program.',
        security,
        querystring: sessionQuery,
        body: appendEventsSchema,
        response: {
          200: eventsAppendedSchema,
          ...problems('request-invalid', 'origin-refused', ...entering),
        },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply);
      const appended = await viewer.append(access, askerOf(request), request.body);
      // Without events no answer has changed: the page only asks for its clips.
      const mayAnswer = access.session.rights === 'owner' && request.body.events.length > 0;
      if (mayAnswer) await viewerData.writeBack(access);
      return presentAppended(appended);
    },
  );

  server.post(
    '/viewer/reports',
    {
      schema: {
        operationId: 'reportEvents',
        tags: ['Viewers'],
        summary: 'Report how a film is watched',
        description:
          'What happened on the page since its last report, for the figures of the campaign. Sending events again changes nothing. Nothing is kept of a viewer whose browser sends `Sec-GPC` or `DNT`, or who has refused.',
        security,
        querystring: sessionQuery,
        body: reportEventsSchema,
        response: {
          200: eventsReportedSchema,
          ...problems('request-invalid', 'origin-refused', ...entering),
        },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply);
      if (isCountingBlocked(request.headers)) return { kept: 0 };
      const machine = machineOf(request.headers);
      return { kept: await takeViewerEvents(pipeline, access, { ...request.body, machine }) };
    },
  );

  server.put(
    '/viewer/measurement',
    {
      schema: {
        operationId: 'allowMeasurement',
        tags: ['Viewers'],
        summary: 'Refuse to be counted, or allow it again',
        description:
          'With `false`, nothing more is kept of how this viewer watches, what was kept is deleted, and they are in no figure any more.',
        security,
        querystring: sessionQuery,
        body: measurementSchema,
        response: {
          204: z.null().meta({ description: 'Done.' }),
          ...problems('request-invalid', 'origin-refused', ...entering),
        },
      },
    },
    async (request, reply) => {
      await allowCounting(pipeline, await door.enter(request, reply), request.body.allowed);
      return reply.code(204).send(null);
    },
  );

  async function answerClip(
    request: FastifyRequest,
    reply: FastifyReply,
    ref: string,
    what: 'video' | 'playedSound',
  ): Promise<FastifyReply> {
    const { render, session } = await door.enter(request, reply);
    const key = readClipRef(hmac, ref, session.link);
    if (key === undefined) {
      await limits.countGuess(request, reply);
      throw errors.clipUnknown();
    }
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    const clip = await awaitClip(pipeline, key, what, render.id, patienceMs, signal);
    if (clip.state === 'failed') throw errors.clipFailed();
    if (clip.state === 'making') return reply.code(202).header('retry-after', '1').send(null);
    if (clip.state === 'silent') return reply.code(204).send(null);
    const cacheControl = session.rights === 'play' ? askFirst : `private, max-age=${freshSeconds}`;
    const contentType = what === 'video' ? 'video/mp4' : 'audio/mp4';
    return answerFile(request, reply, clip.file, {
      contentType,
      cacheControl,
      tag: what === 'video' ? key : `${key}-sound`,
    });
  }

  server.get(
    '/viewer/clips/:ref',
    {
      config: { unknown: 'clip-unavailable' },
      schema: {
        operationId: 'getViewerClip',
        tags: ['Viewers'],
        summary: 'A clip of the session',
        description:
          'If the clip is being rendered, the request waits up to 20 seconds and then answers 202; send it again.',
        security,
        params: refParams,
        querystring: sessionQuery,
        response: {
          200: { description: 'The clip, an MP4.', content: { 'video/mp4': { schema: z.string() } } },
          202: z.null().meta({ description: 'The clip is still being rendered.' }),
          304: z.null().meta({ description: 'Not modified.' }),
          ...problems('clip-unavailable', 'range-invalid', ...entering),
        },
      },
    },
    async (request, reply) => answerClip(request, reply, request.params.ref, 'video'),
  );

  server.get(
    '/viewer/clips/:ref/sound',
    {
      config: { unknown: 'clip-unavailable' },
      schema: {
        operationId: 'getViewerClipSound',
        tags: ['Viewers'],
        summary: 'What a clip of the session plays',
        description:
          'Voices and sounds of the clip itself, as long as the clip. If the clip is being rendered, the request waits up to 20 seconds and then answers 202; send it again.',
        security,
        params: refParams,
        querystring: sessionQuery,
        response: {
          200: { description: 'The sound, an M4A.', content: { 'audio/mp4': { schema: z.string() } } },
          202: z.null().meta({ description: 'The clip is still being rendered.' }),
          204: z.null().meta({ description: 'The clip plays nothing.' }),
          304: z.null().meta({ description: 'Not modified.' }),
          ...problems('clip-unavailable', 'range-invalid', ...entering),
        },
      },
    },
    async (request, reply) => answerClip(request, reply, request.params.ref, 'playedSound'),
  );
}
