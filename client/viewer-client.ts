import { personExportSchema } from '../worker/people/people-schema.ts';
import {
  knownChangedSchema,
  knownSchema,
  shareSchema,
  viewerReceiptSchema,
  type giveConsentSchema,
  type knownChangesSchema,
} from '../video/story/viewer-data-schema.ts';
import {
  eventsAppendedSchema,
  type appendEventsSchema,
  remakeSchema,
  sessionSchema,
  type openSessionSchema,
} from '../video/story/viewer-schema.ts';
import {
  eventsReportedSchema,
  type measurementSchema,
  type reportEventsSchema,
} from '../video/story/viewer-event-schema.ts';
import type { confirmSchema } from '../server/schemas/viewer.ts';
import type { z } from 'zod';
import type { CallOptions } from './requests.ts';
import { createTransport, type ClientOptions } from './transport.ts';

/** How a viewer is reached: `key` is the pass that opening a session with `carry: 'memory'` gave. */
export interface ViewerOptions extends Omit<ClientOptions, 'patienceMs'> {
  /** Which session; unset: the one that the pass was given for. */
  readonly session?: string;
}

/**
 * The part of the API that a video's page uses, for players of your own: one method for each operation of its
 * description, with that operation's name. Methods throw as those of `createClient` do.
 */
export function createViewerClient({ session, ...options }: ViewerOptions) {
  const { send, ask } = createTransport({ ...options, patienceMs: 10_000 });
  const query = { session };

  return {
    openSession: (
      request: z.input<typeof openSessionSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof sessionSchema>> =>
      ask(sessionSchema, { method: 'POST', path: '/viewer/session', json: request, signal }),
    getSession: ({ signal }: CallOptions = {}): Promise<z.output<typeof sessionSchema>> =>
      ask(sessionSchema, { path: '/viewer/session', query, signal }),
    appendEvents: (
      request: z.input<typeof appendEventsSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof eventsAppendedSchema>> =>
      ask(eventsAppendedSchema, {
        method: 'POST',
        path: '/viewer/events',
        query,
        json: request,
        // Each event has a name of its own.
        repeatable: true,
        signal,
      }),
    reportEvents: (
      report: z.input<typeof reportEventsSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof eventsReportedSchema>> =>
      ask(eventsReportedSchema, {
        method: 'POST',
        path: '/viewer/reports',
        query,
        json: report,
        repeatable: true,
        signal,
      }),
    allowMeasurement: async (
      setting: z.input<typeof measurementSchema>,
      { signal }: CallOptions = {},
    ): Promise<void> => {
      await send({ method: 'PUT', path: '/viewer/measurement', query, json: setting, signal });
    },
    /** @param ref from the `url` of a clip. The answer has status 202 while the clip is being made. */
    getViewerClip: (ref: string, { signal }: CallOptions = {}): Promise<Response> =>
      send({ path: `/viewer/clips/${encodeURIComponent(ref)}`, query, signal }),
    /** The answer has status 202 while the clip is being made, and 204 if it plays nothing. */
    getViewerClipSound: (ref: string, { signal }: CallOptions = {}): Promise<Response> =>
      send({ path: `/viewer/clips/${encodeURIComponent(ref)}/sound`, query, signal }),

    getKnown: ({ signal }: CallOptions = {}): Promise<z.output<typeof knownSchema>> =>
      ask(knownSchema, { path: '/viewer/known', query, signal }),
    changeKnown: (
      changes: z.input<typeof knownChangesSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof knownChangedSchema>> =>
      ask(knownChangedSchema, { method: 'POST', path: '/viewer/known', query, json: changes, signal }),
    exportKnown: ({ signal }: CallOptions = {}): Promise<z.output<typeof personExportSchema>> =>
      ask(personExportSchema, { path: '/viewer/known/export', query, signal }),
    getRemake: ({ signal }: CallOptions = {}): Promise<z.output<typeof remakeSchema>> =>
      ask(remakeSchema, { path: '/viewer/remake', query, signal }),
    makeAgain: ({ signal }: CallOptions = {}): Promise<z.output<typeof remakeSchema>> =>
      ask(remakeSchema, { method: 'POST', path: '/viewer/remake', query, signal }),
    giveConsent: (
      request: z.input<typeof giveConsentSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof knownSchema>> =>
      ask(knownSchema, { method: 'POST', path: '/viewer/consent', query, json: request, signal }),
    shareFilm: ({ signal }: CallOptions = {}): Promise<z.output<typeof shareSchema>> =>
      ask(shareSchema, { method: 'POST', path: '/viewer/share', query, signal }),
    withdrawShare: async ({ signal }: CallOptions = {}): Promise<void> => {
      await send({ method: 'DELETE', path: '/viewer/share', query, signal });
    },
    eraseViewer: (
      confirmation: z.input<typeof confirmSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof viewerReceiptSchema>> =>
      ask(viewerReceiptSchema, { method: 'POST', path: '/viewer/erase', query, json: confirmation, signal }),

    /** The page itself, as HTML. @param token the last part of its address. */
    getPage: (token: string, { signal }: CallOptions = {}): Promise<Response> =>
      send({ path: `/v/${encodeURIComponent(token)}`, signal }),
    /** @param file the last part of a clip's `url`. */
    getSharedClip: (file: string, { signal }: CallOptions = {}): Promise<Response> =>
      send({ path: `/c/${encodeURIComponent(file)}`, signal }),
    /** @param file the last part of a sound's `url`. */
    getSound: (file: string, { signal }: CallOptions = {}): Promise<Response> =>
      send({ path: `/s/${encodeURIComponent(file)}`, signal }),
  };
}
