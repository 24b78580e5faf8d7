import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { mix, ramp } from '../../../../video/kit/motion.ts';
import { featureFigures, featureWords } from '../../copy.ts';
import { roomView, usePlane } from '../../look/camera.ts';
import { Figure } from '../../look/figure.tsx';
import { Panel, Statement, type Ground } from '../../look/panel.tsx';
import type { RoomName } from '../../look/plan.ts';
import { Stage, useOpen, useStay, type WorldState } from '../../look/stage.tsx';
import { beats } from '../../rhythm.ts';
import type { feature } from './scene.ts';

type Name = z.infer<(typeof feature)['inputs']>['name'];

/** Where a room's figure hangs, in its own units. The battery shows its own. */
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

/** What happens in the room while it is looked at; `share` is how far it has, `back` undoes it. */
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
export function Feature({ name }: z.infer<(typeof feature)['inputs']>) {
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
