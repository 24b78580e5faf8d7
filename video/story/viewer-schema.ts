import { z } from 'zod';
import type { Story } from './engine/graph.ts';
import type { LogEntry } from './engine/session.ts';
import { refusalSchema, sessionEventSchema } from './session-event-schema.ts';
import { formatSchema } from './story-schema.ts';

/*
 * What the player and the server send each other while a viewer watches. The API's description is made from these
 * schemas; the player imports their types (`engine/viewer-protocol.ts`).
 */

/** A part of an answer that was checked when it was recorded; it is not checked again on its way out. */
const recorded = <T>() => z.unknown() as z.ZodType<T>;

const count = (description: string, example: number) => z.number().meta({ description, examples: [example] });

const cueSchema = z.object({
  fromFrame: count('First frame in the clip.', 0),
  toFrame: count('Frame after the last one.', 60),
  text: z.string().meta({ description: 'What is on screen or heard.', examples: ['Hello Zoë'] }),
});

const soundSchema = z.object({
  url: z.string().meta({ description: 'An M4A.', examples: ['/s/1b7c….m4a'] }),
  atFrame: count('The frame at which it starts.', 12),
  gain: count('Linear.', 1),
});

export const clipSchema = z
  .object({
    url: z.string().meta({ description: 'Address of the MP4.', examples: ['/c/0f3a….mp4'] }),
    ref: z.string().meta({ description: 'Names it in reports of events.', examples: ['0f3a…'] }),
    state: z.enum(['stored', 'making']).meta({
      description: '`making`: a request for it waits and can be repeated.',
      examples: ['stored'],
    }),
    shared: z.boolean().meta({ description: 'Whether the clip is shared.', examples: [true] }),
    durationInFrames: count('At the fps of the session.', 90),
    cues: z.array(cueSchema).meta({ description: 'Its captions.', examples: [[]] }),
    speech: z
      .array(z.object({ fromFrame: count('The first frame.', 6), toFrame: count('Exclusive.', 60) }))
      .optional()
      .meta({ description: 'When the music is lower, because a voice speaks.', examples: [[]] }),
    sounds: z.array(soundSchema).meta({ description: 'Played in addition to the music.', examples: [[]] }),
  })
  .meta({ id: 'ViewerClip', description: 'A clip of the session: a silent MP4 of one fragment or a few.' });

/** Clips by `clipName`. Later answers add the clips that come next. */
const clipsSchema = z.record(z.string(), clipSchema).meta({
  description:
    'Clips by node and the variables that they read. Missing ones are added when the viewer comes near.',
  examples: [{}],
});

/** Lines of a session's log. */
const logSchema = z.array(recorded<LogEntry>()).meta({
  description: 'Lines of the log: the event, the node that it led to, and what it changed.',
  examples: [[{ event: { type: 'start' }, to: 'welcome' }]],
});

/** Whether a video is being made again because its record was changed. */
const remakeStateSchema = z.enum(['none', 'making', 'failed']).meta({
  description:
    'Whether the video is being made again after a change of its record. The earlier video is no longer shown.',
  examples: ['none'],
});

/** What `/viewer/remake` answers. */
export const remakeSchema = z
  .object({ state: remakeStateSchema })
  .meta({ id: 'Remake', description: 'State of a corrected video.' });

/** Opens the session of a link: with `both` on our own page, with `memory` when embedded in another site. */
export const openSessionSchema = z
  .strictObject({
    link: z
      .string()
      .max(200)
      .meta({
        description: 'The last part of the address of the page (`links.page`).',
        examples: ['mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld'],
      }),
    carry: z.enum(['cookie', 'memory', 'both']).meta({
      description:
        '`cookie`: on a page of this server. `memory`: elsewhere; the answer has `access`, a pass of 15 minutes for `Authorization: Bearer`. `both`: a cookie, and a pass for a browser that keeps no cookies or has dropped it.',
      examples: ['memory'],
    }),
    pass: z
      .string()
      .max(200)
      .optional()
      .meta({
        description:
          'A pass that you had, even if it has expired: a viewer of a shared link continues its session.',
        examples: ['pV8cXvRmQ7LdmS0yHnC0bqG…'],
      }),
  })
  .meta({ id: 'OpenSession', description: "The viewer's link." });

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });

/** Everything that the player needs to start or continue a session. */
export const sessionSchema = z
  .object({
    id: text('Id of the session; not secret.', 'V8cXvRmQ7LdmS0yHnC0bqG'),
    rights: z.enum(['owner', 'play']).meta({
      description: '`play`: through a shared link, for watching only.',
      examples: ['owner'],
    }),
    title: text('Title of the video.', 'Your tour'),
    language: text('Language of title, labels and questions, a BCP 47 tag.', 'en'),
    filmLanguage: text('Language of the captions.', 'en'),
    format: formatSchema,
    fps: z.number().meta({ description: 'Frames a second.', examples: [30] }),
    story: recorded<Story>().meta({ description: 'The story; docs/stories.md describes its form.' }),
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
        underSpeech: z
          .number()
          .optional()
          .meta({ description: 'What is left of it while a voice speaks; unset: all.', examples: [0.3] }),
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
    measurement: z.enum(['allowed', 'refused', 'blocked']).meta({
      description:
        'Whether the page may report how it is watched. `refused`: its viewer does not want it. `blocked`: their browser sends `Sec-GPC` or `DNT`.',
      examples: ['allowed'],
    }),
    access: z
      .string()
      .optional()
      .meta({
        description: 'A pass, if `carry` is `memory` or `both`.',
        examples: ['V8cXvRmQ7LdmS0yHnC0bqG…'],
      }),
  })
  .meta({ id: 'ViewerSession', description: 'Everything that a player needs.' });

/** Events that the player has applied, in order. The server recognizes an event sent twice by its id. */
export const appendEventsSchema = z
  .strictObject({
    run: z
      .int()
      .min(0)
      .meta({ description: '`run` of the session.', examples: [0] }),
    after: z
      .int()
      .min(0)
      .meta({ description: 'Length of the log before these events.', examples: [0] }),
    events: z
      .array(
        z.strictObject({
          id: z
            .string()
            .min(1)
            .max(64)
            .meta({
              description: 'Random. It identifies an event that is sent again.',
              examples: ['kq3vT0m8'],
            }),
          event: sessionEventSchema,
        }),
      )
      .max(100)
      .meta({ description: 'In order.', examples: [[{ id: 'kq3vT0m8', event: { type: 'start' } }]] }),
  })
  .meta({
    id: 'AppendEvents',
    description: 'Events to append.',
  });

const arrived = { log: logSchema, clips: clipsSchema };

/**
 * The outcome of events. With `refused`, those before `at` were recorded. A player that has accepted the event returns
 * to the log's state: only the server knows the fonts.
 */
export const eventsAppendedSchema = z
  .discriminatedUnion('outcome', [
    z.object({
      outcome: z.enum(['appended', 'behind', 'restart']).meta({
        description:
          '`behind`: the log has lines that the player does not know; no event was recorded. `restart`: the log no longer leads to the same node; request the session again.',
        examples: ['appended'],
      }),
      ...arrived,
    }),
    z.object({
      outcome: z.literal('refused').meta({
        description:
          'An event is not possible; those before it were recorded. With the reason `log-full` the log takes no more events, and the session starts again when it is next opened.',
      }),
      at: z.int().meta({ description: 'Which event was refused, from 0.', examples: [1] }),
      refusal: refusalSchema.meta({ description: 'Why it was refused.' }),
      ...arrived,
    }),
  ])
  .meta({ id: 'EventsAppended', description: 'The outcome of the events.' });
