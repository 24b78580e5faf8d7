import { composeProductTour } from './pieces/product-tour.ts';
import { composeRenewalOffer } from './pieces/renewal-offer.ts';
import { makeChime, makeSwitch, makeThunder, makeWhoosh } from './pieces/scene-sounds.ts';
import { composeYearInReview } from './pieces/year-in-review.ts';
import type { Stereo } from './stereo.ts';

/** Every sound file of the templates, by its path from the repository's root. */
export const sounds: Readonly<Record<string, () => Stereo>> = {
  'templates/year-in-review/sounds/music.wav': composeYearInReview,
  'templates/year-in-review/sounds/whoosh.wav': () => makeWhoosh(500, 2600, 11),
  'templates/year-in-review/sounds/chime.wav': () => makeChime(['D5', 'F#5', 'A5', 'D6']),
  'templates/renewal-offer/sounds/music.wav': composeRenewalOffer,
  'templates/renewal-offer/sounds/whoosh.wav': () => makeWhoosh(350, 1900, 12),
  'templates/renewal-offer/sounds/chime.wav': () => makeChime(['Eb5', 'Bb5', 'G6']),
  'templates/product-tour/sounds/music.wav': composeProductTour,
  'templates/product-tour/sounds/chime.wav': () => makeChime(['F5', 'A5', 'C6']),
  'templates/product-tour/sounds/switch.wav': () => makeSwitch('F4', 13),
  'templates/product-tour/sounds/thunder.wav': () => makeThunder(14),
};
