import { describe, expect, it } from 'vitest';
import { contrast } from '../../../video/kit/contrast.ts';
import { brand } from '../brand.ts';
import { grounds } from './panel.tsx';
import { features, planOf, room, spotArea, type Box, type Point } from './plan.ts';

const formats = ['16:9', '9:16'] as const;
const spots = [...features, 'evening'] as const;

const contains = (box: Box, { x, y }: Point): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

describe.each(formats)('the house in %s', (format) => {
  const plan = planOf(format);

  it.each(spots)('has the label of %s and its drawing inside its hotspot', (name) => {
    const spot = plan.spots[name];
    expect(contains(spot, plan.tags[name])).toBe(true);
    const middles = {
      sun: { x: (plan.roof.left + plan.roof.right) / 2, y: (plan.roof.ridge + plan.roof.eaves) / 2 },
      evening: plan.cloud,
      store: plan.rooms.store,
      drive: plan.rooms.drive,
      warmth: plan.rooms.lounge,
    };
    const { x, y } = middles[name];
    const middle =
      name === 'sun' || name === 'evening' ? { x, y } : { x: x + room.width / 2, y: y + room.height / 2 };
    expect(contains(spot, middle)).toBe(true);
  });

  it('has hotspots within the frame that thumbs can hit on a phone, none over another', () => {
    const areas = spots.map((name) => spotArea(format, name));
    const phone = { width: 360, height: (360 * plan.frame.height) / plan.frame.width };
    for (const [index, { x, y, width, height }] of areas.entries()) {
      expect(Math.min(x, y, 1 - x - width, 1 - y - height)).toBeGreaterThanOrEqual(0);
      expect(Math.min(width * phone.width, height * phone.height)).toBeGreaterThanOrEqual(40);
      for (const other of areas.slice(index + 1)) {
        const apart =
          x + width <= other.x + 1e-3 ||
          other.x + other.width <= x + 1e-3 ||
          y + height <= other.y + 1e-3 ||
          other.y + other.height <= y + 1e-3;
        expect(apart).toBe(true);
      }
    }
  });
});

describe('colours', () => {
  const { ink, paper, power, white, earth, night } = brand.colors;

  it.each([
    ...Object.values(grounds).flatMap(
      ({ ground, words, quiet }) =>
        [
          [words, ground],
          [quiet, ground],
        ] as const,
    ),
    [ink, paper],
    [ink, power],
    [white, earth],
    [power, earth],
    [white, night],
    [power, night],
  ] as const)('reads %s on %s at 4.5:1 or more', (text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });
});
