import { z } from 'zod';
import type { OpenSession } from '../../video/story/engine/viewer-protocol.ts';
import type { SessionAnswer } from '../../worker/viewers/viewer.ts';
import { formatSchema } from './order.ts';
import { clipsSchema, logSchema } from './viewer-clips.ts';
import { remakeStateSchema } from './viewer-remake.ts';

/** What `POST /viewer/session` takes. */
export const openSessionSchema = z
  .strictObject({
    link: z
      .string()
      .max(200)
      .meta({
        description: 'The last part of the address of the page (`links.page`).',
        examples: ['mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld'],
      }),
    carry: z.enum(['cookie', 'memory']).meta({
      description:
        '`cookie`: on a page of this server. `memory`: elsewhere; the answer has `access`, a pass of 15 minutes for `Authorization: Bearer`.',
      examples: ['memory'],
    }),
  })
  .meta({ id: 'OpenSession', description: "The viewer's link." }) satisfies z.ZodType<OpenSession>;

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });

/** A session as a player sees it. */
export const sessionSchema = z
  .object({
    id: text('Id of the session; not secret.', 'V8cXvRmQ7LdmS0yHnC0bqG'),
    rights: z.enum(['owner', 'play']).meta({
      description: '`play`: through a shared link, for watching only.',
      examples: ['owner'],
    }),
    title: text('Title of the video.', 'Your tour'),
    format: formatSchema,
    fps: z.number().meta({ description: 'Frames a second.', examples: [30] }),
    story: z.unknown().meta({ description: 'The story; docs/stories.md describes its form.' }),
    facts: z.record(z.string(), z.unknown()).meta({
      description:
        'The values of the record that conditions and links of the story read; empty for a shared link.',
      examples: [{ plan: 'Plus' }],
    }),
    log: logSchema,
    run: z.int().meta({ description: 'Increases when the session starts again.', examples: [0] }),
    clips: clipsSchema,
    music: z
      .object({
        url: text('An M4A, to be looped.', '/s/1b7c….m4a'),
        gain: z.number().meta({ description: 'Linear.', examples: [0.8] }),
      })
      .optional()
      .meta({ description: 'Music for the whole session.' }),
    poster: text(
      'A JPEG; empty while the video is made again.',
      '/f/mS0yHnC0bqGZxUeJ3sFOpAx8Qm5cWv2LrT7kPzYbN1Ge',
    ),
    film: text(
      'The video of a viewer who only watches; empty while it is made again.',
      '/f/mS0yHnC0bqGZxUeJ3sFOpAk2b7wRzVt9dQeYxL4uNcHg',
    ),
    remake: remakeStateSchema,
    consents: z.array(z.string()).meta({
      description: 'Variables that may be written back to the record.',
      examples: [[]],
    }),
    access: z
      .string()
      .optional()
      .meta({ description: 'A pass, if `carry` is `memory`.', examples: ['V8cXvRmQ7LdmS0yHnC0bqG…'] }),
  })
  .meta({ id: 'ViewerSession', description: 'Everything that a player needs.' });

/** A session for JSON. @param access a pass, if the page keeps it in memory. */
export function presentSession(story: SessionAnswer, access?: string): z.infer<typeof sessionSchema> {
  return sessionSchema.parse({ ...story, access });
}
