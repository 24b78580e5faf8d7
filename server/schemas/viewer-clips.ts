import { z } from 'zod';

const count = (description: string, example: number) => z.number().meta({ description, examples: [example] });

const cueSchema = z.object({
  fromFrame: count('First frame in the clip.', 0),
  toFrame: count('Frame after the last one.', 60),
  text: z.string().meta({ description: 'What is on screen or heard.', examples: ['Hello Zoë'] }),
});

const soundSchema = z.object({
  url: z.string().meta({ description: 'An M4A.', examples: ['/s/1b7c….m4a'] }),
  atFrame: count('The frame at which it starts.', 12),
  gain: count('Linear.', 1),
});

const clipSchema = z
  .object({
    url: z.string().meta({ description: 'Address of the MP4.', examples: ['/c/0f3a….mp4'] }),
    state: z.enum(['stored', 'making']).meta({
      description: '`making`: a request for it waits and can be repeated.',
      examples: ['stored'],
    }),
    shared: z.boolean().meta({ description: 'Whether the clip is shared.', examples: [true] }),
    durationInFrames: count('At the fps of the session.', 90),
    cues: z.array(cueSchema).meta({ description: 'Its captions.', examples: [[]] }),
    sounds: z.array(soundSchema).meta({ description: 'Played in addition to the music.', examples: [[]] }),
  })
  .meta({ id: 'ViewerClip', description: 'A clip of the session: a silent MP4 of one fragment or a few.' });

/** Clips of a session. */
export const clipsSchema = z.record(z.string(), clipSchema).meta({
  description:
    'Clips by node and the variables that they read. Missing ones are added when the viewer comes near.',
  examples: [{}],
});

/** Lines of a session's log. */
export const logSchema = z.array(z.unknown()).meta({
  description: 'Lines of the log: the event, the node that it led to, and what it changed.',
  examples: [[{ event: { type: 'start' }, to: 'welcome' }]],
});
