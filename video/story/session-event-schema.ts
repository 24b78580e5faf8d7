import { z } from 'zod';

const name = (description: string, example: string) =>
  z
    .string()
    .max(200)
    .meta({ description, examples: [example] });

const at = {
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({
      description: 'Time of the event, for readers of the log.',
      examples: ['2026-11-25T09:30:00.000Z'],
    }),
};
const placed = {
  ...at,
  node: name('The present node.', 'menu'),
  visit: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'How often the node was entered; detects late repetitions.', examples: [1] }),
};
const timed = {
  ...placed,
  frame: z
    .number()
    .min(0)
    .meta({ description: 'Frames since it was entered, including loops.', examples: [40] }),
};

const event = <T extends string, S extends z.ZodRawShape>(type: T, description: string, shape: S) =>
  z.strictObject({ ...shape, type: z.literal(type) }).meta({ title: type, description });

/** What can happen in a session. The engine reads no clock: `at` is for people who read the log. */
export const sessionEventSchema = z
  .discriminatedUnion('type', [
    event('start', 'The video starts.', at),
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
    event('expire', 'The time for a decision is over.', timed),
    event('ended', 'The last frame of a scene was shown.', placed),
    event('follow', 'A call to action was followed.', placed),
    event('back', 'Goes back to the last decision.', at),
    event('undo', 'Undoes the last step.', at),
    event('redo', 'Repeats a step that was undone.', at),
    event('time-limits', 'Time limits are switched on or off.', {
      ...at,
      on: z.boolean().meta({ description: 'Whether they apply.', examples: [false] }),
    }),
  ])
  .meta({
    id: 'SessionEvent',
    description: 'What a viewer did, or that a scene ended.',
    examples: [{ type: 'choose', node: 'menu', visit: 1, frame: 40, choice: 'planning', says: 'Planning' }],
  });

/** Faults of a story that the engine meets. */
export const faultKindSchema = z.enum([
  'unknown-node',
  'no-variable',
  'no-edge',
  'no-return',
  'endless',
  'dead-end',
]);

/** Why an answer is refused. The player has the words for viewers. */
export const answerProblemSchema = z.enum([
  'wrong-type',
  'not-an-option',
  'out-of-range',
  'not-whole',
  'empty',
  'too-long',
  'not-drawable',
]);

const reasonSchema = z.enum([
  ...['not-started', 'already-started', 'over', 'not-here'],
  ...['choice-unknown', 'choice-changed', 'choice-disabled'],
  ...['too-early', 'too-late', 'not-expired', 'nothing-to-end'],
  ...['not-a-form', 'not-optional', 'no-link'],
  ...['nothing-to-go-back-to', 'nothing-to-undo', 'nothing-to-redo'],
  // Only from the server: the log takes no more lines.
  'log-full',
  ...faultKindSchema.options,
] as const);

/** Why an event changes nothing. */
export const refusalSchema = z.union([
  z.object({
    reason: z.literal('answer-refused').meta({ description: 'The answer is not possible.' }),
    problem: answerProblemSchema.meta({ description: 'Why the answer was refused.', examples: ['too-long'] }),
  }),
  z.object({ reason: reasonSchema.meta({ description: 'Why.', examples: ['too-late'] }) }),
]);
