import { useCurrentFrame } from 'remotion';
import { mix, ramp } from 'bespoke/kit';
import { sizingWords } from '../copy.ts';
import { roomView, usePlane } from '../look/camera.ts';
import { Panel, Statement } from '../look/panel.tsx';
import { Stage, useOpen } from '../look/stage.tsx';
import { beats } from '../rhythm.ts';

/** The battery, and the sizes it comes in. */
export function Sizing() {
  const frame = useCurrentFrame();
  const plane = usePlane();
  const steps = [1.5, 2.5, 3.5].map((at) => ramp(frame, beats(at), 14));
  const charge = 0.25 + 0.24 * steps.reduce((sum, step) => sum + step, 0);
  return (
    <Stage view={roomView(plane, 'store')} state={{ charge: mix(0.62, charge, useOpen()) }}>
      <Panel ground="power">
        <Statement ground="power" {...sizingWords} />
      </Panel>
    </Stage>
  );
}
