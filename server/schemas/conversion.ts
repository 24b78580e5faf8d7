import { z } from 'zod';
import { mostDays } from '../../worker/core/campaigns.ts';
import { count } from '../../worker/core/render-schema.ts';
import { customerIdSchema } from './person.ts';

/** Most conversions of one request. */
export const mostConversions = 1_000;

/** The largest value of one conversion, in its currency. */
export const largestValue = 1_000_000_000_000;

/** How conversions are named. */
export const conversionName = /^[\w.:-]{1,64}$/;

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether this runtime knows it as a code of ISO 4217. */
export const isCurrency = (code: string): boolean => currencies.has(code);

/** How long conversions count for a campaign. */
export const daysSchema = z
  .string()
  .regex(/^\d{1,3}$/, 'Must be a whole number of days.')
  .transform(Number)
  .pipe(z.number().min(1, 'Must be at least 1.').max(mostDays, `Must be at most ${mostDays}.`))
  .optional()
  .meta({
    description:
      'How many days from the order on conversions count. Default: those that the order fixed (`measure`), or 30. For others than the order fixed there is no verdict.',
    examples: ['30'],
  });

/** What one customer did. */
export const conversionSchema = z
  .strictObject({
    customerId: customerIdSchema.optional(),
    render: z
      .uuid('Must be the id of a render or row.')
      .optional()
      .meta({
        description: 'A render or row, in place of `customerId`.',
        examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
      }),
    name: z
      .string()
      .regex(conversionName, 'Must be 1 to 64 letters from A to Z, digits, and the marks _ . : -')
      .meta({ description: 'What they did.', examples: ['renewed'] }),
    value: z
      .number()
      .min(0)
      .max(largestValue)
      .optional()
      .meta({ description: 'What it was worth. Needs `currency`.', examples: [49.9] }),
    currency: z
      .string()
      .refine(isCurrency, 'Must be a currency of ISO 4217 in capitals, such as EUR.')
      .optional()
      .meta({ description: 'The currency of `value`, by ISO 4217.', examples: ['EUR'] }),
    at: z.iso.datetime({ offset: true, error: 'Must be a time such as 2026-11-24T00:00:00Z.' }).meta({
      description: 'When they did it: not before the year 2000 nor more than a day in the future.',
      examples: ['2026-11-24T09:30:00Z'],
    }),
    key: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .meta({
        description:
          'Your key for it, such as the number of an order. It names one conversion in the whole deployment. Without a key, two conversions that agree in everything else are one.',
        examples: ['order-58113'],
      }),
  })
  .refine(({ customerId, render }) => (customerId === undefined) !== (render === undefined), {
    error: 'Name the person with either customerId or render.',
  })
  .refine(({ value, currency }) => (value === undefined) === (currency === undefined), {
    error: 'Value and currency belong together: send both or neither.',
    path: ['currency'],
  })
  .meta({ id: 'Conversion', description: 'What one customer did, and when.' });

/** What `POST /v1/conversions` takes. */
export const conversionsRequestSchema = z
  .strictObject({
    conversions: z
      .array(conversionSchema)
      .min(1)
      .max(mostConversions)
      .meta({ description: 'In any order. They may have come before.' }),
  })
  .meta({
    id: 'ConversionsRequest',
    description: 'What customers did.',
    examples: [
      {
        conversions: [
          {
            customerId: 'c-1093',
            name: 'renewed',
            value: 49.9,
            currency: 'EUR',
            at: '2026-11-24T09:30:00Z',
            key: 'order-58113',
          },
        ],
      },
    ],
  });

/** What became of them. */
export const conversionsAnswerSchema = z
  .object({
    accepted: count('Conversions that are new. Nothing is kept of people who were erased.', 1),
    repeated: count('Conversions that had come before. They change nothing.', 0),
    known: z
      .int()
      .min(0)
      .nullable()
      .meta({
        description:
          'Of all conversions of the request, those of customers whom a campaign or a render is about. `null` for keys that may not read.',
        examples: [1],
      }),
  })
  .meta({ id: 'ConversionsAnswer', description: 'What became of the conversions. None was refused.' });
