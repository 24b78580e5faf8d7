import { useCurrentFrame } from 'remotion';
import { ramp } from 'bespoke/kit';
import { brand, palettes } from '../brand.ts';
import { Land, OnGround, useGround, type Ground, type Ridges } from '../look/landscape.tsx';
import { usePlane } from '../look/layout.ts';

const colors = palettes['at-risk'];

/** Stars by shares of width and height. */
const stars = [
  [0.06, 0.05],
  [0.2, 0.03],
  [0.38, 0.06],
  [0.57, 0.03],
  [0.75, 0.07],
  [0.93, 0.04],
  [0.97, 0.18],
  [0.96, 0.32],
  [0.03, 0.43],
  [0.5, 0.45],
  [0.64, 0.4],
  [0.81, 0.44],
] as const;

/** Stars that shimmer, behind the moon. */
export function NightSky() {
  const frame = useCurrentFrame();
  const { width, height } = usePlane();
  return stars.map(([x, y], index) => (
    <circle
      key={index}
      cx={x * width}
      cy={y * height}
      r={(index % 3 === 0 ? 0.55 : 0.36) * (1 + 0.3 * Math.sin(frame / 9 + index * 2))}
      fill="#F3C9DD"
      opacity={ramp(frame, 4 + index, 14)}
    />
  ));
}

/** A small house; its windows light up one after the other. */
function House() {
  const frame = useCurrentFrame();
  const lit = (at: number): number => ramp(frame, at, 8, 'gentle');
  const smoke = [0, 30, 60].map((late) => ((frame + late) % 90) / 90);
  return (
    <>
      {smoke.map((way, index) => (
        <circle
          key={index}
          cx={(12 + Math.sin(way * 5) * 2 + way * 4).toFixed(2)}
          cy={(-42 - way * 22).toFixed(2)}
          r={(1.2 + way * 3).toFixed(2)}
          fill="#8C4F8E"
          opacity={(Math.min(1, way * 5) * (1 - way) * 0.8).toFixed(3)}
        />
      ))}
      <path d="M9.5-40H14.5V-26H9.5Z" fill="#250D30" />
      <path d="M-20 0V-22L0-40L20-22V0Z" fill="#9A5596" />
      <path d="M0-40L20-22V0H6V-30Z" fill="#864787" />
      <path d="M-24-19.5L0-42L24-19.5L21.8-17.2L0-37.4L-21.8-17.2Z" fill="#250D30" />
      <path d="M-5.5 0V-13A5.5 5.5 0 0 1 5.5-13V0Z" fill="#3A1745" />
      <path d="M-5.5 0V-13A5.5 5.5 0 0 1 5.5-13V0Z" fill={brand.sun} opacity={lit(26)} />
      <circle cx="3.2" cy="-7.5" r=".7" fill="#8E4A12" opacity={lit(26)} />
      {[
        [-15.5, -17, 12],
        [9, -17, 18],
      ].map(([x = 0, y = 0, at = 0]) => (
        <g key={x}>
          <rect x={x} y={y} width="6.5" height="8" rx="1" fill="#3A1745" />
          <rect x={x} y={y} width="6.5" height="8" rx="1" fill="#FFCB66" opacity={lit(at)} />
          <path d={`M${x + 3.25} ${y}v8M${x} ${y + 4}h6.5`} stroke="#9A5596" strokeWidth=".8" />
        </g>
      ))}
      <circle cy="-27.5" r="3.1" fill="#3A1745" />
      <circle cy="-27.5" r="3.1" fill="#FFCB66" opacity={lit(22)} />
      <path d="M-5.5 0H5.5L7.5 7H-9Z" fill={brand.sun} opacity={(lit(26) * 0.4).toFixed(3)} />
    </>
  );
}

/** The path from the house's door to the viewer. */
function Way({ ground: { x, y, scale } }: { readonly ground: Ground }) {
  const { width, height } = usePlane();
  return (
    <path
      d={`M${x - 5 * scale} ${y}C${x - 4} ${y + 10} ${x - width * 0.16} ${y + 12} ${x - width * 0.2} ${height + 8}H${x + width * 0.06}C${x + 2} ${y + 16} ${x + 9 * scale} ${y + 8} ${x + 5 * scale} ${y}Z`}
      fill="#6F2F73"
    />
  );
}

const ridges: Ridges = {
  far: [
    [-0.1, 22],
    [0.16, 34],
    [0.4, 20],
    [0.68, 30],
    [0.88, 38],
    [1.1, 26],
  ],
  middle: [
    [-0.1, 6],
    [0.2, 14],
    [0.5, 6],
    [0.8, 10],
    [1.1, 18],
  ],
  near: [
    [-0.1, -5],
    [0.25, -3],
    [0.6, 1],
    [0.85, 0],
    [1.1, -6],
  ],
};

/** A house at night whose lights turn on. */
export function AtRiskPicture({ low = false }: { readonly low?: boolean }) {
  const ground = useGround(low);
  const house = (
    <>
      <Way ground={ground} />
      <OnGround ground={ground} sunk={0.4}>
        <House />
      </OnGround>
    </>
  );
  return <Land {...{ ground, ridges, colors }} before={low ? null : house} />;
}
