import { z } from 'zod';
import type { ExportedVideo, PersonExport } from '../../worker/people/export-person.ts';
import type { Receipt } from '../../worker/people/erase-person.ts';
import type { Named } from '../../worker/people/subject.ts';
import { moment } from './order.ts';

/** The client's id for a customer. */
export const customerIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .meta({
    description:
      'Your id for the customer, as in the id column of a CSV. Kept as an HMAC; by it they are exported and erased.',
    examples: ['c-1093'],
  });

/** Whose data is meant. In the body, so that it stands in no address and no log. */
export const namedPersonSchema = z
  .strictObject({
    customerId: customerIdSchema.optional(),
    renderId: z
      .uuid()
      .optional()
      .meta({
        description:
          'A render, or a row of a campaign: the one way to mean somebody for whom no customer id was given.',
        examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
      }),
  })
  .refine(({ customerId, renderId }) => (customerId === undefined) !== (renderId === undefined), {
    error: 'Name the person by either customerId or renderId.',
  })
  .meta({ id: 'NamedPerson', description: 'Whose data is meant.', examples: [{ customerId: 'c-1093' }] });

/** A body that was checked, as the worker wants it. */
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
      description: 'Random. The log of the server has it, too.',
      examples: ['erasure_5f7a6a2f9a104a4e8c373f0f'],
    }),
    erasedAt: moment('When.'),
    barred: z.boolean().meta({
      description: 'Whether their rows are skipped from now on. Not where nobody ever said who they are.',
      examples: [true],
    }),
    removed: z
      .object({
        videos: count('Videos. Their rows stay, as `skipped`, reason `erased`.', 2),
        records: count('Records that single renders were ordered with.'),
        inputRows: count('Rows of uploaded files; blanked, so that the others keep their numbers.'),
        clips: count('Clips that only they were shown.', 3),
        files: count('Files of the store: videos, pictures, captions, clips, photos, sound, uploads.', 14),
        images: count('Remembered addresses of photos.'),
        webhooks: count('Messages about their renders.', 0),
        sessions: count('Sessions of those who watched.'),
        events: count('What they did there.', 12),
        idempotencyKeys: count('Idempotency keys of their renders.', 0),
        jobs: count('What stood in the queue for them, or was being made.', 0),
      })
      .meta({ description: 'What was removed, by kind.' }),
    unreadInputs: count('Uploads of campaigns that failed and cannot be read, so not be searched.', 0),
    notReached: z.array(z.string()).meta({
      description: 'What an erasure cannot reach.',
      examples: [['Backups of tables and store keep what they held when they were made.']],
    }),
  })
  .meta({ id: 'ErasureReceipt', description: 'What an erasure did. Holds nothing about the person.' });

/** A receipt as clients get it. */
export function presentReceipt(receipt: Receipt): z.infer<typeof receiptSchema> {
  const { erasedAt, notReached, ...rest } = receipt;
  return { ...rest, erasedAt: erasedAt.toISOString(), notReached: [...notReached] };
}

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });
const values = (description: string) =>
  z.record(z.string(), z.unknown()).meta({ description, examples: [{ firstName: 'Anna' }] });

const exportedSceneSchema = z.object({
  node: text('Where it stands in the story.', 'greeting'),
  scene: text('Which scene it is.', 'greeting'),
  inputs: values('What it was given to show.'),
  personal: z.boolean().meta({
    description: 'Whether it was made for this person, or shows the same to everybody alike.',
    examples: [true],
  }),
});

const exportedSessionSchema = z.object({
  rights: z
    .enum(['owner', 'play'])
    .meta({ description: '`play`: through a link that was shared.', examples: ['owner'] }),
  begunAt: moment('When it was begun.'),
  events: z
    .array(
      z.object({
        at: moment('When it came.'),
        entry: z.unknown().meta({ description: 'What the viewer did, and what it led to.' }),
      }),
    )
    .meta({ description: 'What the viewer did, in order.' }),
});

const exportedVideoSchema = z.object({
  id: text('Of the render or row.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'),
  order: text('The campaign whose row it is, or the render itself.', '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'),
  row: z
    .int()
    .min(1)
    .meta({ description: '1-based among the rows of the input.', examples: [1] }),
  template: text('Id of its template.', 'renewal-offer').optional(),
  orderedAt: moment('When it was ordered.').optional(),
  endedAt: moment('When it ended.').optional(),
  state: text('What became of it.', 'done'),
  record: values('By field of a record, or by column of an uploaded file.').optional(),
  current: values('The record as it is now, with what its viewer changed, by field.').optional(),
  sessions: z.array(exportedSessionSchema).meta({ description: 'What its viewers did.' }),
  metadata: z
    .record(z.string(), z.string())
    .meta({ description: 'What the client said beside the record.', examples: [{ ticket: 'A-1093' }] }),
  scenes: z.array(exportedSceneSchema).meta({ description: 'What it shows, in order.' }),
  warnings: z
    .array(z.string())
    .meta({ description: 'Where something other than the record asked for is shown.', examples: [[]] }),
  links: z
    .object({
      video: text('The MP4.', 'https://video.example.com/f/…'),
      poster: text('A JPEG.', 'https://video.example.com/f/…').optional(),
      teaser: text('An animated GIF.', 'https://video.example.com/f/…').optional(),
      captions: text('WebVTT.', 'https://video.example.com/f/…'),
      page: text('Where it is watched.', 'https://video.example.com/v/…'),
    })
    .optional()
    .meta({ description: 'While there are files and their links work.' }),
});

/** All that is held about a person. */
export const personExportSchema = z
  .object({
    exportedAt: moment('When.'),
    videos: z.array(exportedVideoSchema).meta({ description: 'Of this person.' }),
  })
  .meta({ id: 'PersonExport', description: 'All that is held about a person, and what was made of it.' });

function presentVideo(video: ExportedVideo): z.infer<typeof exportedVideoSchema> {
  const { template, orderedAt, endedAt, record, current, links, scenes, sessions, warnings, ...rest } = video;
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
export function presentExport({ exportedAt, videos }: PersonExport): z.infer<typeof personExportSchema> {
  return { exportedAt: exportedAt.toISOString(), videos: videos.map(presentVideo) };
}

/** Whether a customer had been erased and may come back now. */
export const welcomeSchema = z
  .object({
    welcome: z.boolean().meta({
      description: 'Whether they had been erased; false where nothing was to be lifted.',
      examples: [true],
    }),
  })
  .meta({ id: 'Welcome', description: 'A person who was erased may come back.' });
