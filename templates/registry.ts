import { defineRegistry, entry } from '../video/story/registry.ts';

export const registry = await defineRegistry(import.meta.url, [
  entry(
    'year-in-review',
    async () => (await import('./year-in-review/template.ts')).yearInReview,
    () => import('./year-in-review/components.ts'),
  ),
  entry(
    'renewal-offer',
    async () => (await import('./renewal-offer/template.ts')).renewalOffer,
    () => import('./renewal-offer/components.ts'),
  ),
  entry(
    'product-tour',
    async () => (await import('./product-tour/template.ts')).productTour,
    () => import('./product-tour/components.ts'),
  ),
]);
