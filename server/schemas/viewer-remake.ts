import { z } from 'zod';
import type { RemakeView } from '../../video/story/engine/viewer-protocol.ts';

/** State of a video whose record the viewer changed. */
export const remakeStateSchema = z.enum(['none', 'making', 'failed']).meta({
  description:
    'Whether the video is being made again after a change of its record. The earlier video is no longer shown.',
  examples: ['none'],
});

/** What `/viewer/remake` answers. */
export const remakeSchema = z
  .object({ state: remakeStateSchema })
  .meta({ id: 'Remake', description: 'State of a corrected video.' }) satisfies z.ZodType<RemakeView>;
