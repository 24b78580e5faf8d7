import { z } from 'zod';

/*
 * What a page reports of how a film is watched. The story does not depend on it: its own events are in
 * `session-event-schema.ts`.
 */

/** Most events that one request reports. */
const mostEventsAtOnce = 200;

/** Most events of one opening of a page. */
const mostEventsOfPage = 5_000;

const dayMs = 86_400_000;

const name = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .meta({ description, examples: [example] });

const node = name('The node of the story.', 'menu');
const at = {
  node,
  visit: z
    .int()
    .min(1)
    .max(10_000)
    .meta({ description: 'How often the node was entered until then.', examples: [1] }),
};
const frame = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .max(10_000_000)
    .meta({ description, examples: [example] });
const clip = name('`ref` of a clip of the session.', '0f3a…');

const afterMs = z
  .int()
  .min(0)
  .max(dayMs)
  .meta({ description: 'Milliseconds since it was offered.', examples: [2400] });

const event = <T extends string, S extends z.ZodRawShape>(type: T, description: string, shape: S) =>
  z
    .strictObject({
      seq: z
        .int()
        .min(0)
        .max(mostEventsOfPage - 1)
        .meta({ description: 'Counts the events of the page, from 0.', examples: [3] }),
      ms: z
        .int()
        .min(0)
        .max(30 * dayMs)
        .meta({ description: 'Milliseconds since the page was opened.', examples: [5120] }),
      type: z.literal(type),
      ...shape,
    })
    .meta({ title: type, description });

/** What happened on a page, by type. */
export const viewerEventSchema = z
  .discriminatedUnion('type', [
    event('opened', 'The page was opened.', {}),
    event('interacted', 'The first time that a person used pointer, keys or touch on the page.', {}),
    event('started', 'The film started.', {
      resumed: z
        .boolean()
        .meta({ description: 'Whether it continued an earlier session.', examples: [false] }),
    }),
    event('entered', 'A node is shown, with a clip; without one where the viewer reads.', {
      ...at,
      clip: clip.optional(),
    }),
    event('watched', 'Frames of a clip were shown, one after another.', {
      ...at,
      clip,
      fromFrame: frame('The first of them.', 0),
      toFrame: frame('The frame after the last of them.', 150),
    }),
    event('paused', 'The film was paused.', { node, frame: frame('Of the clip.', 48) }),
    event('continued', 'The film continued after a pause.', { node, frame: frame('Of the clip.', 48) }),
    event('sought', 'The viewer moved to another frame.', {
      node,
      fromFrame: frame('Where they were.', 48),
      toFrame: frame('Where they are.', 0),
    }),
    event('offered', 'Choices or a question were shown.', at),
    event('chosen', 'A choice was taken.', {
      ...at,
      choice: name('Its id.', 'planning'),
      by: z.enum(['viewer', 'timer', 'default']).meta({
        description:
          '`timer`: the time for the decision was over. `default`: the scene ended without a decision.',
        examples: ['viewer'],
      }),
      afterMs,
    }),
    event('answered', 'A question was left; what was answered is not reported here.', {
      ...at,
      by: z.enum(['viewer', 'skip', 'timer']).meta({ description: 'How.', examples: ['viewer'] }),
      afterMs,
    }),
    event('link-shown', 'A call to action was shown.', { node }),
    event('link-followed', 'A call to action was followed.', { node }),
    event('captions', 'Captions were switched on or off.', {
      on: z.boolean().meta({ description: 'Whether they are shown.', examples: [true] }),
    }),
    event('read', 'The viewer reads instead of watching.', {}),
    event('shared', 'The viewer made a link for others.', {}),
    event('privacy-opened', 'The viewer looked at the data that is known of them.', {}),
    event('corrected', 'The viewer corrected or withheld something of it.', {}),
    event('ended', 'The story is over.', { node }),
  ])
  .meta({
    id: 'ViewerEvent',
    description: 'What happened on the page of a film.',
    examples: [
      {
        seq: 3,
        ms: 5120,
        type: 'watched',
        node: 'welcome',
        visit: 1,
        clip: '0f3a…',
        fromFrame: 0,
        toFrame: 150,
      },
    ],
  });

/** What a page reports of itself and of what happened on it. */
export const reportEventsSchema = z
  .strictObject({
    page: z
      .string()
      .regex(/^[\w-]{16,64}$/)
      .meta({
        description: 'Random: names one opening of the page. Events that are sent again are recognized.',
        examples: ['3f1c8a52-6f0e-4f6b-9f0b-3d6f3a1c0d7e'],
      }),
    ms: z
      .int()
      .min(0)
      .max(30 * dayMs)
      .meta({ description: 'Milliseconds since the page was opened.', examples: [5200] }),
    device: z
      .enum(['phone', 'tablet', 'desktop'])
      .meta({ description: 'By its pointer and the size of its screen.', examples: ['phone'] }),
    automated: z
      .boolean()
      .meta({ description: 'Whether the browser says that a program uses it.', examples: [false] }),
    events: z
      .array(viewerEventSchema)
      .max(mostEventsAtOnce)
      .meta({ description: 'In any order.', examples: [[{ seq: 0, ms: 900, type: 'interacted' }]] }),
  })
  .meta({ id: 'ReportEvents', description: 'What happened on a page since its last report.' });

/** What became of a report. */
export const eventsReportedSchema = z
  .object({
    kept: z.int().meta({
      description:
        'Events that are known now, with those that were before. Events that do not fit the story are left out; nothing is kept of viewers who do not want it.',
      examples: [1],
    }),
  })
  .meta({ id: 'EventsReported', description: 'What became of a report.' });

/** Whether the page of a viewer may be measured. */
export const measurementSchema = z
  .strictObject({
    allowed: z.boolean().meta({
      description: '`false`: nothing more is kept of how they watch, and what was kept is deleted.',
      examples: [false],
    }),
  })
  .meta({ id: 'Measurement', description: 'Whether a viewer lets the sender count how they watch.' });
