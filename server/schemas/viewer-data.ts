import { z } from 'zod';
import type {
  ErasureReceipt,
  GiveConsent,
  KnownChanged,
  KnownChanges,
  KnownView,
  ShareView,
} from '../../video/story/engine/viewer-protocol.ts';
import type { Receipt } from '../../worker/people/erase-person.ts';
import { moment } from './order.ts';

const name = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'As `GET /viewer/known` tells it.', examples: ['firstName'] });

const limit = (description: string, example: number) =>
  z
    .number()
    .optional()
    .meta({ description, examples: [example] });
const said = (description: string, example: string) => z.string().meta({ description, examples: [example] });

const correctionSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), maxLength: limit('Most characters.', 40) }),
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
  .meta({ description: 'How it can be corrected; not there where it cannot.' });

const knownValueSchema = z.object({
  name,
  label: z.string().meta({ examples: ['First name'] }),
  value: z
    .string()
    .optional()
    .meta({ description: 'As a person reads it; not there where nothing is held.', examples: ['Anna'] }),
  source: z.enum(['sender', 'viewer', 'derived']).meta({
    description: '`derived`: worked out from other values.',
    examples: ['sender'],
  }),
  correction: correctionSchema.optional(),
  canWithhold: z.boolean().meta({ description: 'Whether the film can do without it.', examples: [true] }),
  withheld: z.boolean().meta({ description: 'Whether the film does without, by its viewer’s wish.' }),
  personal: z.boolean().meta({ description: 'Whether it says something about this one person.' }),
  scenes: z.array(z.string()).meta({ description: 'Scenes that show it or something worked out from it.' }),
});

/** What a viewer is told of their data. */
export const knownSchema = z
  .object({
    values: z.array(knownValueSchema),
    consents: z.array(
      z.object({
        variable: said('Of the story.', 'people'),
        label: said('What is asked.', 'How many people live with you'),
        purpose: said('What for.', 'To recommend a battery that is large enough'),
        agreed: z.boolean().meta({ description: 'Whether the viewer agrees.', examples: [false] }),
      }),
    ),
    shared: z.boolean().meta({ description: 'Whether a link is out that only plays.' }),
  })
  .meta({ id: 'KnownData', description: 'Every parameter of a film, and what its viewer said of it.' });

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
              .meta({ description: 'As it would stand in a CSV.', examples: ['Anne'] }),
          }),
          z.strictObject({
            name,
            do: z.enum(['withhold', 'restore']).meta({
              description: '`restore`: back to what the sender said.',
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
    description: 'All are made, or none.',
    examples: [{ changes: [{ name: 'firstName', do: 'correct', value: 'Anne' }] }],
  }) satisfies z.ZodType<KnownChanges>;

/** What became of changes. */
export const knownChangedSchema = z
  .discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('changed'),
      known: knownSchema,
      restarts: z.boolean().meta({
        description: 'Whether the session begins anew, since its log leads elsewhere now.',
      }),
    }),
    z.object({
      outcome: z.literal('refused'),
      faults: z
        .array(z.object({ name, message: said('What is wrong.', 'The film cannot do without this: Plan.') }))
        .meta({ description: 'Every reason.' }),
    }),
  ])
  .meta({ id: 'KnownChanged', description: 'What became of changes.' });

/** What `POST /viewer/consent` takes. */
export const giveConsentSchema = z
  .strictObject({
    variable: z
      .string()
      .min(1)
      .max(100)
      .meta({ description: 'As `GET /viewer/known` tells it.', examples: ['people'] }),
    agreed: z.boolean().meta({ description: 'Whether the viewer agrees.', examples: [true] }),
  })
  .meta({
    id: 'GiveConsent',
    description: 'Whether an answer may change the record.',
    examples: [{ variable: 'people', agreed: true }],
  }) satisfies z.ZodType<GiveConsent>;

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

/** What `POST /viewer/erase` takes. */
export const confirmSchema = z
  .strictObject({ confirm: z.literal(true) })
  .meta({ id: 'ConfirmErasure', description: 'Cannot be undone.', examples: [{ confirm: true }] });

/** What a viewer is told of their erasure. */
export const viewerReceiptSchema = z
  .object({
    id: z.string().meta({ examples: ['erasure_5f7a6a2f9a104a4e8c373f0f'] }),
    erasedAt: moment('When.'),
    erased: z.record(z.string(), z.number()).meta({
      description: 'How many of each kind.',
      examples: [{ videos: 1, clips: 3, files: 14, sessions: 1, events: 12 }],
    }),
  })
  .meta({ id: 'ViewerReceipt', description: 'What was erased. Holds nothing about the person.' });

/** Answers as the schemas have them. */
export const presentKnown = (view: KnownView): z.infer<typeof knownSchema> => knownSchema.parse(view);
export const presentChanged = (changed: KnownChanged): z.infer<typeof knownChangedSchema> =>
  knownChangedSchema.parse(changed);
export const presentShare = (view: ShareView): z.infer<typeof shareSchema> => shareSchema.parse(view);

export function presentViewerReceipt({ id, erasedAt, removed }: Receipt): ErasureReceipt {
  return { id, erasedAt: erasedAt.toISOString(), erased: { ...removed } };
}
