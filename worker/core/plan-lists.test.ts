import { expect, it } from 'vitest';
import { anna, cap, mug, shop } from '../../video/story/test-shop.ts';
import { qualities } from './campaigns.ts';
import { hmacWith } from './hmac.ts';
import { createPlanner } from './plan-render.ts';

it('plans one clip for one product, however many people bought it', () => {
  const planner = createPlanner(
    {
      ...{
        template: shop,
        format: '16:9',
        encoding: qualities.draft,
        engineVersion: '1',
        asOf: '2026-06-01',
      },
      codeHashes: new Map(Object.keys(shop.scenes).map((scene) => [scene, scene])),
    },
    hmacWith(Buffer.alloc(32, 1)),
  );
  const clips = new Map<string, Set<string>>();
  for (let person = 0; person < 1_000; person += 1) {
    const products = person % 2 === 0 ? [mug] : [cap, mug];
    const plan = planner.render({ ...anna, firstName: `P${person}`, products }, {});
    for (const { scene, key } of plan.clips) clips.set(scene, (clips.get(scene) ?? new Set()).add(key));
    expect(plan.path).toHaveLength(2 + products.length);
  }
  expect(clips.get('product')?.size).toBe(2);
  expect(clips.get('hello')?.size).toBe(1_000);
});
