import { z } from 'zod';
import type {
  EventsAppended,
  KnownChanged,
  KnownView,
  ShareView,
} from '../../video/story/engine/viewer-protocol.ts';
import {
  knownChangedSchema,
  knownSchema,
  shareSchema,
  viewerReceiptSchema,
} from '../../video/story/viewer-data-schema.ts';
import { eventsAppendedSchema, sessionSchema } from '../../video/story/viewer-schema.ts';
import type { Receipt } from '../../worker/people/people-schema.ts';
import type { SessionAnswer } from '../../worker/viewers/viewer.ts';

/** What `POST /viewer/erase` takes. */
export const confirmSchema = z.strictObject({ confirm: z.literal(true) }).meta({
  id: 'ConfirmErasure',
  description: 'Confirms an erasure, which cannot be undone.',
  examples: [{ confirm: true }],
});

/* Answers as the schemas have them: what the schemas do not name stays inside. */

/** A session for JSON. @param access a pass, if the page keeps it in memory. */
export const presentSession = (session: SessionAnswer, access?: string): z.infer<typeof sessionSchema> =>
  sessionSchema.parse({ ...session, access });

export const presentAppended = (appended: EventsAppended): z.infer<typeof eventsAppendedSchema> =>
  eventsAppendedSchema.parse(appended);

export const presentKnown = (view: KnownView): z.infer<typeof knownSchema> => knownSchema.parse(view);

export const presentChanged = (changed: KnownChanged): z.infer<typeof knownChangedSchema> =>
  knownChangedSchema.parse(changed);

export const presentShare = (view: ShareView): z.infer<typeof shareSchema> => shareSchema.parse(view);

export const presentViewerReceipt = ({
  id,
  erasedAt,
  removed,
}: Receipt): z.infer<typeof viewerReceiptSchema> =>
  viewerReceiptSchema.parse({ id, erasedAt, erased: removed });
