import type { SpokenLine } from 'bespoke/template';
import { mixColors, PersonText, ramp, stagger } from 'bespoke/kit';
import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { brand, readableOn } from '../brand.ts';
import { greetingWords } from '../copy.ts';
import { Product } from '../look/product.tsx';
import { Stage, usePlane, Window } from '../look/stage.tsx';
import { Arrive, Column, Headline, Line, StoreMark, Words } from '../look/type.tsx';
import type { greeting } from '../scenes.ts';

type Inputs = z.infer<(typeof greeting)['inputs']>;

/** How many products stand in the window, and how wide each is, in units. */
const widths = [58, 39, 37, 35];

/** The products, in a row or in two. */
function Products({ products, accent }: Pick<Inputs, 'products' | 'accent'>) {
  const frame = useCurrentFrame();
  const { unit } = usePlane();
  const shown = products.slice(0, widths.length);
  const width = widths[shown.length - 1] ?? 0;
  const more = products.length - shown.length;
  return (
    <div
      style={{
        position: 'absolute',
        inset: 0,
        display: 'flex',
        flexWrap: 'wrap',
        alignContent: 'center',
        justifyContent: 'center',
        gap: `${2 * unit}px ${3 * unit}px`,
      }}
    >
      {shown.map(({ name, picture }, index) => {
        const up = ramp(frame, stagger(index, 5, 12), 26);
        return (
          <div
            key={index}
            style={{
              opacity: Math.min(1, up * 1.6),
              transform: `translateY(${((1 - up) * 14 * unit).toFixed(2)}px)`,
            }}
          >
            <Product
              picture={picture}
              name={name}
              size={width * unit}
              ground={mixColors(brand.paper, accent, 0.34)}
            />
          </div>
        );
      })}
      {more > 0 && (
        <div
          style={{
            position: 'absolute',
            right: 4 * unit,
            bottom: 4 * unit,
            width: 13 * unit,
            height: 13 * unit,
            borderRadius: '50%',
            background: accent,
            display: 'grid',
            placeItems: 'center',
            opacity: ramp(frame, 36, 14),
          }}
        >
          <Words width={11} size={4.6} lines={1} weight={700} align="center" color={readableOn(accent)}>
            {`+${more}`}
          </Words>
        </div>
      )}
    </div>
  );
}

/** The customer's name, with what they ordered. */
export function Greeting({
  firstName,
  store,
  accent,
  count,
  products,
  spoken = [],
}: Inputs & { readonly spoken?: readonly SpokenLine[] }) {
  return (
    <Stage>
      <Window ground={mixColors(brand.paper, accent, 0.18)}>
        <Products products={products} accent={accent} />
      </Window>
      <Column>
        <Arrive at={6}>
          <StoreMark store={store} accent={accent} />
        </Arrive>
        <Arrive at={10}>
          <Headline>
            {'Hello '}
            <PersonText style={{ wordBreak: 'keep-all' }}>{firstName}</PersonText>,
          </Headline>
        </Arrive>
        <Arrive at={spoken[1]?.fromFrame ?? 30}>
          <Line>{greetingWords(count)}</Line>
        </Arrive>
      </Column>
    </Stage>
  );
}
