import { mix } from '../../../../video/kit/motion.ts';
import { brand } from '../../brand.ts';

const { ink, power, warm, white, shade } = brand.colors;

export const columnNames = ['today', 'one', 'all'] as const;
export type ColumnName = (typeof columnNames)[number];

const walls: Readonly<Record<ColumnName, string>> = { today: white, one: warm, all: power };
const storey = 8;

/**
 * A house as tall as a price, its foot at `y`, in units. `tall` is the height of its walls; the roof
 * comes on top.
 */
export function Column({
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

/** How far a column's roof stands above its walls, in units. */
export const roofHeight = 7;
