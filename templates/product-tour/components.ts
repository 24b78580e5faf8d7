import type { SceneComponents } from 'bespoke/template';
import { Compare } from './scenes/compare.tsx';
import { FeatureScene } from './scenes/feature.tsx';
import { Greeting } from './scenes/greeting.tsx';
import { HouseScene } from './scenes/house.tsx';
import { Night } from './scenes/night.tsx';
import { OfferScene } from './scenes/offer.tsx';
import { QuestionScene } from './scenes/question.tsx';
import { Result } from './scenes/result.tsx';
import { Sizing } from './scenes/sizing.tsx';
import { Storm } from './scenes/storm.tsx';
import { Sun } from './scenes/sun.tsx';
import type { productTour } from './template.ts';

/** Each scene's component by the scene's name. */
export const components: SceneComponents<typeof productTour> = {
  greeting: Greeting,
  house: HouseScene,
  sun: Sun,
  feature: FeatureScene,
  storm: Storm,
  night: Night,
  compare: Compare,
  question: QuestionScene,
  result: Result,
  sizing: Sizing,
  offer: OfferScene,
};
