import type { SceneComponents } from '../../video/story/registry.ts';
import { Compare } from './scenes/compare.tsx';
import { Feature } from './scenes/feature.tsx';
import { Greeting } from './scenes/greeting.tsx';
import { House } from './scenes/house.tsx';
import { Night } from './scenes/night.tsx';
import { Offer } from './scenes/offer.tsx';
import { Question } from './scenes/question.tsx';
import { Result } from './scenes/result.tsx';
import { Sizing } from './scenes/sizing.tsx';
import { Storm } from './scenes/storm.tsx';
import { Sun } from './scenes/sun.tsx';
import type { productTour } from './template.ts';

/** Each scene's component by the scene's name. */
export const components: SceneComponents<typeof productTour> = {
  greeting: Greeting,
  house: House,
  sun: Sun,
  feature: Feature,
  storm: Storm,
  night: Night,
  compare: Compare,
  question: Question,
  result: Result,
  sizing: Sizing,
  offer: Offer,
};
