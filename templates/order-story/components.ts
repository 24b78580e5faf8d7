import type { SceneComponents } from 'bespoke/template';
import { Closing } from './scenes/closing.tsx';
import { Greeting } from './scenes/greeting.tsx';
import { Opening } from './scenes/opening.tsx';
import { ProductScene } from './scenes/product.tsx';
import { Total } from './scenes/total.tsx';
import type { orderStory } from './template.ts';

/** Each scene's component by the scene's name. */
export const components: SceneComponents<typeof orderStory> = {
  opening: Opening,
  greeting: Greeting,
  product: ProductScene,
  total: Total,
  closing: Closing,
};
