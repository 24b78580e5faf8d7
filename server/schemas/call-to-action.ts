import { z } from 'zod';
import { parseLinkUrl } from '../../data/parse-values.ts';

const mostParameters = 20;

const address = z
  .string()
  .trim()
  .max(2_048)
  .transform((text, context) => {
    const parsed = parseLinkUrl(text);
    if (parsed.ok) return parsed.value;
    context.issues.push({ code: 'custom', input: text, message: `The address ${parsed.reason}.` });
    return z.NEVER;
  });

const words = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]*$/u, 'Must have no control characters.');

const languageTag = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'Must be a language such as de.');

/** The call to action of an order. */
export const orderLinkSchema = z
  .strictObject({
    to: address.meta({
      description: 'Where it leads: an address with `https:`, `tel:` or `mailto:`.',
      examples: ['https://shop.example.com/offer'],
    }),
    label: z
      .union([words, z.record(languageTag, words)])
      .optional()
      .meta({
        description:
          'What the button says: a text, or texts by language, of which each viewer gets theirs. Default: what the template says.',
        examples: [{ en: 'See the offer', de: 'Zum Angebot' }],
      }),
    query: z
      .record(z.string().min(1).max(100), z.string().max(500))
      .refine(
        (query) => Object.keys(query).length <= mostParameters,
        `Has more than ${mostParameters} entries.`,
      )
      .optional()
      .meta({
        description:
          'Parameters that are added to every address, also to those of customers. An address keeps its own parameter of the same name.',
        examples: [{ utm_source: 'video', utm_campaign: 'spring' }],
      }),
  })
  .refine(({ to, query }) => !to.startsWith('tel:') || query === undefined, {
    path: ['query'],
    error: 'A telephone number has no parameters.',
  })
  .meta({
    id: 'CallToAction',
    description:
      'The call to action on the page of every video: in place of the one that the template has, or at the end of its story. A customer whose record has an address of its own keeps it.',
  });
