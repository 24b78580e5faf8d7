import { z } from 'zod';
import type { Named } from '../../worker/people/subject.ts';

/** The client's id for a customer. */
export const customerIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .meta({
    description:
      'Your id for the customer, as in the id column of a CSV. Stored with the render until the person is erased, and searched for by an HMAC. Use it to export or erase their data.',
    examples: ['c-1093'],
  });

/** The person of a request. In the body, so that the id is in no address and no log. */
export const namedPersonSchema = z
  .strictObject({
    customerId: customerIdSchema.optional(),
    renderId: z
      .uuid()
      .optional()
      .meta({
        description: 'A render or row. Use it if no customer id was given.',
        examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
      }),
  })
  .refine(({ customerId, renderId }) => (customerId === undefined) !== (renderId === undefined), {
    error: 'Name the person with either customerId or renderId.',
  })
  .meta({
    id: 'NamedPerson',
    description: 'The person of the request.',
    examples: [{ customerId: 'c-1093' }],
  });

/** A checked body in the form of the worker. */
export function toNamed({ customerId, renderId = '' }: z.infer<typeof namedPersonSchema>): Named {
  return customerId === undefined ? { renderId } : { customerId };
}

/** The answer to removing a person from the suppression list. */
export const welcomeSchema = z
  .object({
    welcome: z.boolean().meta({
      description: 'Whether the person was on the suppression list.',
      examples: [true],
    }),
  })
  .meta({ id: 'Welcome', description: 'The person is no longer on the suppression list.' });
