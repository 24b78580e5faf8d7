import { z } from 'zod';
import { count } from '../core/render-schema.ts';

/** What a campaign would say. */
export const speechForecastSchema = z
  .object({
    lines: count('Different lines that the scenes of the good rows say.', 993),
    silent: z.boolean().meta({
      description:
        'Whether nobody says them: BESPOKE_SPEECH is not set, and the template needs no voice. Captions show them.',
      examples: [false],
    }),
    spoken: count('Of these, lines that were synthesized before.', 1),
    characters: count('Characters of the other lines, which the voice would be given.', 44_640),
    price: z
      .number()
      .nullable()
      .meta({
        description:
          'What the voice would cost, by BESPOKE_SPEECH_PRICE, in its currency; `null` where that is not set.',
        examples: [0.67],
      }),
    names: z
      .array(
        z.object({
          row: z
            .int()
            .min(1)
            .meta({ description: 'The first row with this name.', examples: [12] }),
          name: z.string().meta({ description: 'As it is written.', examples: ['Ngọc'] }),
          why: z.string().meta({
            description: 'Why a voice may say it wrongly, judged by its spelling.',
            examples: ['has "ọ", which the language does not use'],
          }),
        }),
      )
      .meta({
        description:
          'Up to 20 names without a pronunciation that a voice is least likely to say well, the most doubtful first.',
        examples: [[]],
      }),
  })
  .meta({
    description:
      'Only where scenes of the template speak. The length of lines that were not spoken yet is estimated, and so are the frames and the time of their clips; they count as clips still to be rendered.',
  });

export type SpeechForecast = z.output<typeof speechForecastSchema>;
