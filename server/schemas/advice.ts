import { z } from 'zod';
import { campaignFormDocument, campaignFormSchema, campaignJsonSchema } from './campaign-request.ts';

const byDescription =
  'When all videos must be done. The answer says how many workers that takes. Default: no date.';
const budgetDescription = 'What it may cost. Requires `hourPrice`.';
const hourPriceDescription = 'What an hour of a worker costs. Default: the answer says hours and no money.';

const by = z.iso
  .datetime({ offset: true, error: 'Must be a moment with its offset, such as 2026-12-04T09:00:00+01:00.' })
  .optional()
  .meta({ description: byDescription, examples: ['2026-12-04T09:00:00+01:00'] });

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Must be a currency, such as EUR.')
  .optional()
  .meta({ description: 'Of `hourPrice` and `budget`.', examples: ['EUR'] });

const most = 1e12;

const money = (description: string, example: number) =>
  z
    .number()
    .min(0)
    .max(most)
    .optional()
    .meta({ description, examples: [example] });

const writtenMoney = (description: string, example: string) =>
  z
    .string()
    .regex(/^\d{1,12}(?:\.\d{1,6})?$/, 'Must be an amount, such as 0.40.')
    .transform(Number)
    .optional()
    .meta({ description, examples: [example] });

/** A budget says nothing where no hour has a price. */
const priced = {
  check: ({ budget, hourPrice }: { readonly budget?: unknown; readonly hourPrice?: unknown }): boolean =>
    budget === undefined || hourPrice !== undefined,
  words: { path: ['hourPrice'], error: 'Is missing; a budget is compared with the price of the hours.' },
};

/** What `POST /v1/advice` takes as JSON. */
export const adviceJsonSchema = campaignJsonSchema
  .omit({ dryRun: true })
  .extend({
    by,
    currency,
    budget: money(budgetDescription, 50),
    hourPrice: money(hourPriceDescription, 0.4),
  })
  .refine(priced.check, priced.words)
  .meta({ description: 'What `POST /v1/campaigns` takes, with a date and a budget.' });

const formFields = {
  by,
  currency,
  budget: writtenMoney(budgetDescription, '50'),
  hourPrice: writtenMoney(hourPriceDescription, '0.40'),
};

/** The fields of the form; the file is read separately. */
export const adviceFormSchema = campaignFormSchema
  .omit({ dryRun: true })
  .extend(formFields)
  .refine(priced.check, priced.words);

/** The form as the document shows it. */
export const adviceFormDocument = campaignFormDocument
  .omit({ dryRun: true })
  .extend(formFields)
  .meta({ description: 'What `POST /v1/campaigns` takes, with a date and a budget.' });
