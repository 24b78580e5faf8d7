import { mixColors, ramp } from 'bespoke/kit';
import { useCurrentFrame, useVideoConfig } from 'remotion';
import type { z } from 'zod';
import { brand } from '../brand.ts';
import { amountWords } from '../copy.ts';
import { Product } from '../look/product.tsx';
import { Stage, usePlane, Window } from '../look/stage.tsx';
import { Arrive, Column, Headline, Line, Words } from '../look/type.tsx';
import type { product } from '../scenes.ts';

/** One product before a disc of the store's colour. */
export function ProductScene({
  name,
  detail,
  price,
  picture,
  locale,
  accent,
}: z.infer<(typeof product)['inputs']>) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const { unit, window: place, line } = usePlane();
  const up = ramp(frame, 6, 30);
  const near = 0.97 + 0.05 * (frame / durationInFrames);
  const disc = 66 * unit;
  return (
    <Stage locale={locale}>
      <Window ground={mixColors(brand.paper, accent, 0.18)}>
        <div
          style={{
            position: 'absolute',
            left: (place.width * unit - disc) / 2,
            top: (place.height * unit - disc) / 2,
            width: disc,
            height: disc,
            borderRadius: '50%',
            background: mixColors(brand.paper, accent, 0.4),
            transform: `scale(${ramp(frame, 4, 26).toFixed(4)})`,
          }}
        />
        <div style={{ position: 'absolute', inset: 0, display: 'grid', placeItems: 'center' }}>
          <div
            style={{
              opacity: Math.min(1, up * 1.5),
              transform: `translateY(${((1 - up) * 10 * unit).toFixed(2)}px) scale(${near.toFixed(5)})`,
            }}
          >
            <Product
              picture={picture}
              name={name}
              size={58 * unit}
              ground={mixColors(brand.paper, accent, 0.4)}
            />
          </div>
        </div>
      </Window>
      <Column>
        <Arrive at={10}>
          <Headline fromRecord>{name}</Headline>
        </Arrive>
        {detail !== undefined && (
          <Arrive at={18}>
            <Line fromRecord>{detail}</Line>
          </Arrive>
        )}
        <Arrive at={26}>
          <Words size={line * 1.35} lines={1} weight={650} fromRecord>
            {amountWords(price, locale)}
          </Words>
        </Arrive>
      </Column>
    </Stage>
  );
}
