import { z } from 'zod';
import { count } from '../core/render-schema.ts';

const people = (description: string, example: number) => count(description, example);

/** How far viewers came. */
export const stepsSchema = z.object({
  opened: people('Opened the page, and used pointer, keys or touch there.', 2140),
  started: people('Started the film.', 1820),
  watched25: people('Saw at least a quarter of the film.', 1620),
  watched50: people('Saw at least half of it.', 1400),
  watched75: people('Saw at least three quarters of it.', 1210),
  watched95: people('Saw at least 95 % of it.', 980),
  ended: people('Came to the end of the story.', 1010),
  chose: people('Took a choice themselves.', 640),
  answered: people('Answered a question.', 210),
  linkShown: people('Were shown a call to action.', 1020),
  linkFollowed: people('Followed a call to action.', 233),
  captions: people('Switched captions on.', 12),
  read: people('Read instead of watching.', 4),
  shared: people('Made a link for others.', 9),
  privacyOpened: people('Looked at the data that is known of them.', 17),
  corrected: people('Corrected or withheld something of it.', 3),
  returned: people('Opened the page more than once.', 310),
  averageShare: z
    .number()
    .nullable()
    .meta({
      description:
        'How much of the film those who started it saw, on average, from 0 to 1. `null` where nobody did. The film is that of someone who only watches; frames that were seen twice count once.',
      examples: [0.71],
    }),
});

const grouped = (description: string, example: string) =>
  z.array(stepsSchema.extend({ name: z.string().meta({ examples: [example] }) })).meta({ description });

const retentionSchema = z.object({
  entered: people('Came to it.', 1210),
  stayed: people('Saw its end, or left it by going on in the story.', 980),
});

/** How the films of a campaign are watched. */
export const watchingSchema = z
  .object({
    withVideo: people(
      'Customers who ever had a video: also those who were erased since, or whose video was deleted. What they did stays in the figures, so shares are of this number. `sent` counts only those who have their video now.',
      4000,
    ),
    viewers: stepsSchema.meta({
      description: 'Customers, each once, who came by their own link.',
    }),
    guests: stepsSchema.meta({
      description: 'Viewers by links that customers shared. They are in no other figure.',
    }),
    notCounted: z
      .object({
        unconfirmed: people('Openings of pages that nobody has touched, such as by a scanner of mails.', 388),
        machines: z
          .array(
            z.object({
              reason: z
                .enum(['prefetch', 'user-agent', 'automated', 'impossible-timing'])
                .meta({ description: 'The sign.', examples: ['user-agent'] }),
              pages: people('Openings of pages.', 41),
            }),
          )
          .meta({ description: 'Openings of pages by machines, by the sign that they gave.' }),
      })
      .meta({ description: 'What is in no other figure.' }),
    days: grouped('By the day of the first opening, in UTC.', '2026-11-30'),
    segments: grouped('By audience segment; a customer may be in several.', 'loyal'),
    variants: grouped('By variant of the campaign.', 'calm'),
    formats: grouped('By format.', '16:9'),
    devices: grouped('By kind of device.', 'phone'),
    scenes: z
      .array(
        retentionSchema.extend({
          node: z.string().meta({ description: 'The node of the story.', examples: ['offer'] }),
          left: people('Left the page here, before the end of the story.', 48),
          seconds: z.array(z.int()).meta({
            description: 'How many saw each of its seconds, from the first.',
            examples: [[1210, 1190, 1104]],
          }),
          clips: z
            .array(
              retentionSchema.extend({
                clip: z.string().meta({ description: 'Key of the clip.', examples: ['0f3a…'] }),
                inputs: z.record(z.string(), z.unknown()).meta({
                  description: 'What the clip shows: the same for all of these viewers.',
                  examples: [{ offer: 'Plus' }],
                }),
                seconds: z.array(z.int()).meta({ examples: [[610, 604, 540]] }),
              }),
            )
            .meta({
              description: 'Its clips that many see. Personal clips are in the figures of the node alone.',
            }),
        }),
      )
      .meta({ description: 'By node, in the order of the story.' }),
    decisions: z
      .array(
        z.object({
          node: z.string().meta({ examples: ['menu'] }),
          offered: people('Were asked.', 930),
          medianSeconds: z
            .number()
            .nullable()
            .meta({
              description:
                'The median of the time until the first decision, rounded up to 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 60 or 300 seconds. `null` where nobody decided.',
              examples: [4],
            }),
          ways: z.array(
            z.object({
              choice: z
                .string()
                .nullable()
                .meta({ description: '`null` for a question.', examples: ['planning'] }),
              by: z.enum(['viewer', 'timer', 'default', 'skip']).meta({ examples: ['viewer'] }),
              first: people('Viewers who took it.', 402),
              later: people('How often they took it again.', 31),
            }),
          ),
        }),
      )
      .meta({ description: 'Choices and questions, by node.' }),
    ways: z
      .array(
        z.object({
          from: z.string().meta({ examples: ['menu'] }),
          to: z
            .string()
            .nullable()
            .meta({ description: '`null`: the end.', examples: ['planning'] }),
          first: people('Viewers who went this way.', 402),
          later: people('How often they went it again.', 31),
        }),
      )
      .meta({ description: 'Ways between nodes.' }),
  })
  .meta({ id: 'CampaignWatching', description: 'How the films of a campaign are watched.' });

export type CampaignWatching = z.output<typeof watchingSchema>;

export type Steps = z.output<typeof stepsSchema>;
