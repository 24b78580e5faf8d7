import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp } from '../../../../video/kit/motion/motion.ts';
import { sunWords } from '../../copy.ts';
import { usePlane, viewOf } from '../../look/camera.ts';
import { Panel, Statement } from '../../look/panel.tsx';
import { room } from '../../look/plan.ts';
import { Stage, useOpen } from '../../look/stage.tsx';
import { beats } from '../../rhythm.ts';
import type { sun } from './scene.ts';

/** Panels on the roof, or on the balcony's rail. */
export function Sun({ home }: z.infer<(typeof sun)['inputs']>) {
  const frame = useCurrentFrame();
  const { plan, stage, format } = usePlane();
  const open = useOpen();
  const { roof, rooms } = plan;
  const laid = ramp(frame, beats(1.5), 24, 'inOut');
  const glint = frame > beats(3) ? Math.min(1, (frame - beats(3)) / beats(1.5)) : undefined;
  const onRoof = home === 'House';
  const view = onRoof
    ? viewOf(
        { x: roof.left + 10, y: roof.ridge - 8, width: roof.right - roof.left - 20, height: 34 },
        stage,
        format === '16:9' ? 1.2 : 1.32,
      )
    : viewOf({ ...rooms.bedroom, ...room }, stage, format === '16:9' ? 1.12 : 1.2);
  const bare = open > 0 && frame < beats(1.5);
  return (
    <Stage
      view={view}
      state={
        onRoof
          ? { panels: frame < 14 ? 1 - ramp(frame, 4, 10, 'in') : bare ? 0 : laid, glint }
          : { balcony: laid * open }
      }
    >
      <Panel ground="power">
        <Statement ground="power" {...sunWords[home]} />
      </Panel>
    </Stage>
  );
}
