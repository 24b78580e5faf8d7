import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp } from 'bespoke/kit';
import { sunWords } from '../copy.ts';
import { roomView, usePlane, viewOf } from '../look/camera.ts';
import { Panel, Statement } from '../look/panel.tsx';
import type { HousePlan } from '../look/plan.ts';
import { onRoof } from '../look/roof.tsx';
import { Stage, useOpen, useStay } from '../look/stage.tsx';
import { beats } from '../rhythm.ts';
import type { sun } from '../scenes.ts';

/** In units: the view that shows both sun and roof, and the points where light meets the roof. */
const looks = {
  '16:9': {
    view: { x: 88, y: 6, width: 78, height: 56 },
    targets: [
      [0.93, 0.1],
      [0.95, 0.45],
      [0.97, 0.8],
    ],
  },
  '9:16': {
    view: { x: 36, y: 14, width: 62, height: 60 },
    targets: [
      [0.5, 0.1],
      [0.64, 0.1],
      [0.8, 0.1],
    ],
  },
} as const;

/** Light that runs from the sun to the roof, `share` of it. */
function Rays({
  plan,
  share,
  targets,
}: {
  readonly plan: HousePlan;
  readonly share: number;
  readonly targets: readonly (readonly [along: number, down: number])[];
}) {
  const frame = useCurrentFrame();
  const { sun: from } = plan;
  return targets.map(([along, down], index) => {
    const to = onRoof(plan, along, down);
    const far = Math.hypot(to.x - from.x, to.y - from.y);
    const at = (distance: number): string =>
      `${(from.x + ((to.x - from.x) * distance) / far).toFixed(3)} ${(from.y + ((to.y - from.y) * distance) / far).toFixed(3)}`;
    return (
      <path
        key={along}
        d={`M${at(from.r * 1.7)}L${at(far - 2)}`}
        strokeWidth={(0.9 * share).toFixed(3)}
        strokeLinecap="round"
        strokeDasharray="2.200 3.300"
        strokeDashoffset={(-(frame / beats(1)) * 5.5 + index * 1.8).toFixed(3)}
        fill="none"
      />
    );
  });
}

/** Panels on the roof, or on the balcony's rail. */
export function Sun({ home }: z.infer<(typeof sun)['inputs']>) {
  const frame = useCurrentFrame();
  const plane = usePlane();
  const { plan, stage, format } = plane;
  const open = useOpen();
  const shines = useStay(beats(2.5), 14);
  const laid = ramp(frame, beats(1.5), 24, 'inOut');
  if (home === 'Flat') {
    return (
      <Stage view={roomView(plane, 'bedroom', 1)} state={{ balcony: laid * open }}>
        <Panel ground="power">
          <Statement ground="power" {...sunWords[home]} />
        </Panel>
      </Stage>
    );
  }
  const look = looks[format];
  const glint = frame > beats(3) ? ((frame - beats(3)) / beats(2)) % 1 : undefined;
  const panels = frame < beats(1.5) ? 1 - ramp(frame, 4, 10, 'in') : laid;
  return (
    <Stage
      view={viewOf(look.view, stage)}
      state={{ panels, glint: shines > 0.5 ? glint : undefined }}
      world={<Rays plan={plan} share={shines} targets={look.targets} />}
    >
      <Panel ground="power">
        <Statement ground="power" {...sunWords[home]} />
      </Panel>
    </Stage>
  );
}
