import { z } from 'zod';

/** The id of a template in an address. */
export const templateParams = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,100}$/)
    .meta({ description: 'An id from `GET /v1/templates`.', examples: ['renewal-offer'] }),
});
