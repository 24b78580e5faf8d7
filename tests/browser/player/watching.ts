import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { choice, text } from '../../../data/fields.ts';
import type { Registry } from '../../../video/story/registry.ts';
import { defineScene, type SceneSound } from '../../../video/story/scene.ts';
import { defineFacts, defineTemplate } from '../../../video/template.ts';
import { sampleRate, writeWav } from '../../../worker/adapters/media/wav.ts';
import { sameFixtures } from '../../fixtures/templates/flat-film.ts';
import { makeOffering } from './offering.ts';

const record = {
  name: text({ label: 'Name', personal: true }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false, fallback: 'Basic' }),
};
const sample = { record: { name: 'Anna', plan: 'Plus' as const }, images: {} };

function scene<S extends z.ZodRawShape>(
  shape: S,
  durationInFrames: number,
  says: string,
  sounds: readonly SceneSound[] = [],
) {
  return defineScene({
    inputs: z.object(shape),
    durationInFrames,
    sounds,
    captions: () => [{ fromFrame: 0, toFrame: durationInFrames, text: says }],
  });
}

const spot = (x: number) => {
  const area = { x, y: 0.3, width: 0.3, height: 0.4 };
  return { '16:9': area, '9:16': area };
};

const feature = (name: string) =>
  ({ type: 'scene', scene: 'feature', inputs: { name: { value: name } }, next: 'back' }) as const;

/** A language of the film. */
interface Telling {
  readonly id: string;
  readonly language: string;
  readonly say: (english: string) => string;
}

const arabic: Readonly<Record<string, string>> = {
  Watching: 'مشاهدة',
  Hello: 'مرحبًا!',
  'What shall we look at?': 'ماذا نشاهد الآن؟',
  'A feature': 'ميزة مفيدة.',
  'A customer waits.': 'عميل ينتظر.',
  'Where are you?': 'أين تسكن؟',
  'This is your place.': 'هذا مكانك.',
  'Our offer': 'عرضنا لك.',
  Planning: 'التخطيط',
  Sharing: 'المشاركة',
  Extra: 'إضافات',
  'That is enough': 'هذا يكفي',
  'Call at once': 'اتصل فورًا',
  'Write a letter': 'اكتب رسالة',
  'See the offer': 'شاهد العرض',
};

const tellings: readonly Telling[] = [
  { id: 'watching', language: 'en', say: (english) => english },
  { id: 'watching-arabic', language: 'ar', say: (english) => arabic[english] ?? english },
];

/** A short film with every type of node, for tests. Times are in tenths of a second. */
const makeWatching = (fps: number, { id, language, say }: Telling, tenth = fps / 10) =>
  defineTemplate({
    id,
    version: 1,
    language,
    title: say('Watching'),
    description: 'Flat frames that carry the number of their clip and their own.',
    record,
    formats: ['16:9', '9:16'],
    fps,
    facts: defineFacts(record, {}),
    segments: {},
    scenes: {
      greeting: scene({ name: z.string() }, 12 * tenth, say('Hello')),
      menu: scene({}, 12 * tenth, say('What shall we look at?')),
      feature: scene({ name: z.string() }, 12 * tenth, say('A feature'), [
        { file: 'ring.wav', atFrame: 4 * tenth, gain: 0.5 },
      ]),
      dilemma: scene({}, 60 * tenth, say('A customer waits.')),
      question: scene({}, 12 * tenth, say('Where are you?')),
      place: scene({ place: z.string() }, 14 * tenth, say('This is your place.')),
      offer: scene({ plan: z.string() }, 20 * tenth, say('Our offer')),
    },
    story: {
      version: 2,
      start: 'welcome',
      links: ['https://shop.example.com'],
      variables: {
        place: { type: 'text', source: 'viewer', maxLength: 12, initial: 'Hof', label: 'Where you are' },
      },
      nodes: {
        welcome: { type: 'scene', scene: 'greeting', inputs: { name: { var: 'name' } }, next: 'menu' },
        menu: {
          type: 'hub',
          scene: 'menu',
          inputs: {},
          while: 'loop',
          choices: [
            { id: 'planning', label: say('Planning'), to: 'planning', comesBack: true, key: 'p' },
            { id: 'sharing', label: say('Sharing'), to: 'sharing', comesBack: true, key: 's' },
            {
              id: 'extra',
              label: say('Extra'),
              to: 'sharing',
              comesBack: true,
              when: { eq: [{ var: 'plan' }, 'Basic'] },
              whenDisabled: 'show',
            },
            { id: 'go-on', label: say('That is enough'), to: 'story', key: 'g' },
          ],
          hotspots: [
            { choice: 'planning', areas: spot(0.1) },
            { choice: 'sharing', areas: spot(0.6) },
          ],
        },
        planning: feature('planning'),
        sharing: feature('sharing'),
        back: { type: 'return' },
        story: {
          type: 'scene',
          scene: 'dilemma',
          inputs: {},
          decision: { appearsAtFrame: 4 * tenth, locksAtFrame: 56 * tenth, default: { choice: 'write' } },
          choices: [
            { id: 'call', label: say('Call at once'), to: 'called' },
            { id: 'write', label: say('Write a letter'), to: 'wrote' },
          ],
        },
        called: { type: 'scene', scene: 'feature', inputs: { name: { value: 'called' } }, next: 'ask' },
        wrote: { type: 'scene', scene: 'feature', inputs: { name: { value: 'wrote' } }, next: 'ask' },
        ask: {
          type: 'form',
          scene: 'question',
          inputs: {},
          while: 'hold',
          question: { label: say('Where are you?'), variable: 'place', optional: true },
          next: 'town',
        },
        town: {
          type: 'scene',
          scene: 'place',
          inputs: { place: { var: 'place' } },
          generic: { scene: 'feature', inputs: { name: { value: 'generic' } } },
          next: 'offer',
        },
        offer: {
          type: 'cta',
          scene: 'offer',
          inputs: { plan: { var: 'plan' } },
          link: { label: say('See the offer'), to: 'https://shop.example.com/offer' },
          next: 'end',
        },
        end: { type: 'end' },
      },
    },
    soundtrack: { file: 'music.wav', gain: 0.5, fadeOutInFrames: 0 },
    poster: { nodes: ['welcome'], frame: 1 },
    teaser: { nodes: ['welcome'], frame: 0, durationInFrames: 4 },
    fixtures: sameFixtures(sample),
  });

/** Seconds of an even tone. */
function tone(hertz: number, seconds: number): Buffer {
  const wave = Float32Array.from({ length: seconds * sampleRate }, (_, sample) =>
    Math.sin((2 * Math.PI * hertz * sample) / sampleRate),
  );
  return writeWav({ left: wave, right: wave });
}

/** Writes what the film sounds like: music of 30 seconds, and a ring that outlasts its scene. */
export async function writeWatchingSounds(folder: string): Promise<void> {
  for (const { id } of tellings) {
    const sounds = path.join(folder, id, 'sounds');
    await mkdir(sounds, { recursive: true });
    await writeFile(path.join(sounds, 'music.wav'), tone(220, 30));
    await writeFile(path.join(sounds, 'ring.wav'), tone(880, 4));
  }
}

/**
 * The templates of these tests, one a language and one without choices; their scenes have no components, since stubs draw them.
 *
 * @param folder where their sounds were written.
 */
export const watchingRegistry = (fps: number, folder: string): Registry =>
  [...tellings.map((telling) => makeWatching(fps, telling)), makeOffering(fps)].map((template) => ({
    template,
    directory: pathToFileURL(path.join(folder, template.id, path.sep)).href,
  }));
