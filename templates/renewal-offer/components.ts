import type { SceneComponents } from 'bespoke/template';
import { Benefits } from './scenes/benefits.tsx';
import { Comeback } from './scenes/comeback.tsx';
import { Invoice } from './scenes/invoice.tsx';
import { OfferScene } from './scenes/offer.tsx';
import { Opening } from './scenes/opening.tsx';
import { Outro } from './scenes/outro.tsx';
import { Personal } from './scenes/personal.tsx';
import type { renewalOffer } from './template.ts';

/** Each scene's component by the scene's name. */
export const components: SceneComponents<typeof renewalOffer> = {
  opening: Opening,
  comeback: Comeback,
  personal: Personal,
  benefits: Benefits,
  invoice: Invoice,
  offer: OfferScene,
  outro: Outro,
};
