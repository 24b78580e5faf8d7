import { z } from 'zod';

const iri = (description: string, example: string) => z.string().meta({ description, examples: [example] });
const languageMap = z.record(z.string(), z.string()).meta({ examples: [{ 'en-US': 'played' }] });
const extensions = z.record(z.string(), z.unknown()).meta({
  description: 'By IRI, as the video profile names them.',
  examples: [{ 'https://w3id.org/xapi/video/extensions/time': 4.2 }],
});

/** A statement of the Experience API. */
export const statementSchema = z
  .object({
    id: z.uuid().meta({
      description: 'The same whenever it is asked for.',
      examples: ['9a4e5f7a-6a2f-5a10-8f0f-5f1e6c1b4c37'],
    }),
    actor: z.object({
      objectType: z.literal('Agent'),
      account: z
        .object({
          homePage: iri('The address of this server.', 'https://video.example.com'),
          name: z.string().meta({
            description: 'The id of the render; of a guest, a random name.',
            examples: ['3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10'],
          }),
        })
        .meta({ description: 'Who watched. No name and no address.' }),
    }),
    verb: z.object({
      id: iri('The verb.', 'https://w3id.org/xapi/video/verbs/played'),
      display: languageMap,
    }),
    object: z.object({
      objectType: z.literal('Activity'),
      id: iri(
        'The film of the campaign, or one of its nodes.',
        'https://video.example.com/xapi/campaigns/9a4e…/nodes/offer',
      ),
      definition: z.object({
        type: iri('The type.', 'https://w3id.org/xapi/video/activity-type/video'),
        name: languageMap,
      }),
    }),
    result: z
      .object({
        completion: z
          .boolean()
          .optional()
          .meta({ examples: [true] }),
        response: z
          .string()
          .optional()
          .meta({ description: 'Id of the choice.', examples: ['planning'] }),
        extensions: extensions.optional(),
      })
      .optional(),
    context: z.object({
      registration: z.uuid().meta({
        description: 'Names one opening of the page.',
        examples: ['9a4e5f7a-6a2f-5a10-8f0f-5f1e6c1b4c37'],
      }),
      contextActivities: z.object({
        category: z.array(z.object({ id: iri('The profile.', 'https://w3id.org/xapi/video') })),
      }),
      extensions,
    }),
    timestamp: z.iso.datetime().meta({ examples: ['2026-11-30T09:30:00.000Z'] }),
  })
  .meta({ id: 'Statement', description: 'A statement of the Experience API 1.0.3.' });

export type Statement = z.output<typeof statementSchema>;

/** What `GET /v1/campaigns/:id/xapi` answers. */
export const statementPageSchema = z
  .object({
    statements: z.array(statementSchema).meta({ description: 'Of some viewers.' }),
    next: z
      .string()
      .optional()
      .meta({
        description: '`cursor` of the next page; unset at the end.',
        examples: ['V8cXvRmQ7LdmS0yHnC0bqG'],
      }),
  })
  .meta({ id: 'StatementPage', description: 'Statements for a learning record store.' });

export type StatementPage = z.output<typeof statementPageSchema>;
