import type { SceneComponents } from '../../video/story/registry.ts';
import { Compare } from './scenes/compare/compare.tsx';
import { Feature } from './scenes/feature/feature.tsx';
import { Greeting } from './scenes/greeting/greeting.tsx';
import { House } from './scenes/house/house.tsx';
import { Night } from './scenes/night/night.tsx';
import { Offer } from './scenes/offer/offer.tsx';
import { Question } from './scenes/question/question.tsx';
import { Result } from './scenes/result/result.tsx';
import { Sizing } from './scenes/sizing/sizing.tsx';
import { Storm } from './scenes/storm/storm.tsx';
import { Sun } from './scenes/sun/sun.tsx';
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
