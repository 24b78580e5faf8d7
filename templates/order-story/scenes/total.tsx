import { mixColors, ramp, stagger } from 'bespoke/kit';
import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { brand } from '../brand.ts';
import { amountWords, dayWords, moreWords, totalWords } from '../copy.ts';
import { Stage, usePlane, Window } from '../look/stage.tsx';
import { Arrive, Column, Headline, Line, Words } from '../look/type.tsx';
import type { total } from '../scenes.ts';

type Inputs = z.infer<(typeof total)['inputs']>;

const mostRows = 5;

function Row({
  what,
  amount,
  strong = false,
  fromRecord = true,
}: {
  readonly what: string;
  readonly amount: string;
  readonly strong?: boolean;
  readonly fromRecord?: boolean;
}) {
  const { unit } = usePlane();
  const weight = strong ? 750 : 500;
  return (
    <div style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', height: 7 * unit }}>
      <Words width={42} height={7} size={4.3} least={0.8} weight={weight} fromRecord={fromRecord}>
        {what}
      </Words>
      <Words width={27} height={7} size={strong ? 5 : 4.3} lines={1} weight={weight} align="right" fromRecord>
        {amount}
      </Words>
    </div>
  );
}

/** The receipt: each product with what it costs, and the sum. */
function Receipt({ products, total: sum, locale }: Pick<Inputs, 'products' | 'total' | 'locale'>) {
  const frame = useCurrentFrame();
  const { unit } = usePlane();
  const shown = products.slice(0, products.length > mostRows ? mostRows - 1 : mostRows);
  const more = products.length - shown.length;
  const up = ramp(frame, 8, 30);
  return (
    <div
      style={{
        width: 80 * unit,
        padding: `${4 * unit}px ${4 * unit}px`,
        boxSizing: 'border-box',
        background: brand.paper,
        borderRadius: 1.6 * unit,
        opacity: Math.min(1, up * 1.5),
        transform: `translateY(${((1 - up) * 24 * unit).toFixed(2)}px)`,
      }}
    >
      {shown.map(({ name, quantity, price }, index) => (
        <div key={index} style={{ opacity: ramp(frame, stagger(index, 5, 22), 12) }}>
          <Row
            what={quantity === 1 ? name : `${quantity} × ${name}`}
            amount={amountWords({ ...price, amount: price.amount * quantity }, locale)}
          />
        </div>
      ))}
      {more > 0 && (
        <div style={{ opacity: ramp(frame, stagger(shown.length, 5, 22), 12) }}>
          <Row what={moreWords(more)} amount="" fromRecord={false} />
        </div>
      )}
      {sum !== undefined && (
        <div
          style={{
            opacity: ramp(frame, 50, 14),
            marginTop: 2 * unit,
            borderTop: `${0.3 * unit}px solid ${brand.ink}`,
          }}
        >
          <div style={{ height: 1.5 * unit }} />
          <Row what={totalWords.sum} amount={amountWords(sum, locale)} strong fromRecord={false} />
        </div>
      )}
    </div>
  );
}

/** What the order costs, and when it arrives. */
export function Total({ products, total: sum, arrives, locale, accent }: Inputs) {
  return (
    <Stage locale={locale}>
      <Window ground={mixColors(brand.paper, accent, 0.82)}>
        <div style={{ position: 'absolute', inset: 0, display: 'grid', placeItems: 'center' }}>
          <Receipt products={products} total={sum} locale={locale} />
        </div>
      </Window>
      <Column gap={2}>
        <Arrive at={34}>
          <Line>{totalWords.before}</Line>
        </Arrive>
        <Arrive at={40}>
          <Headline fromRecord>{dayWords(arrives, locale)}</Headline>
        </Arrive>
      </Column>
    </Stage>
  );
}
