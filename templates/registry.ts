import { defineRegistry, entry } from '../video/story/registry.ts';
import { productTour } from './product-tour/template.ts';
import { renewalOffer } from './renewal-offer/template.ts';
import { yearInReview } from './year-in-review/template.ts';

export const registry = defineRegistry(import.meta.url, [
  entry(yearInReview, () => import('./year-in-review/components.ts')),
  entry(renewalOffer, () => import('./renewal-offer/components.ts')),
  entry(productTour, () => import('./product-tour/components.ts')),
]);
