import { z } from 'zod';
import { answerProblemSchema } from './session-event-schema.ts';

/*
 * What viewers see of their data, and what they may do with it. The API's description is made from these schemas; the
 * player imports their types (`engine/viewer-protocol.ts`).
 */

const moment = (description: string) =>
  z.iso.datetime().meta({ description, examples: ['2026-11-24T09:30:00.000Z'] });

const name = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'A name from `GET /viewer/known`.', examples: ['firstName'] });

const limit = (description: string, example: number) =>
  z
    .number()
    .optional()
    .meta({ description, examples: [example] });
const said = (description: string, example: string) => z.string().meta({ description, examples: [example] });

const correctionSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('text'),
      maxLength: limit('Most characters.', 40),
      multiline: z
        .boolean()
        .optional()
        .meta({ description: 'Whether line breaks are kept.', examples: [true] }),
    }),
    z.object({
      type: z.literal('number'),
      min: limit('Smallest value.', 1),
      max: limit('Largest value.', 99),
    }),
    z.object({
      type: z.literal('choice'),
      options: z.array(z.string()).meta({ description: 'The values to choose from.', examples: [['Plus']] }),
    }),
    z.object({ type: z.literal('date') }),
  ])
  .meta({ description: 'How it can be corrected; absent if it cannot.' });

const knownValueSchema = z.object({
  name,
  label: z.string().meta({ examples: ['First name'] }),
  value: z
    .string()
    .optional()
    .meta({ description: 'In a form for people; absent if there is no value.', examples: ['Anna'] }),
  source: z.enum(['sender', 'viewer', 'derived']).meta({
    description: '`derived`: calculated from other values.',
    examples: ['sender'],
  }),
  correction: correctionSchema.optional(),
  canWithhold: z.boolean().meta({ description: 'Whether it can be withheld.', examples: [true] }),
  withheld: z.boolean().meta({ description: 'Whether the viewer withholds it.' }),
  personal: z.boolean().meta({ description: 'Whether it is about this person.' }),
  scenes: z.array(z.string()).meta({ description: 'Scenes that show it or a value calculated from it.' }),
});

/** A viewer's data as the viewer sees it. */
export const knownSchema = z
  .object({
    values: z.array(knownValueSchema),
    consents: z.array(
      z.object({
        variable: said('A variable of the story.', 'people'),
        label: said('The question.', 'How many people live with you'),
        purpose: said('The purpose.', 'To recommend a battery that is large enough'),
        agreed: z.boolean().meta({ description: 'Whether the viewer agrees.', examples: [false] }),
      }),
    ),
    shared: z.boolean().meta({ description: 'Whether a link for watching only exists.' }),
  })
  .meta({ id: 'KnownData', description: 'Every value that a video uses, and the consents of its viewer.' });

/** What `POST /viewer/known` takes. */
export const knownChangesSchema = z
  .strictObject({
    changes: z
      .array(
        z.discriminatedUnion('do', [
          z.strictObject({
            name,
            do: z.literal('correct'),
            value: z
              .string()
              .max(2_000)
              .meta({ description: 'As in a CSV cell.', examples: ['Anne'] }),
          }),
          z.strictObject({
            name,
            do: z.enum(['withhold', 'restore']).meta({
              description: "`restore`: back to the sender's value.",
              examples: ['withhold'],
            }),
          }),
        ]),
      )
      .min(1)
      .max(50),
  })
  .meta({
    id: 'KnownChanges',
    description: 'All changes are made, or none.',
    examples: [{ changes: [{ name: 'firstName', do: 'correct', value: 'Anne' }] }],
  });

/** The outcome of changes. */
export const knownChangedSchema = z
  .discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('changed'),
      known: knownSchema,
      restarts: z.boolean().meta({
        description: 'Whether the session starts again, because its log no longer leads to the same place.',
      }),
    }),
    z.object({
      outcome: z.literal('refused'),
      faults: z
        .array(
          z.object({
            name,
            problem: z
              .enum([...answerProblemSchema.options, 'not-a-date', 'not-accepted', 'required', 'derived'])
              .meta({ description: 'What is wrong, for a page that says it in its own words.' }),
            message: said('The same in English.', 'The video requires this value: Plan.'),
          }),
        )
        .meta({ description: 'Every reason.' }),
    }),
  ])
  .meta({ id: 'KnownChanged', description: 'The outcome of the changes.' });

/** What `POST /viewer/consent` takes. */
export const giveConsentSchema = z
  .strictObject({
    variable: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'A name from `GET /viewer/known`.', examples: ['people'] }),
    agreed: z.boolean().meta({ description: 'Whether the viewer agrees.', examples: [true] }),
  })
  .meta({
    id: 'GiveConsent',
    description: 'Whether an answer may change the record.',
    examples: [{ variable: 'people', agreed: true }],
  });

/** A link for watching only. */
export const shareSchema = z
  .object({
    url: z.url().meta({
      description: 'The page.',
      examples: ['https://video.example.com/v/mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld'],
    }),
    expiresAt: moment('When it stops working.'),
  })
  .meta({ id: 'SharedLink', description: 'A link for watching only.' });

/** The receipt of an erasure for the viewer. */
export const viewerReceiptSchema = z
  .object({
    id: z.string().meta({ examples: ['erasure_5f7a6a2f9a104a4e8c373f0f'] }),
    erasedAt: moment('When it happened.'),
    erased: z.record(z.string(), z.number()).meta({
      description: 'How many of each kind.',
      examples: [{ videos: 1, clips: 3, files: 14, sessions: 1, events: 12 }],
    }),
  })
  .meta({ id: 'ViewerReceipt', description: 'What was erased. Contains nothing about the person.' });
