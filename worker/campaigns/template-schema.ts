import { z } from 'zod';
import { moneySchema } from '../../data/parse-money.ts';
import { fieldKinds } from '../../data/record.ts';
import { count } from '../core/render-schema.ts';
import { moment } from './report-schema.ts';
import { formatSchema } from '../../video/story/story-schema.ts';

const cutSchema = z
  .object({
    scene: z.string().meta({ description: 'The scene that is cut.', examples: ['film'] }),
    proven: count('Parts that were drawn again with the whole record of a row, and came out the same.', 24),
    withdrawn: z
      .object({
        at: moment('When a part came out differently.'),
        frame: z.int().meta({ description: 'The first frame of the scene that did.', examples: [32] }),
      })
      .optional()
      .meta({ description: 'Since when the scene is drawn whole. Missing while its cut holds.' }),
  })
  .meta({ id: 'TemplateCut', description: 'A scene that is shown in parts, and how far that is proven.' });

const seconds = (example: number) => z.number().meta({ examples: [example] });

/** A template in a list. */
const templateSummarySchema = z
  .object({
    id: z.string().meta({ description: 'The id that orders use.', examples: ['renewal-offer'] }),
    version: z.int().meta({ description: 'Raised when its record changes.', examples: [1] }),
    title: z.string().meta({ examples: ['Renewal offer'] }),
    description: z
      .string()
      .meta({ examples: ['A renewal date in a short video for the customer’s segment.'] }),
    formats: z.array(formatSchema).meta({
      description: 'The first one is the default.',
      examples: [['9:16', '1:1', '16:9']],
    }),
    fps: z.number().meta({ description: 'Frames a second.', examples: [30] }),
    durationInSeconds: z
      .object({ min: seconds(18.2), max: seconds(24.5) })
      .meta({ description: 'The shortest and the longest of its sample records.' }),
    cuts: z
      .array(cutSchema)
      .optional()
      .meta({
        description: 'Its cut scenes, by the code of today. Missing if there are none.',
        examples: [[]],
      }),
    links: z.object({
      self: z.url().meta({ examples: ['https://video.example.com/v1/templates/renewal-offer'] }),
    }),
  })
  .meta({ id: 'TemplateSummary', description: 'A template.' });

/** A template that cannot be loaded. */
export const brokenTemplateSchema = z
  .object({
    id: z.string().meta({ description: 'The id under which it is listed.', examples: ['birthday'] }),
    reason: z.string().meta({ examples: ['ReferenceError: window is not defined'] }),
    file: z
      .string()
      .optional()
      .meta({
        description: 'Where the mistake is, if that is known.',
        examples: ['templates/birthday/scenes.ts'],
      }),
    line: z
      .int()
      .optional()
      .meta({ description: '1-based.', examples: [3] }),
  })
  .meta({
    id: 'BrokenTemplate',
    description:
      'A template that cannot be loaded. Orders of it fail with `template-broken`; others are unaffected.',
  });

/** All templates of a deployment. */
export const templateListSchema = z
  .object({ templates: z.array(templateSummarySchema), broken: z.array(brokenTemplateSchema) })
  .meta({ description: "In the deployment's order." });

const fieldSchema = z
  .object({
    name: z.string().meta({ description: 'Its name in `record`.', examples: ['firstName'] }),
    label: z.string().meta({ description: 'A name for people.', examples: ['First name'] }),
    kind: z.enum(fieldKinds).meta({
      description:
        '`boolean` is `true` or `false`, `color` a colour as #rrggbb, `dateTime` a day with a time in ISO 8601, `time` a time of day as HH:MM, `money` an amount with its currency, `paragraphs` a text with line breaks, `phone` a telephone number, in E.164 if it has a country code, `image` is the web address of a picture, `date` a day as YYYY-MM-DD, `locale` a BCP 47 tag, `link` an address to which a call to action leads, `list` a list of objects and `object` an object, whose fields are in `recordSchema`.',
      examples: ['text'],
    }),
    required: z.boolean().meta({ description: 'Whether it may not be empty.', examples: [true] }),
    personal: z.boolean().meta({
      description: 'Whether it is about one person. Clips that show it are never shared.',
      examples: [true],
    }),
    example: z.string().meta({ description: 'A valid value.', examples: ['Anna'] }),
    fallback: z.union([z.string(), z.number(), z.boolean(), moneySchema, z.null()]).meta({
      description: 'Shown if the field is empty; `null` if nothing is.',
      examples: [null],
    }),
    coarser: z
      .string()
      .optional()
      .meta({
        description:
          'What a campaign can show in its place, so that more people share a clip. `coarser` of an order names the field.',
        examples: ['renewalMonth'],
      }),
    aliases: z.array(z.string()).meta({
      description: 'Other column names that match this field.',
      examples: [['first_name', 'vorname']],
    }),
  })
  .meta({ id: 'TemplateField', description: 'A field of the record.' });

const settingSchema = fieldSchema
  .pick({ name: true, label: true, kind: true, example: true, fallback: true })
  .extend({
    name: z.string().meta({ description: 'Its name in `settings` of an order.', examples: ['accent'] }),
    fallback: fieldSchema.shape.fallback.meta({
      description: 'Its value where the order gives none; `null` if it is then left out.',
      examples: ['#0b6e4f'],
    }),
  })
  .meta({ id: 'TemplateSetting', description: 'What an order can set for all of its videos.' });

/** A template with the fields of its record. */
export const templateSchema = templateSummarySchema
  .extend({
    code: z
      .string()
      .optional()
      .meta({
        description:
          'Changes whenever the code or assets of its videos change. Missing if its code cannot be read.',
        examples: ['5f0c1a9be27d4c37'],
      }),
    fields: z.array(fieldSchema).meta({ description: "In the template's order." }),
    settings: z.array(settingSchema).meta({ description: 'What an order can set; often empty.' }),
    recordSchema: z.record(z.string(), z.unknown()).meta({
      description:
        'JSON Schema (2020-12) of `record`. Everything that it allows is accepted; so are some other spellings of numbers and dates.',
      examples: [
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          type: 'object',
          properties: { firstName: { title: 'First name', type: 'string', examples: ['Anna'] } },
          required: ['firstName'],
          additionalProperties: false,
        },
      ],
    }),
    story: z.record(z.string(), z.unknown()).meta({
      description: 'The nodes, edges and choices of its videos, as the template declares them.',
      examples: [
        {
          version: 2,
          start: 'greeting',
          nodes: { greeting: { type: 'scene', scene: 'greeting', next: 'end' }, end: { type: 'end' } },
        },
      ],
    }),
  })
  .meta({ id: 'Template', description: 'A template and the fields of its record.' });

/** A template without its address and the name of its code. */
export type DescribedTemplate = Omit<z.output<typeof templateSchema>, 'code' | 'links'>;

/** A cut scene of a template. */
export type DescribedCut = z.output<typeof cutSchema>;
