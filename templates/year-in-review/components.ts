import type { SceneComponents } from 'bespoke/template';
import { Category } from './scenes/category.tsx';
import { Greeting } from './scenes/greeting.tsx';
import { Intro } from './scenes/intro.tsx';
import { OfferScene } from './scenes/offer.tsx';
import { Outro } from './scenes/outro.tsx';
import { TenureAndPlace } from './scenes/tenure.tsx';
import { Year } from './scenes/year.tsx';
import type { yearInReview } from './template.ts';

/** Each scene's component by the scene's name. */
export const components: SceneComponents<typeof yearInReview> = {
  intro: Intro,
  greeting: Greeting,
  category: Category,
  year: Year,
  tenure: TenureAndPlace,
  offer: OfferScene,
  outro: Outro,
};
