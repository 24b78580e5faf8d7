import { z } from 'zod';
import { errorCodeSchema } from './problem.ts';

const readiness = <S extends 'ready' | 'not-ready'>(status: S) =>
  z
    .object({
      status: z.literal(status).meta({ examples: [status] }),
      halted: z
        .object({
          code: errorCodeSchema,
          message: z
            .string()
            .optional()
            .meta({ description: 'What happened.', examples: ['No space is left.'] }),
        })
        .optional()
        .meta({
          description:
            'Why the worker of this process does not render now. The message is only for the owner of the workspace.',
          examples: [{ code: 'disk-full' }],
        }),
      parts: z.record(z.string(), z.enum(['ok', 'away'])).meta({
        description:
          'Each part that the service needs. `away`: it does not answer or refuses a write; for `jobs`, a job of this process does not end in time.',
        examples: [
          {
            queue: 'ok',
            database: 'ok',
            store: status === 'ready' ? 'ok' : 'away',
            browser: 'ok',
            jobs: 'ok',
          },
        ],
      }),
    })
    .meta({
      description:
        status === 'ready' ? 'Everything works.' : 'A part is unavailable; send no traffic here for now.',
    });

export const readyAnswer = readiness('ready');
export const notReadyAnswer = readiness('not-ready');

/** What `/readyz` answers, in either case. */
export const readinessSchema = z.union([readyAnswer, notReadyAnswer]);
