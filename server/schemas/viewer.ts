import { z } from 'zod';
import type { OpenSession } from '../../video/story/engine/viewer-protocol.ts';
import type { ToldSession } from '../../worker/viewing/viewer.ts';
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
        description: 'The last part of the address of the page (`links.page`). It is the secret.',
        examples: ['mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld'],
      }),
    carry: z.enum(['cookie', 'memory']).meta({
      description:
        '`cookie`: on a page of this server. `memory`: elsewhere; the answer has `access`, a pass of 15 minutes for `Authorization: Bearer`.',
      examples: ['memory'],
    }),
  })
  .meta({ id: 'OpenSession', description: 'The link that a viewer has.' }) satisfies z.ZodType<OpenSession>;

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });

/** A session, as its player is told of it. */
export const sessionSchema = z
  .object({
    id: text('Names the session; no secret.', 'V8cXvRmQ7LdmS0yHnC0bqG'),
    rights: z.enum(['owner', 'play']).meta({
      description: '`play`: through a link that was shared, for watching only.',
      examples: ['owner'],
    }),
    title: text('Of the film.', 'Your tour'),
    format: formatSchema,
    fps: z.number().meta({ description: 'Frames a second.', examples: [30] }),
    story: z.unknown().meta({ description: 'The story; docs/stories.md describes its form.' }),
    facts: z.record(z.string(), z.unknown()).meta({
      description:
        'The values of the record that the guards and links of the story read; empty for a link that was shared.',
      examples: [{ plan: 'Plus' }],
    }),
    log: logSchema,
    run: z.int().meta({ description: 'Rises when the log begins anew.', examples: [0] }),
    clips: clipsSchema,
    music: z
      .object({
        url: text('An M4A, to be looped.', '/s/1b7c….m4a'),
        gain: z.number().meta({ description: 'Linear.', examples: [0.8] }),
      })
      .optional()
      .meta({ description: 'Under the whole walk.' }),
    poster: text(
      'A JPEG; empty while the film is made anew.',
      '/f/mS0yHnC0bqGZxUeJ3sFOpAx8Qm5cWv2LrT7kPzYbN1Ge',
    ),
    film: text(
      'The film of somebody who only watches; empty while it is made anew.',
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
      .meta({ description: 'A pass, where it is carried in memory.', examples: ['V8cXvRmQ7LdmS0yHnC0bqG…'] }),
  })
  .meta({ id: 'ViewerSession', description: 'All that a player needs to go on.' });

/** A session for JSON. @param access a pass, where it is carried in memory. */
export function presentSession(told: ToldSession, access?: string): z.infer<typeof sessionSchema> {
  return sessionSchema.parse({ ...told, access });
}
