import { useCurrentFrame } from 'remotion';
import { mix, ramp } from '../../../../video/kit/motion/motion.ts';
import { sizingWords } from '../../copy.ts';
import { usePlane, viewOf } from '../../look/camera.ts';
import { Panel, Statement } from '../../look/panel.tsx';
import { room } from '../../look/plan.ts';
import { Stage, useOpen } from '../../look/stage.tsx';
import { beats } from '../../rhythm.ts';

/** The battery, and the sizes it comes in. */
export function Sizing() {
  const frame = useCurrentFrame();
  const { plan, stage, format } = usePlane();
  const steps = [1.5, 2.5, 3.5].map((at) => ramp(frame, beats(at), 14));
  const charge = 0.25 + 0.24 * steps.reduce((sum, step) => sum + step, 0);
  const view = viewOf({ ...plan.rooms.store, ...room }, stage, format === '16:9' ? 1.12 : 1.2);
  return (
    <Stage view={view} state={{ charge: mix(0.62, charge, useOpen()) }}>
      <Panel ground="power">
        <Statement ground="power" {...sizingWords} />
      </Panel>
    </Stage>
  );
}
