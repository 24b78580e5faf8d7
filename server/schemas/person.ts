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
        handedOver: count('Notes of what folders hold.', 0),
        webhooks: count('Messages about their renders.', 0),
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

const exportedVideoSchema = z.object({
  id: z.string(),
  order: z.string().meta({ description: 'The campaign whose row it is, or the render itself.' }),
  row: z.int().min(1),
  template: z.string().optional(),
  orderedAt: moment('When it was ordered.').optional(),
  endedAt: moment('When it ended.').optional(),
  state: z.string(),
  record: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'By field of a record, or by column of an uploaded file.' }),
  metadata: z.record(z.string(), z.string()),
  scenes: z.array(
    z.object({
      node: z.string(),
      scene: z.string(),
      inputs: z.record(z.string(), z.unknown()),
      personal: z.boolean(),
    }),
  ),
  warnings: z.array(z.string()),
  links: z
    .object({ video: z.string(), poster: z.string(), teaser: z.string(), captions: z.string() })
    .optional(),
});

/** All that is held about a person. */
export const personExportSchema = z
  .object({ exportedAt: moment('When.'), videos: z.array(exportedVideoSchema) })
  .meta({ id: 'PersonExport', description: 'All that is held about a person, and what was made of it.' });

function presentVideo(video: ExportedVideo): z.infer<typeof exportedVideoSchema> {
  const { template, orderedAt, endedAt, record, links, scenes, warnings, ...rest } = video;
  return {
    ...rest,
    ...(template !== undefined && { template }),
    ...(orderedAt && { orderedAt: orderedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(record && { record }),
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
