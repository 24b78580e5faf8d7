import { useCurrentFrame, useVideoConfig } from 'remotion';
import type { z } from 'zod';
import { mix, ramp } from '../../../../video/kit/motion/motion.ts';
import { nightWords } from '../../copy.ts';
import { usePlane, viewOf } from '../../look/camera.ts';
import { Panel, grounds } from '../../look/panel.tsx';
import { room, roomNames } from '../../look/plan.ts';
import { Stage } from '../../look/stage.tsx';
import { Deal, Words } from '../../look/type.tsx';
import { beats } from '../../rhythm.ts';
import type { night } from './scene.ts';

const rooms = { supper: 'kitchen', warmth: 'bedroom' } as const;
const sizes = { '16:9': { line: 11, after: 4.2 }, '9:16': { line: 12, after: 4.8 } } as const;

/** The one room that kept its power, until it is day again. */
export function Night({ kept }: z.infer<(typeof night)['inputs']>) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const { plan, stage, format, words } = usePlane();
  const text = nightWords[kept];
  const dark = ramp(frame, 3, 16, 'out') * (1 - ramp(frame, durationInFrames - 46, 34, 'inOut'));
  const view = viewOf({ ...plan.rooms[rooms[kept]], ...room }, stage, format === '16:9' ? 1.12 : 1.2);
  const size = sizes[format];
  const morning = frame >= beats(5.5);
  return (
    <Stage
      view={view}
      state={{
        night: dark,
        lit: Object.fromEntries(roomNames.map((name) => [name, name === rooms[kept] ? 1 : 1 - dark])),
        charge: mix(0.62, 0.12, dark),
      }}
    >
      <Panel ground="ink">
        <Deal at={12}>
          <Words width={words.width} size={size.line} lines={3} color={grounds.ink.words}>
            {text.line}
          </Words>
        </Deal>
        <Deal at={24}>
          <Words width={words.width} size={size.after} weight={500} lines={2} color={grounds.ink.quiet}>
            {morning ? text.morning : text.after}
          </Words>
        </Deal>
      </Panel>
    </Stage>
  );
}
