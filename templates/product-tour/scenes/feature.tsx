import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { fontStack, mix, ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage, featureFigures, featureWords } from '../copy.ts';
import { roomView, usePlane } from '../look/camera.ts';
import { Panel, Statement, type Ground } from '../look/panel.tsx';
import type { RoomName } from '../look/plan.ts';
import { Stage, useOpen, useStay, type WorldState } from '../look/stage.tsx';
import { beats } from '../rhythm.ts';
import type { feature } from '../scenes.ts';

const size = 2.7;

/** A figure on a label, in the house's units, by its middle; `shown` from 0 to 1. */
function Figure({
  x,
  y,
  shown,
  children,
}: {
  readonly x: number;
  readonly y: number;
  readonly shown: number;
  readonly children: string;
}) {
  if (shown <= 0) return null;
  const width = children.length * size * 0.56 + 3.2;
  return (
    <g transform={`translate(${x} ${y}) scale(${shown.toFixed(4)})`}>
      <rect x={-width / 2} y={-2.2} width={width} height={4.4} rx={2.2} fill={brand.colors.power} />
      <text
        y={0.95}
        textAnchor="middle"
        fontFamily={fontStack(brand.face, copyLanguage)}
        fontWeight={800}
        fontSize={size}
        letterSpacing="-0.02em"
        fill={brand.colors.ink}
        stroke="none"
      >
        {children}
      </text>
    </g>
  );
}

type Name = z.infer<(typeof feature)['inputs']>['name'];

/** Position of a room's figure, in the room's own units. The battery shows its own. */
const figures: Readonly<Partial<Record<Name, { readonly x: number; readonly y: number }>>> = {
  drive: { x: 23.5, y: 6.5 },
  warmth: { x: 30, y: 4 },
};

const looks = {
  store: { room: 'store', ground: 'ink', right: 0 },
  drive: { room: 'drive', ground: 'sky', right: 0.9 },
  warmth: { room: 'lounge', ground: 'warm', right: 0 },
} as const satisfies Readonly<Record<Name, { room: RoomName; ground: Ground; right: number }>>;

const storing = (charge: number, back: number): WorldState => ({
  charge,
  readout: back > 0.4 ? `${Math.round(charge * 100)}%` : undefined,
});

/** The room's animation: `share` is its progress, `back` reverses it. */
function happening(name: Name, share: number, back: number): WorldState {
  switch (name) {
    case 'store':
      return storing(mix(0.62, mix(0.12, 0.97, share), back), back);
    case 'drive':
      return { carCharge: mix(0.4, share, back) };
    case 'warmth':
      return { heat: share * back, dial: share * back * 130 };
    default:
      return name satisfies never;
  }
}

/** A room, and what it does. */
export function FeatureScene({ name }: z.infer<(typeof feature)['inputs']>) {
  const frame = useCurrentFrame();
  const plane = usePlane();
  const look = looks[name];
  const at = plane.plan.rooms[look.room];
  const view = roomView(plane, look.room, look.right);
  const share = ramp(frame, beats(1.5), beats(2.5), 'inOut');
  const shown = useStay(beats(4), 12);
  const open = useOpen();
  const hangs = figures[name];
  return (
    <Stage
      view={view}
      state={happening(name, share, open)}
      world={
        hangs === undefined ? null : (
          <g transform={`translate(${at.x} ${at.y})`}>
            <Figure {...hangs} shown={shown}>
              {featureFigures[name]}
            </Figure>
          </g>
        )
      }
    >
      <Panel ground={look.ground}>
        <Statement ground={look.ground} {...featureWords[name]} />
      </Panel>
    </Stage>
  );
}
