import { z } from 'zod';

const mostAtOnce = 500;
const wrongLimit = `Must be a number from 1 to ${mostAtOnce}.`;

/** Parameters of a list: the page and its length. */
export const pageQuery = {
  cursor: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'Must be `next` of an earlier page.')
    .optional()
    .meta({ description: '`next` of the page before.', examples: ['100'] }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, wrongLimit)
    .transform(Number)
    .pipe(z.int().max(mostAtOnce, wrongLimit))
    .default(50)
    .meta({ description: `The most entries to return, 1 to ${mostAtOnce}.`, examples: ['50'] }),
};

/** The cursor of the next page. */
export const nextPage = z
  .string()
  .optional()
  .meta({
    description: 'Send it as `cursor` to get the next page, which may be empty. Absent on the last page.',
    examples: ['100'],
  });
