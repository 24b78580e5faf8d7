import { z } from 'zod';

const count = (description: string, example: number) => z.number().meta({ description, examples: [example] });

const cueSchema = z.object({
  fromFrame: count('Of the clip.', 0),
  toFrame: count('Exclusive.', 60),
  text: z.string().meta({ description: 'What is on screen or heard.', examples: ['Hello Zoë'] }),
});

const soundSchema = z.object({
  url: z.string().meta({ description: 'An M4A.', examples: ['/s/1b7c….m4a'] }),
  atFrame: count('Where it begins.', 12),
  gain: count('Linear.', 1),
});

const clipSchema = z
  .object({
    url: z.string().meta({ description: 'Where its bytes are.', examples: ['/c/0f3a….mp4'] }),
    state: z.enum(['stored', 'making']).meta({
      description: '`making`: a request for it waits for a while and may be repeated.',
      examples: ['stored'],
    }),
    shared: z.boolean().meta({ description: 'Whether it is about nobody.', examples: [true] }),
    durationInFrames: count('At the fps of the session.', 90),
    cues: z.array(cueSchema).meta({ description: 'Its captions.', examples: [[]] }),
    sounds: z.array(soundSchema).meta({ description: 'Heard beside the music.', examples: [[]] }),
  })
  .meta({ id: 'ViewerClip', description: 'A clip of the walk: a silent MP4 of one fragment or few.' });

/** Clips that a player is told of. */
export const clipsSchema = z.record(z.string(), clipSchema).meta({
  description:
    'Clips by node and the variables that they read. One that is missing is told when the walk comes near it.',
  examples: [{}],
});

/** Lines of a session's log. */
export const logSchema = z.array(z.unknown()).meta({
  description: 'Lines of the log: the event, the node that it led to, and what it changed.',
  examples: [[{ event: { type: 'start' }, to: 'welcome' }]],
});
