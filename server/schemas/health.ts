import { z } from 'zod';
import { errorCodeSchema } from '../../worker/core/render-schema.ts';

/** What `/healthz` answers. */
export const livenessSchema = z
  .object({
    status: z.literal('ok').meta({ examples: ['ok'] }),
    halted: z
      .object({
        code: errorCodeSchema,
        message: z.string().meta({ description: 'What happened.', examples: ['No space is left.'] }),
      })
      .optional()
      .meta({
        description:
          'Why the worker of this process does not render now. Only for the owner of the workspace, over its socket.',
        examples: [{ code: 'disk-full', message: 'No space is left.' }],
      }),
    publicUrl: z
      .string()
      .optional()
      .meta({
        description:
          'Where viewers reach this process. Only for the owner of the workspace, over its socket; unset where viewers do not reach it.',
        examples: ['https://video.example.com'],
      }),
  })
  .meta({ description: 'The process answers.' });

const readiness = <S extends 'ready' | 'not-ready'>(status: S) =>
  z
    .object({
      status: z.literal(status).meta({ examples: [status] }),
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
        status === 'ready' ? 'Everything works.' : 'A part is unavailable; send no requests for now.',
    });

export const readyAnswer = readiness('ready');
export const notReadyAnswer = readiness('not-ready');

/** What `/readyz` answers, in either case. */
export const readinessSchema = z.union([readyAnswer, notReadyAnswer]);
