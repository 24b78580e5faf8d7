import type { SceneComponents } from '../../video/story/registry.ts';
import { Category } from './scenes/category/category.tsx';
import { Greeting } from './scenes/greeting/greeting.tsx';
import { Intro } from './scenes/intro/intro.tsx';
import { OfferScene } from './scenes/offer/offer.tsx';
import { Outro } from './scenes/outro/outro.tsx';
import { TenureAndPlace } from './scenes/tenure/tenure.tsx';
import { Year } from './scenes/year/year.tsx';
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
