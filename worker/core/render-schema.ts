import { z } from 'zod';
import type { SkipReason } from '../../data/csv/write-tables.ts';
import { suspicions } from '../../data/suspects.ts';
import { errorCatalogue, type ErrorCode } from '../../errors/catalogue.ts';

/** Files of a render that may follow its video. */
export const renderPictures = ['poster', 'teaser'] as const;
export type RenderPicture = (typeof renderPictures)[number];

/** Why a video or a campaign failed: any code of the catalogue. */
export const errorCodeSchema = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]).meta({
  id: 'ErrorCode',
  description: 'Permanent; docs/errors.md lists them all.',
  examples: ['scene-failed'],
});

/** A number of things. */
export const count = (description: string, example = 1) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** What a warning is about. */
export const warningCodeSchema = z
  .enum([
    ...(['glyph-unavailable', 'locale-unavailable', 'formula-cell', 'picture-unavailable'] as const),
    ...(['value-repaired', 'list-shortened', 'speech-cut'] as const),
    ...suspicions,
  ] as const)
  .meta({ description: 'Permanent.', examples: ['image-unavailable'] });

/** Why a video shows something other than its record asked for, or something that is doubtful. */
export const warningSchema = z.object({
  code: warningCodeSchema,
  field: z.string().meta({ examples: ['photo'] }),
  message: z.string().meta({ examples: ['The image could not be fetched (404); the fallback is shown.'] }),
});

/** State of a render: one union everywhere. */
/** Scenes that have been drawn for long. */
export const slowScenesSchema = z
  .array(
    z.object({
      scene: z.string().meta({ examples: ['greeting'] }),
      since: z.iso.datetime().meta({ description: 'Since when.', examples: ['2026-11-24T10:58:08.000Z'] }),
    }),
  )
  .optional()
  .meta({
    description: 'Scenes of which a clip has been drawn for more than 30 seconds. Missing if there are none.',
    examples: [[{ scene: 'greeting', since: '2026-11-24T10:58:08.000Z' }]],
  });

export type SlowScene = NonNullable<z.output<typeof slowScenesSchema>>[number];

export const renderStatusSchema = z
  .discriminatedUnion('state', [
    z
      .object({ state: z.literal('queued'), slow: slowScenesSchema })
      .meta({ title: 'queued', description: 'No clip is ready yet.' }),
    z
      .object({
        state: z.literal('rendering'),
        done: count('Clips of the video that are stored.', 2),
        total: count('Clips that the video consists of.', 5),
        slow: slowScenesSchema,
        beside: z
          .object({
            done: count('How many of them are stored.', 7),
            total: count('How many there are.', 20),
          })
          .optional()
          .meta({
            description:
              'Clips that the video does not show but its page may need. Present while one of them is missing; the render is done only when they are stored too.',
            examples: [{ done: 7, total: 20 }],
          }),
      })
      .meta({ title: 'rendering', description: 'Its clips are being rendered or joined.' }),
    z
      .object({
        state: z.literal('done'),
        durationInSeconds: z.number().meta({ description: 'Length of the video.', examples: [20.4] }),
        clipsRendered: count('Clips rendered for it.', 2),
        clipsReused: count('Clips that existed already.', 3),
        warnings: z.array(warningSchema).meta({
          description: 'Where the video shows something other than the record, or a picture is missing.',
          examples: [[]],
        }),
        coming: z.array(z.enum(renderPictures)).meta({
          description:
            'Pictures that are still being made. Requests to their links wait for them. Empty soon after the video is done.',
          examples: [['teaser']],
        }),
      })
      .meta({ title: 'done', description: 'It can be watched; see `links`.' }),
    z
      .object({
        state: z.literal('failed'),
        code: errorCodeSchema,
        message: z.string().meta({ examples: ['The scene "offer" could not be drawn.'] }),
        retryable: z
          .boolean()
          .meta({ description: 'Whether ordering it again can succeed.', examples: [false] }),
      })
      .meta({ title: 'failed', description: 'There is no video.' }),
    z
      .object({
        state: z.literal('skipped'),
        reason: z.enum(['erased', 'deleted', 'holdout'] satisfies SkipReason[]).meta({
          description:
            '`erased`: the person is on the suppression list. `deleted`: the render was deleted after its end. `holdout`: the customer is in the control group.',
          examples: ['erased'],
        }),
      })
      .meta({ title: 'skipped', description: 'There is no video.' }),
    z
      .object({ state: z.literal('cancelled') })
      .meta({ title: 'cancelled', description: 'It was cancelled before its end.' }),
  ])
  .meta({
    id: 'RenderStatus',
    description: 'State of a render. `done`, `failed`, `skipped` and `cancelled` are final.',
    examples: [{ state: 'rendering', done: 2, total: 5 }],
  });

export type RenderWarning = z.output<typeof warningSchema>;
export type RenderStatus = z.output<typeof renderStatusSchema>;

/** How far the cuts of a campaign's scenes are proven. */
export const proofsSchema = z
  .object({
    proven: count('Parts that were drawn again with the whole record of a row, and came out the same.', 24),
    open: count('Parts that are still to be drawn again, and videos still to be made again.', 2),
    withdrawn: z.array(z.string()).meta({
      description:
        'Scenes that are drawn whole since a part of them came out differently. What was made with their cuts is made again.',
      examples: [[]],
    }),
  })
  .optional()
  .meta({ description: 'How far the cuts of its scenes are proven. Missing if no scene is cut.' });
