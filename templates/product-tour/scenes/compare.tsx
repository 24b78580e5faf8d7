import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { mix, ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { compareWords, planNames } from '../copy.ts';
import { usePlane } from '../look/camera.ts';
import { Stage, useOpen, useStay } from '../look/stage.tsx';
import { Deal, Words } from '../look/type.tsx';
import { beats } from '../rhythm.ts';
import type { compare } from '../scenes.ts';

const { ink, power, warm, white, shade, paper } = brand.colors;

export const columnNames = ['today', 'one', 'all'] as const;
export type ColumnName = (typeof columnNames)[number];

const walls: Readonly<Record<ColumnName, string>> = { today: white, one: warm, all: power };
const storey = 8;
/** Height of a column's roof above its walls, in units. */
const roofHeight = 7;

/**
 * A house as tall as a price, its foot at `y`, in units. `tall` is the height of its walls; the roof
 * comes on top.
 */
function Column({
  name,
  x,
  y,
  width,
  tall,
}: {
  readonly name: ColumnName;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly tall: number;
}) {
  const middle = x + width / 2;
  const top = y - tall;
  const storeys = Math.floor((tall - 1) / storey);
  const pane = width / 5;
  return (
    <g stroke={ink} strokeWidth={0.5} strokeLinejoin="round">
      <rect x={x + width * 0.68} y={top - 5} width={width * 0.14} height={5} fill={white} />
      <path
        d={`M${x - 0.8} ${top}L${middle} ${top - roofHeight}L${x + width + 0.8} ${top}Z`}
        fill={name === 'today' ? shade : ink}
        stroke={white}
      />
      {name === 'today' ? null : (
        <path
          d={`M${mix(x, middle, 0.28)} ${top - roofHeight * 0.18}L${mix(x, middle, 0.72)} ${top - roofHeight * 0.62}M${mix(x, middle, 0.62)} ${top - roofHeight * 0.18}L${mix(x, middle, 0.9)} ${top - roofHeight * 0.62}`}
          stroke={power}
          strokeWidth={0.9}
          strokeLinecap="round"
        />
      )}
      <rect x={x} y={top} width={width} height={tall} fill={walls[name]} stroke="none" />
      {Array.from({ length: Math.max(0, storeys) }, (_, floor) =>
        [1, 3].map((place) => (
          <rect
            key={`${floor}-${place}`}
            x={x + place * pane - pane * 0.1}
            y={y - storey * (floor + 1) + 1}
            width={pane * 1.2}
            height={storey - 3}
            rx={0.5}
            fill={name === 'all' ? white : shade}
            strokeWidth={0.4}
          />
        )),
      )}
    </g>
  );
}

/** In units: the words, and the street of columns with its ground. */
const looks = {
  '16:9': {
    words: { x: 10.7, y: 12, width: 52, height: 76 },
    line: 12,
    saved: 5,
    street: { x: 74, width: 92, top: 10, ground: 82 },
  },
  '9:16': {
    words: { x: 8, y: 20, width: 84, height: 44 },
    line: 15,
    saved: 5.6,
    street: { x: 8, width: 84, top: 66, ground: 140 },
  },
} as const;

const gap = 4;
const priceHeight = 10;

/** Monthly costs as three houses, each as tall as its price. */
export function Compare({ prices, own, home, currency, locale }: z.infer<(typeof compare)['inputs']>) {
  const frame = useCurrentFrame();
  const { format, unit, width, height } = usePlane();
  const { words, line, saved, street } = looks[format];
  const text = compareWords(own, home, prices, currency, locale);
  const away = -101 * (1 - useOpen());
  const stay = useStay(20, 1);
  const most = Math.max(prices.today, prices.one, prices.all);
  const across = (street.width - 2 * gap) / 3;
  const room = street.ground - street.top - roofHeight - priceHeight - 1;
  const columns = columnNames.map((name, index) => {
    const at = beats(1.5 + index);
    const grown = ramp(frame, at, 24) * stay;
    const tall = Math.max(4, (room * prices[name]) / most) * grown;
    return { name, at, grown, tall, x: street.x + index * (across + gap) };
  });
  return (
    <Stage locale={locale}>
      <div
        style={{
          position: 'absolute',
          inset: 0,
          background: ink,
          transform:
            format === '16:9' ? `translateX(${away.toFixed(3)}%)` : `translateY(${away.toFixed(3)}%)`,
        }}
      />
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height="100%"
        style={{ position: 'absolute', inset: 0 }}
      >
        {columns.map(({ name, x, tall, grown }) =>
          grown > 0.02 ? (
            <Column key={name} name={name} x={x} y={street.ground} width={across} tall={tall} />
          ) : null,
        )}
        <path
          d={`M${street.x - 3} ${street.ground}H${street.x - 3 + (street.width + 6) * useStay(14, 20)}`}
          stroke={white}
          strokeWidth={0.7}
          strokeLinecap="round"
        />
      </svg>
      <div
        style={{
          position: 'absolute',
          left: words.x * unit,
          top: words.y * unit,
          width: words.width * unit,
          height: words.height * unit,
          display: 'flex',
          flexDirection: 'column',
          justifyContent: format === '16:9' ? 'center' : 'flex-start',
          gap: 3.2 * unit,
        }}
      >
        <Deal at={14}>
          <Words width={words.width} size={line} lines={4} color={white}>
            {text.line}
          </Words>
        </Deal>
        <Deal at={beats(6)}>
          <Words width={words.width} size={saved} weight={600} lines={2} color={power}>
            {text.saved}
          </Words>
        </Deal>
      </div>
      {columns.map(({ name, at, grown, tall, x }) => (
        <div key={name}>
          <div
            style={{
              position: 'absolute',
              left: (x - gap / 2) * unit,
              top: (street.ground - tall - roofHeight - priceHeight - 1) * unit,
              height: priceHeight * unit,
              display: 'flex',
              alignItems: 'flex-end',
              opacity: stay * Math.min(1, grown * 2),
            }}
          >
            <Words
              width={across + gap}
              height={priceHeight}
              size={8}
              shrink={0.36}
              lines={1}
              color={name === 'all' ? power : white}
              align="center"
              lang={locale}
            >
              {text[name]}
            </Words>
          </div>
          <div style={{ position: 'absolute', left: (x - gap / 2) * unit, top: (street.ground + 2) * unit }}>
            <Deal at={at}>
              <Words width={across + gap} size={4.2} weight={600} lines={1} color={paper} align="center">
                {planNames[name]}
              </Words>
            </Deal>
          </div>
        </div>
      ))}
    </Stage>
  );
}
