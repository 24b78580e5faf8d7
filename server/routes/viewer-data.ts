import { z } from 'zod';
import { erasePerson } from '../../worker/people/erase-person.ts';
import { exportPerson } from '../../worker/people/export-person.ts';
import type { FilmData } from '../../worker/people/film-data.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { personExportSchema, presentExport } from '../schemas/person.ts';
import { problems } from '../schemas/problem.ts';
import {
  confirmSchema,
  giveConsentSchema,
  knownChangedSchema,
  knownChangesSchema,
  knownSchema,
  presentChanged,
  presentKnown,
  presentShare,
  presentViewerReceipt,
  shareSchema,
  viewerReceiptSchema,
} from '../schemas/viewer-data.ts';
import { remakeSchema } from '../schemas/viewer-remake.ts';
import type { Server } from '../server.ts';
import { createViewerDoor } from '../viewer/viewer-door.ts';

const tags = ['Viewers'];
const security = [{ pass: [] }, { viewer: [] }];
const watching = ['session-missing', 'link-ended', 'rate-limited'] as const;
const entering = [...watching, 'rights-missing'] as const;
const reading = problems(...entering, 'service-unavailable');
const writing = problems('request-invalid', 'origin-refused', ...entering, 'service-unavailable');

const sessionQuery = z.object({
  session: z.string().max(64).optional().meta({ description: 'Which of the sessions of this browser.' }),
});

/** A file of a hundred thousand rows is read to find one of them, and written anew without it. */
const eraseTimeout = 120_000;

/** What a film's viewer is told of their data, and what they say about it: for the owner of the link alone. */
export async function viewerDataRoutes(
  server: Server,
  dependencies: RouteDependencies & { readonly filmData: FilmData },
): Promise<void> {
  const { pipeline, publicUrl, linkDays, filmData } = dependencies;
  const door = createViewerDoor(dependencies);
  server.addHook('onRequest', async (_request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' });
  });

  server.get(
    '/viewer/known',
    {
      schema: {
        operationId: 'getKnown',
        tags,
        summary: 'What is known about the viewer',
        description: 'Every parameter of the film: value, source, and what can be done about it.',
        security,
        querystring: sessionQuery,
        response: { 200: knownSchema, ...reading },
      },
    },
    async (request, reply) => presentKnown(await filmData.known(await door.enter(request, reply, 'owner'))),
  );

  server.post(
    '/viewer/known',
    {
      schema: {
        operationId: 'changeKnown',
        tags,
        summary: 'Correct, withhold or restore values',
        description:
          'The film is made anew with them; only clips that differ are rendered. What it showed before is gone at once; its links stay, and lead to the new film when it is done.',
        security,
        querystring: sessionQuery,
        body: knownChangesSchema,
        response: { 200: knownChangedSchema, ...writing },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply, 'owner');
      return presentChanged(await filmData.change(access, request.body.changes));
    },
  );

  server.get(
    '/viewer/remake',
    {
      schema: {
        operationId: 'getRemake',
        tags,
        summary: 'Whether the film is made anew',
        description: 'After a value was changed, until the new film is there.',
        security,
        querystring: sessionQuery,
        response: { 200: remakeSchema, ...problems(...watching, 'service-unavailable') },
      },
    },
    async (request, reply) => filmData.remake(await door.enter(request, reply)),
  );

  server.post(
    '/viewer/remake',
    {
      schema: {
        operationId: 'makeAgain',
        tags,
        summary: 'Try again to make the film',
        description: 'Where it could not be made with what was changed; else nothing happens.',
        security,
        querystring: sessionQuery,
        response: { 200: remakeSchema, ...writing },
      },
    },
    async (request, reply) => filmData.makeAgain(await door.enter(request, reply, 'owner')),
  );

  server.get(
    '/viewer/known/export',
    {
      schema: {
        operationId: 'exportKnown',
        tags,
        summary: 'All that is held about the viewer',
        description: 'As a file to keep.',
        security,
        querystring: sessionQuery,
        response: { 200: personExportSchema, ...reading },
      },
    },
    async (request, reply) => {
      const { video } = await door.enter(request, reply, 'owner');
      const found = await exportPerson(pipeline, { renderId: video.id }, { publicUrl, linkDays });
      return reply
        .header('content-disposition', 'attachment; filename="my-data.json"')
        .send(presentExport(found));
    },
  );

  server.post(
    '/viewer/consent',
    {
      schema: {
        operationId: 'giveConsent',
        tags,
        summary: 'Let an answer change the record, or no longer',
        description:
          'Only what differs is rendered anew. Without consent the record is again what the sender said.',
        security,
        querystring: sessionQuery,
        body: giveConsentSchema,
        response: { 200: knownSchema, ...writing },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply, 'owner');
      const { variable, agreed } = request.body;
      return presentKnown(await filmData.consent(access, variable, agreed));
    },
  );

  server.post(
    '/viewer/share',
    {
      schema: {
        operationId: 'shareFilm',
        tags,
        summary: 'A link for watching only',
        description:
          'The same one until it is withdrawn. It shows the film, and nothing of the data behind it.',
        security,
        querystring: sessionQuery,
        response: { 200: shareSchema, ...writing },
      },
    },
    async (request, reply) => presentShare(await filmData.share(await door.enter(request, reply, 'owner'))),
  );

  server.delete(
    '/viewer/share',
    {
      schema: {
        operationId: 'withdrawShare',
        tags,
        summary: 'Withdraw the link for watching only',
        description: 'Whoever watches by it is out at their next request.',
        security,
        querystring: sessionQuery,
        response: { 204: z.null().meta({ description: 'There is none any more.' }), ...writing },
      },
    },
    async (request, reply) => {
      await filmData.unshare(await door.enter(request, reply, 'owner'));
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/viewer/erase',
    {
      handlerTimeout: eraseTimeout,
      schema: {
        operationId: 'eraseViewer',
        tags,
        summary: 'Erase all that is held about the viewer',
        description:
          'Record, films, personal clips, posters, events and queued work; all of this customer, where the film was made for a known one. Cannot be undone.',
        security,
        querystring: sessionQuery,
        body: confirmSchema,
        response: { 200: viewerReceiptSchema, ...writing },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply, 'owner');
      const receipt = await erasePerson(pipeline, { renderId: access.video.id });
      door.takeCookie(reply, access);
      return reply.send(presentViewerReceipt(receipt));
    },
  );
}
