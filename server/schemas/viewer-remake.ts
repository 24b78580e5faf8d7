import { z } from 'zod';
import type { RemakeView } from '../../video/story/engine/viewer-protocol.ts';

/** How far a film is whose record its viewer changed. */
export const remakeStateSchema = z.enum(['none', 'making', 'failed']).meta({
  description:
    'Whether the film is made anew, since its record was changed. What it showed before is not shown any more.',
  examples: ['none'],
});

/** What `/viewer/remake` answers. */
export const remakeSchema = z
  .object({ state: remakeStateSchema })
  .meta({ id: 'Remake', description: 'Whether the film is made anew.' }) satisfies z.ZodType<RemakeView>;
