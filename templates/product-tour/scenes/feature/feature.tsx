import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { mix, ramp } from '../../../../video/kit/motion/motion.ts';
import { featureWords } from '../../copy.ts';
import { usePlane, viewOf } from '../../look/camera.ts';
import { Panel, Statement, type Ground } from '../../look/panel.tsx';
import { room } from '../../look/plan.ts';
import { Stage, useOpen, type WorldState } from '../../look/stage.tsx';
import { beats } from '../../rhythm.ts';
import type { feature } from './scene.ts';

type Name = z.infer<(typeof feature)['inputs']>['name'];

const looks = {
  store: { room: 'store', ground: 'ink' },
  drive: { room: 'drive', ground: 'warm' },
  warmth: { room: 'lounge', ground: 'warm' },
} as const satisfies Readonly<Record<Name, { room: string; ground: Ground }>>;

/** What happens in the room while it is looked at; `share` is how far it has, `back` undoes it. */
function happening(name: Name, share: number, back: number): WorldState {
  switch (name) {
    case 'store':
      return { charge: mix(0.62, mix(0.12, 0.97, share), back) };
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
  const { plan, stage, format } = usePlane();
  const look = looks[name];
  const view = viewOf({ ...plan.rooms[look.room], ...room }, stage, format === '16:9' ? 1.12 : 1.2);
  const share = ramp(frame, beats(1.5), beats(3), 'inOut');
  return (
    <Stage view={view} state={happening(name, share, useOpen())}>
      <Panel ground={look.ground}>
        <Statement ground={look.ground} {...featureWords[name]} />
      </Panel>
    </Stage>
  );
}
