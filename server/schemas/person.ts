import { z } from 'zod';
import type { ExportedVideo, PersonExport } from '../../worker/people/export-person.ts';
import type { Receipt } from '../../worker/people/erase-person.ts';
import type { Named } from '../../worker/people/subject.ts';
import { moment } from '../../worker/campaigns/report-schema.ts';

/** The client's id for a customer. */
export const customerIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .meta({
    description:
      'Your id for the customer, as in the id column of a CSV. Stored as an HMAC. Use it to export or erase their data.',
    examples: ['c-1093'],
  });

/** The person of a request. In the body, so that the id is in no address and no log. */
export const namedPersonSchema = z
  .strictObject({
    customerId: customerIdSchema.optional(),
    renderId: z
      .uuid()
      .optional()
      .meta({
        description: 'A render or row. Use it if no customer id was given.',
        examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
      }),
  })
  .refine(({ customerId, renderId }) => (customerId === undefined) !== (renderId === undefined), {
    error: 'Name the person with either customerId or renderId.',
  })
  .meta({
    id: 'NamedPerson',
    description: 'The person of the request.',
    examples: [{ customerId: 'c-1093' }],
  });

/** A checked body in the form of the worker. */
export function toNamed({ customerId, renderId = '' }: z.infer<typeof namedPersonSchema>): Named {
  return customerId === undefined ? { renderId } : { customerId };
}

const count = (description: string, example = 1) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** What an erasure did. */
export const receiptSchema = z
  .object({
    id: z.string().meta({
      description: "Random. It is also in the server's log.",
      examples: ['erasure_5f7a6a2f9a104a4e8c373f0f'],
    }),
    erasedAt: moment('When it happened.'),
    barred: z.boolean().meta({
      description: 'Whether the person is on the suppression list. False if no customer id is known.',
      examples: [true],
    }),
    removed: z
      .object({
        videos: count('Videos. Their rows stay, as `skipped`, reason `erased`.', 2),
        records: count('Records of single renders.'),
        inputRows: count('Rows of uploaded files. They are blanked, so that other rows keep their numbers.'),
        clips: count('Clips that only this person needed.', 3),
        files: count('Files of the store: videos, pictures, captions, clips, photos, sound, uploads.', 14),
        images: count('Stored addresses of photos.'),
        webhooks: count('Messages about their renders.', 0),
        sessions: count('Viewer sessions.'),
        events: count('Events of these sessions.', 12),
        idempotencyKeys: count('Idempotency keys of their renders.', 0),
        jobs: count('Queued and running jobs.', 0),
      })
      .meta({ description: 'What was removed, by kind.' }),
    unreadInputs: count('Uploads of failed campaigns that cannot be read and were not searched.', 0),
    notReached: z.array(z.string()).meta({
      description: 'What an erasure cannot reach.',
      examples: [['Backups of tables and store keep what they held when they were made.']],
    }),
  })
  .meta({ id: 'ErasureReceipt', description: 'What an erasure did. Contains nothing about the person.' });

/** A receipt as clients get it. */
export function presentReceipt(receipt: Receipt): z.infer<typeof receiptSchema> {
  const { erasedAt, notReached, ...rest } = receipt;
  return { ...rest, erasedAt: erasedAt.toISOString(), notReached: [...notReached] };
}

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });
const values = (description: string) =>
  z.record(z.string(), z.unknown()).meta({ description, examples: [{ firstName: 'Anna' }] });

const exportedSceneSchema = z.object({
  node: text('The node of the story.', 'greeting'),
  scene: text('The scene.', 'greeting'),
  inputs: values('The inputs of the scene.'),
  personal: z.boolean().meta({
    description: 'Whether the clip is personal.',
    examples: [true],
  }),
});

const exportedSessionSchema = z.object({
  rights: z
    .enum(['owner', 'play'])
    .meta({ description: '`play`: through a shared link.', examples: ['owner'] }),
  begunAt: moment('When it started.'),
  events: z
    .array(
      z.object({
        at: moment('When it arrived.'),
        entry: z.unknown().meta({ description: 'What the viewer did, and what it led to.' }),
      }),
    )
    .meta({ description: 'What the viewer did, in order.' }),
});

const exportedVideoSchema = z.object({
  id: text('Id of the render or row.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'),
  order: text('The campaign whose row it is, or the render itself.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'),
  row: z
    .int()
    .min(1)
    .meta({ description: '1-based among the rows of the input.', examples: [1] }),
  template: text('Id of its template.', 'renewal-offer').optional(),
  orderedAt: moment('When it was ordered.').optional(),
  endedAt: moment('When it ended.').optional(),
  state: text('The state of the render.', 'done'),
  record: values('The record by field, or the row of an uploaded file by column.').optional(),
  current: values('The present record by field, with changes of the viewer.').optional(),
  sessions: z.array(exportedSessionSchema).meta({ description: 'What its viewers did.' }),
  metadata: z
    .record(z.string(), z.string())
    .meta({ description: 'Metadata of the order.', examples: [{ ticket: 'A-1093' }] }),
  scenes: z.array(exportedSceneSchema).meta({ description: 'The scenes of the video, in order.' }),
  warnings: z
    .array(z.string())
    .meta({ description: 'Where the video shows something other than the record.', examples: [[]] }),
  links: z
    .object({
      video: text('The MP4.', 'https://video.example.com/f/…'),
      poster: text('A JPEG.', 'https://video.example.com/f/…').optional(),
      teaser: text('An animated GIF.', 'https://video.example.com/f/…').optional(),
      captions: text('WebVTT.', 'https://video.example.com/f/…'),
      page: text('The page for the viewer.', 'https://video.example.com/v/…'),
    })
    .optional()
    .meta({ description: 'Present while the files exist and their links work.' }),
});

/** Everything held about a person. */
export const personExportSchema = z
  .object({
    exportedAt: moment('When it happened.'),
    videos: z.array(exportedVideoSchema).meta({ description: 'The videos of this person.' }),
  })
  .meta({ id: 'PersonExport', description: 'Everything held about a person, and the videos made from it.' });

function presentVideo(render: ExportedVideo): z.infer<typeof exportedVideoSchema> {
  const { template, orderedAt, endedAt, record, current, links, scenes, sessions, warnings, ...rest } =
    render;
  return {
    ...rest,
    ...(template !== undefined && { template }),
    ...(orderedAt && { orderedAt: orderedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(record && { record }),
    ...(current && { current }),
    sessions: sessions.map(({ rights, begunAt, events }) => ({
      rights,
      begunAt: begunAt.toISOString(),
      events: events.map(({ at, entry }) => ({ at: at.toISOString(), entry })),
    })),
    ...(links && { links }),
    scenes: [...scenes],
    warnings: [...warnings],
  };
}

/** An export as clients get it. */
export function presentExport({
  exportedAt,
  videos: renders,
}: PersonExport): z.infer<typeof personExportSchema> {
  return { exportedAt: exportedAt.toISOString(), videos: renders.map(presentVideo) };
}

/** The answer to removing a person from the suppression list. */
export const welcomeSchema = z
  .object({
    welcome: z.boolean().meta({
      description: 'Whether the person was on the suppression list.',
      examples: [true],
    }),
  })
  .meta({ id: 'Welcome', description: 'The person is no longer on the suppression list.' });
