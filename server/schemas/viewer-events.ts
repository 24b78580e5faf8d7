import { z } from 'zod';
import type { SessionEvent } from '../../video/story/engine/take.ts';
import {
  mostEvents,
  type AppendEvents,
  type EventsAppended,
} from '../../video/story/engine/viewer-protocol.ts';
import { clipsSchema, logSchema } from './viewer-clips.ts';

const name = (description: string, example: string) =>
  z
    .string()
    .max(200)
    .meta({ description, examples: [example] });

const at = {
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'For people who read the log.', examples: ['2026-11-25T09:30:00.000Z'] }),
};
const placed = {
  ...at,
  node: name('The node where the walk stands.', 'menu'),
  visit: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'How often it was entered; tells a late repetition.', examples: [1] }),
};
const timed = {
  ...placed,
  frame: z
    .number()
    .min(0)
    .meta({ description: 'Frames since it was entered, loops included.', examples: [40] }),
};

const event = <T extends string, S extends z.ZodRawShape>(type: T, description: string, shape: S) =>
  z.strictObject({ ...shape, type: z.literal(type) }).meta({ title: type, description });

const eventSchema = z
  .discriminatedUnion('type', [
    event('start', 'The film begins.', at),
    event('choose', 'A choice was taken.', {
      ...timed,
      choice: name('Its id.', 'planning'),
      says: name('The label that the viewer saw.', 'Planning').optional(),
    }),
    event('answer', 'A question was answered.', {
      ...timed,
      value: z
        .union([z.string().max(400), z.number(), z.boolean()])
        .meta({ description: 'The answer, of the type of its variable.', examples: [12] }),
    }),
    event('skip', 'A question was left without an answer.', timed),
    event('expire', 'The time for a decision has passed.', timed),
    event('ended', 'The last frame of a scene was shown.', placed),
    event('follow', 'A call to action was followed.', placed),
    event('back', 'Back to the last decision.', at),
    event('undo', 'The last step is taken back.', at),
    event('redo', 'A step that was taken back is taken again.', at),
    event('time-limits', 'Time limits are wanted, or none.', {
      ...at,
      on: z.boolean().meta({ description: 'Whether they apply.', examples: [false] }),
    }),
  ])
  .meta({
    id: 'SessionEvent',
    description: 'What a viewer did, or what became of a scene.',
    examples: [{ type: 'choose', node: 'menu', visit: 1, frame: 40, choice: 'planning', says: 'Planning' }],
  }) satisfies z.ZodType<SessionEvent>;

/** What `POST /viewer/events` takes. */
export const appendEventsSchema = z
  .strictObject({
    run: z
      .int()
      .min(0)
      .meta({ description: '`run` of the session that is gone on with.', examples: [0] }),
    after: z
      .int()
      .min(0)
      .meta({ description: 'Lines of the log before these events.', examples: [0] }),
    events: z
      .array(
        z.strictObject({
          id: z
            .string()
            .min(1)
            .max(64)
            .meta({
              description: 'Random; an event that was sent before is known by it.',
              examples: ['kq3vT0m8'],
            }),
          event: eventSchema,
        }),
      )
      .max(mostEvents)
      .meta({ description: 'In order.', examples: [[{ id: 'kq3vT0m8', event: { type: 'start' } }]] }),
  })
  .meta({
    id: 'AppendEvents',
    description: 'Events that go on with a log.',
  }) satisfies z.ZodType<AppendEvents>;

/** What became of events. */
export const eventsAppendedSchema = z
  .object({
    outcome: z.enum(['appended', 'behind', 'refused', 'restart']).meta({
      description:
        '`behind`: the log has lines that the player does not know; no event was recorded. `refused`: an event is not possible; those before it were recorded. With the reason `log-full` the log takes no more events, and the session starts again when it is next opened. `restart`: the log no longer leads where it led; request the session again.',
      examples: ['appended'],
    }),
    at: z
      .int()
      .optional()
      .meta({ description: 'Which event was refused, from 0.', examples: [1] }),
    refusal: z
      .object({
        reason: z.string().meta({ description: 'Why.', examples: ['answer-refused'] }),
        problem: z
          .string()
          .optional()
          .meta({ description: 'Why an answer was.', examples: ['too-long'] }),
      })
      .optional()
      .meta({ description: 'Why it was refused.' }),
    log: logSchema,
    clips: clipsSchema,
  })
  .meta({ id: 'EventsAppended', description: 'What became of events.' });

/** What became of events, for JSON. */
export function presentAppended(appended: EventsAppended): z.infer<typeof eventsAppendedSchema> {
  return eventsAppendedSchema.parse(appended);
}
