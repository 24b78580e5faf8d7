import { z } from 'zod';

const mostAtOnce = 500;
const wrongLimit = `Must be a number from 1 to ${mostAtOnce}.`;

/** An opaque place in a list, and how much of it to show. */
export const pageQuery = {
  cursor: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'Must be what an earlier page gave as `next`.')
    .optional()
    .meta({ description: 'What an earlier page gave as `next`.', examples: ['100'] }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, wrongLimit)
    .transform(Number)
    .pipe(z.int().max(mostAtOnce, wrongLimit))
    .default(50)
    .meta({ description: `How many at most, 1 to ${mostAtOnce}.`, examples: ['50'] }),
};

/** Where the next page begins. */
export const nextPage = z
  .string()
  .optional()
  .meta({
    description: 'Give it as `cursor` to see what follows, perhaps nothing; absent where nothing does.',
    examples: ['100'],
  });
