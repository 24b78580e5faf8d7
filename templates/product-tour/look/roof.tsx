import { mix } from 'bespoke/kit';
import type { HousePlan, Point } from './plan.ts';
import type { Tone } from './tone.ts';

const rows = 2;
const columns = 6;
/** The panels' share of the roof's depth and length. */
const field = { top: 0.2, bottom: 0.86, left: 0.1, right: 0.9 } as const;

/** A point of the roof by its share along it and down it. */
export function onRoof({ roof }: HousePlan, along: number, down: number): Point {
  const inset = roof.hip * (1 - down);
  return {
    x: mix(roof.left + inset, roof.right - inset, along),
    y: mix(roof.ridge, roof.eaves, down),
  };
}

const corner = ({ x, y }: Point): string => `${x.toFixed(3)} ${y.toFixed(3)}`;

/** The roof with its panels. `grown` from 0 to 1 lays them; `glint` from 0 to 1 runs over them. */
export function Roof({
  plan,
  tone,
  grown = 1,
  glint,
}: {
  readonly plan: HousePlan;
  readonly tone: Tone;
  readonly grown?: number;
  readonly glint?: number | undefined;
}) {
  const { roof } = plan;
  const chimney = { x: roof.right - roof.hip - 14, y: roof.ridge - 6 };
  const panels = Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const shown = Math.max(0, Math.min(1, grown * (columns + rows) - column - row));
    const width = (field.right - field.left) / columns;
    const depth = (field.bottom - field.top) / rows;
    const left = field.left + column * width + width * 0.06;
    const right = left + width * 0.88 * shown;
    const top = field.top + row * depth + depth * 0.06;
    const bottom = top + depth * 0.88;
    const corners = [
      onRoof(plan, left, top),
      onRoof(plan, right, top),
      onRoof(plan, right, bottom),
      onRoof(plan, left, bottom),
    ];
    const lights =
      glint === undefined ? 0 : 1 - Math.min(1, Math.abs(glint * (columns + 4) - 2 - column - row * 0.6));
    return { index, shown, path: `M${corners.map(corner).join('L')}Z`, lights };
  });
  return (
    <>
      <rect x={chimney.x} y={chimney.y} width={6} height={8} fill={tone.white} />
      <rect x={chimney.x - 0.8} y={chimney.y - 1.4} width={7.6} height={1.8} fill={tone.shade} />
      <path
        d={`M${corner(onRoof(plan, 0, 0))}L${corner(onRoof(plan, 1, 0))}L${corner(onRoof(plan, 1, 1))}L${corner(onRoof(plan, 0, 1))}Z`}
        fill={tone.shade}
      />
      {panels.map(({ index, shown, path, lights }) =>
        shown > 0 ? (
          <path key={index} d={path} fill={lights > 0.35 ? tone.power : tone.line} strokeWidth={0.35} />
        ) : null,
      )}
      <rect
        x={roof.left - 0.8}
        y={roof.eaves - 0.7}
        width={roof.right - roof.left + 1.6}
        height={1.8}
        rx={0.9}
        fill={tone.white}
      />
    </>
  );
}
