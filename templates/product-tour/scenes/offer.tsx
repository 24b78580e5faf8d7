import type { z } from 'zod';
import { brand } from '../brand.ts';
import { offerWords } from '../copy.ts';
import { homeView, usePlane } from '../look/camera.ts';
import { grounds, Panel } from '../look/panel.tsx';
import { Stage } from '../look/stage.tsx';
import { Deal, Words } from '../look/type.tsx';
import { beats } from '../rhythm.ts';
import type { offer } from '../scenes.ts';

const sizes = {
  '16:9': { line: 12, after: 4.2, call: 5 },
  '9:16': { line: 14, after: 5, call: 5.8 },
} as const;

/** Goodbye, and where to go. */
export function OfferScene({ home }: z.infer<(typeof offer)['inputs']>) {
  const plane = usePlane();
  const { format, words, unit } = plane;
  const size = sizes[format];
  const text = offerWords[home];
  const { ink, power } = brand.colors;
  return (
    <Stage view={homeView(plane)}>
      <Panel ground="ink">
        <Deal at={12}>
          <Words width={words.width} size={size.line} lines={4} color={grounds.ink.words}>
            {text.line}
          </Words>
        </Deal>
        <Deal at={26}>
          <Words width={words.width} size={size.after} weight={500} lines={3} color={grounds.ink.quiet}>
            {text.after}
          </Words>
        </Deal>
        <Deal at={beats(3)} style={{ display: 'flex' }}>
          <div
            style={{
              background: power,
              borderRadius: 2 * size.call * unit,
              padding: `${size.call * 0.6 * unit}px ${size.call * unit}px ${size.call * 0.7 * unit}px`,
            }}
          >
            <Words width={size.call * 7.2} size={size.call} weight={800} lines={1} color={ink} align="center">
              {brand.website}
            </Words>
          </div>
        </Deal>
      </Panel>
    </Stage>
  );
}
