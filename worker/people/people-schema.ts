import { z } from 'zod';
import { count } from '../core/render-schema.ts';
import { moment } from '../campaigns/report-schema.ts';

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
        events: count('Events of these sessions, and of pages.', 12),
        idempotencyKeys: count('Idempotency keys of their renders.', 0),
        conversions: count('Conversions that were reported of them.', 2),
        jobs: count('Queued and running jobs.', 0),
      })
      .meta({ description: 'What was removed, by kind.' }),
    unreadInputs: count(
      'Uploads of campaigns with unrecorded rows that cannot be read and were not searched.',
      0,
    ),
    notReached: z.array(z.string()).meta({
      description: 'What an erasure cannot reach.',
      examples: [['Backups of tables and store keep what they held when they were made.']],
    }),
  })
  .meta({ id: 'ErasureReceipt', description: 'What an erasure did. Contains nothing about the person.' });

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

const exportedPageSchema = z.object({
  rights: z
    .enum(['owner', 'play'])
    .meta({ description: '`play`: through a shared link.', examples: ['owner'] }),
  openedAt: moment('When the page was opened.'),
  device: text('The kind of device.', 'phone'),
  events: z
    .array(
      z.object({
        at: moment('When it happened.'),
        event: z.unknown().meta({ description: 'What happened (docs/measurement.md).' }),
      }),
    )
    .meta({ description: 'What the page reported.' }),
});

const exportedVideoSchema = z.object({
  id: text('Id of the render or row.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'),
  order: text('The campaign whose row it is, or the render itself.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'),
  row: z
    .int()
    .min(1)
    .meta({ description: '1-based among the rows of the input.', examples: [1] }),
  externalId: text('Your id for the order of a single render.', 'contract-1093').optional(),
  customerId: text(
    "Your id for the customer, where the order or the file's row named it.",
    'c-1093',
  ).optional(),
  template: text('Id of its template.', 'renewal-offer').optional(),
  orderedAt: moment('When it was ordered.').optional(),
  endedAt: moment('When it ended.').optional(),
  state: text('The state of the render.', 'done'),
  record: values('The record by field, or the row of an uploaded file by column.').optional(),
  current: values('The present record by field, with changes of the viewer.').optional(),
  segments: z
    .array(z.string())
    .optional()
    .meta({ description: 'Audience segments that the record was in.', examples: [['loyal']] }),
  variant: text('The variant of the story that the person was assigned to.', 'loyal').optional(),
  sessions: z.array(exportedSessionSchema).meta({ description: 'What its viewers did.' }),
  pages: z.array(exportedPageSchema).meta({ description: 'How it was watched.' }),
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

const exportedConversionSchema = z.object({
  name: text('What they did.', 'renewed'),
  value: z
    .number()
    .optional()
    .meta({ description: 'What it was worth.', examples: [49.9] }),
  currency: text('The currency of `value`.', 'EUR').optional(),
  at: moment('When they did it.'),
  receivedAt: moment('When it was reported.'),
});

/** Everything held about a person. */
export const personExportSchema = z
  .object({
    exportedAt: moment('When it happened.'),
    videos: z.array(exportedVideoSchema).meta({ description: 'The videos of this person.' }),
    conversions: z
      .array(exportedConversionSchema)
      .meta({ description: 'The conversions that were reported of this person, the oldest first.' }),
  })
  .meta({ id: 'PersonExport', description: 'Everything held about a person, and the videos made from it.' });

export type Receipt = z.output<typeof receiptSchema>;
export type PersonExport = z.output<typeof personExportSchema>;
