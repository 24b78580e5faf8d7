import { z } from 'zod';
import { linkUrl, locale, text } from '../../../data/fields.ts';
import { defineScene } from '../../../video/story/scene.ts';
import { defineTemplate } from '../../../video/template.ts';
import { sameFixtures } from '../../fixtures/templates/flat-film.ts';

/** The origin to which addresses of this film's customers may lead. */
export const shopOrigin = 'https://shop.example.com';

const record = {
  name: text({ label: 'Name', personal: true }),
  locale: locale({ label: 'Locale', personal: false, optional: true, fallback: 'en-GB' }),
  link: linkUrl({ label: 'Link', personal: true, optional: true }),
};

/** Where the picture of the last scene shows a button. */
export const buttonArea = { x: 0.2, y: 0.5, width: 0.4, height: 0.2 };

/** A film without choices, whose last scene has a link. */
export const makeOffering = (fps: number) =>
  defineTemplate({
    id: 'offering',
    version: 1,
    title: 'An offer',
    description: 'A film without choices.',
    translations: {
      fr: { 'An offer': 'Une offre', 'A film without choices.': 'Un film sans choix.', 'See it': 'La voir' },
    },
    record,
    formats: ['16:9', '9:16'],
    fps,
    facts: {},
    segments: {},
    scenes: {
      greeting: defineScene({
        inputs: z.object({ name: z.string() }),
        durationInFrames: fps,
        captions: () => [{ fromFrame: 0, toFrame: fps, text: 'Hello' }],
      }),
      offer: defineScene({
        inputs: z.object({}),
        durationInFrames: 4 * fps,
        captions: () => [{ fromFrame: 0, toFrame: 4 * fps, text: 'Our offer' }],
      }),
    },
    story: {
      version: 2,
      start: 'welcome',
      links: [shopOrigin],
      nodes: {
        welcome: { type: 'scene', scene: 'greeting', inputs: { name: { var: 'name' } }, next: 'offer' },
        offer: {
          type: 'cta',
          scene: 'offer',
          inputs: {},
          link: {
            label: 'See it',
            to: `${shopOrigin}/offer`,
            field: 'link',
            query: { from: { value: 'film' } },
            button: { areas: { '16:9': buttonArea, '9:16': buttonArea }, fromFrame: fps },
          },
          next: 'end',
        },
        end: { type: 'end' },
      },
    },
    soundtrack: undefined,
    poster: { nodes: ['welcome'], frame: 1 },
    teaser: { nodes: ['welcome'], frame: 0, durationInFrames: 4 },
    fixtures: sameFixtures({ record: { name: 'Anna', locale: 'en-GB', link: undefined }, images: {} }),
  });
