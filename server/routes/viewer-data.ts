import { z } from 'zod';
import {
  giveConsentSchema,
  knownChangedSchema,
  knownChangesSchema,
  knownSchema,
  shareSchema,
  viewerReceiptSchema,
} from '../../video/story/viewer-data-schema.ts';
import { remakeSchema } from '../../video/story/viewer-schema.ts';
import { erasePerson } from '../../worker/people/erase-person.ts';
import { exportPerson } from '../../worker/people/export-person.ts';
import { personExportSchema } from '../../worker/people/people-schema.ts';
import type { ViewerData } from '../../worker/people/viewer-data.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { problems } from '../schemas/problem.ts';
import {
  confirmSchema,
  presentChanged,
  presentKnown,
  presentShare,
  presentViewerReceipt,
} from '../schemas/viewer.ts';
import type { Server } from '../server.ts';
import { createViewerDoor } from '../viewer-door.ts';

const tags = ['Viewers'];
const security = [{ pass: [] }, { viewer: [] }];
const watching = ['session-missing', 'link-ended', 'rate-limited'] as const;
const entering = [...watching, 'rights-missing'] as const;
const reading = problems(...entering, 'service-unavailable');
const writing = problems('request-invalid', 'origin-refused', ...entering, 'service-unavailable');

const sessionQuery = z.object({
  session: z.string().max(64).optional().meta({ description: 'One of the sessions of this browser.' }),
});

/** A file of a hundred thousand rows is read to find one of them, and written again without it. */
const eraseTimeout = 120_000;

/** The viewer's data: shown, corrected, exported and erased, by the owner of the link only. */
export async function viewerDataRoutes(
  server: Server,
  dependencies: RouteDependencies & { readonly viewerData: ViewerData },
): Promise<void> {
  const { pipeline, publicUrl, linkDays, viewerData } = dependencies;
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
        summary: 'List what is known about the viewer',
        description: 'Every value that the video uses: its source, and what the viewer can change.',
        security,
        querystring: sessionQuery,
        response: { 200: knownSchema, ...reading },
      },
    },
    async (request, reply) => presentKnown(await viewerData.known(await door.enter(request, reply, 'owner'))),
  );

  server.post(
    '/viewer/known',
    {
      schema: {
        operationId: 'changeKnown',
        tags,
        summary: 'Correct, withhold or restore values',
        description:
          'The video is made again; only clips that differ are rendered. The earlier video is withdrawn at once. Links stay valid and lead to the new video when it is done.',
        security,
        querystring: sessionQuery,
        body: knownChangesSchema,
        response: { 200: knownChangedSchema, ...writing },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply, 'owner');
      return presentChanged(await viewerData.change(access, request.body.changes));
    },
  );

  server.get(
    '/viewer/remake',
    {
      schema: {
        operationId: 'getRemake',
        tags,
        summary: 'State of a corrected video',
        description: 'From the change of a value until the new video is done.',
        security,
        querystring: sessionQuery,
        response: { 200: remakeSchema, ...problems(...watching, 'service-unavailable') },
      },
    },
    async (request, reply) => viewerData.remake(await door.enter(request, reply)),
  );

  server.post(
    '/viewer/remake',
    {
      schema: {
        operationId: 'makeAgain',
        tags,
        summary: 'Retry a corrected video that failed',
        description: 'Does nothing if it has not failed.',
        security,
        querystring: sessionQuery,
        response: { 200: remakeSchema, ...writing },
      },
    },
    async (request, reply) => viewerData.makeAgain(await door.enter(request, reply, 'owner')),
  );

  server.get(
    '/viewer/known/export',
    {
      schema: {
        operationId: 'exportKnown',
        tags,
        summary: "Download the viewer's data",
        description: 'As a JSON file.',
        security,
        querystring: sessionQuery,
        response: { 200: personExportSchema, ...reading },
      },
    },
    async (request, reply) => {
      const { render } = await door.enter(request, reply, 'owner');
      const found = await exportPerson(pipeline, { renderId: render.id }, { publicUrl, linkDays });
      return reply.header('content-disposition', 'attachment; filename="my-data.json"').send(found);
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
          'Only clips that differ are rendered. Without consent the record has its original value.',
        security,
        querystring: sessionQuery,
        body: giveConsentSchema,
        response: { 200: knownSchema, ...writing },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply, 'owner');
      const { variable, agreed } = request.body;
      return presentKnown(await viewerData.consent(access, variable, agreed));
    },
  );

  server.post(
    '/viewer/share',
    {
      schema: {
        operationId: 'shareFilm',
        tags,
        summary: 'Share a link for watching only',
        description: 'Returns the same link until it is withdrawn. It only allows watching.',
        security,
        querystring: sessionQuery,
        response: { 200: shareSchema, ...writing },
      },
    },
    async (request, reply) => presentShare(await viewerData.share(await door.enter(request, reply, 'owner'))),
  );

  server.delete(
    '/viewer/share',
    {
      schema: {
        operationId: 'withdrawShare',
        tags,
        summary: 'Withdraw the link for watching only',
        description: 'Its viewers are shut out at their next request.',
        security,
        querystring: sessionQuery,
        response: { 204: z.null().meta({ description: 'Withdrawn.' }), ...writing },
      },
    },
    async (request, reply) => {
      await viewerData.unshare(await door.enter(request, reply, 'owner'));
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
        summary: "Erase the viewer's data",
        description:
          'Removes record, videos, personal clips, posters, events and queued work. If the customer is known, it removes all data of this customer. It cannot be undone.',
        security,
        querystring: sessionQuery,
        body: confirmSchema,
        response: { 200: viewerReceiptSchema, ...writing },
      },
    },
    async (request, reply) => {
      const access = await door.enter(request, reply, 'owner');
      const receipt = await erasePerson(pipeline, { renderId: access.render.id });
      door.takeCookie(reply, access);
      return reply.send(presentViewerReceipt(receipt));
    },
  );
}
