import { useCurrentFrame, useVideoConfig } from 'remotion';
import type { z } from 'zod';
import { mix, ramp } from '../../../../video/kit/motion.ts';
import { nightWords, type Kept } from '../../copy.ts';
import { roomView, usePlane } from '../../look/camera.ts';
import { Panel, grounds } from '../../look/panel.tsx';
import { roomNames, type RoomName } from '../../look/plan.ts';
import { Diners, Sleepers } from '../../look/company.tsx';
import { Stage, useOpen } from '../../look/stage.tsx';
import { Deal, Turn, Words } from '../../look/type.tsx';
import { beats } from '../../rhythm.ts';
import type { night } from './scene.ts';

const looks = {
  supper: { room: 'kitchen', right: 2 },
  warmth: { room: 'bedroom', right: 0 },
} as const satisfies Readonly<Record<Kept, { room: RoomName; right: number }>>;
const sizes = { '16:9': { line: 12, after: 4.4 }, '9:16': { line: 15, after: 5 } } as const;

/** The one room that kept its power, until it is day again. */
export function Night({ kept }: z.infer<(typeof night)['inputs']>) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const plane = usePlane();
  const { plan, format, words } = plane;
  const open = useOpen();
  const text = nightWords[kept];
  const look = looks[kept];
  const falls = ramp(frame, 1, 18, 'out');
  const dawns = ramp(frame, durationInFrames - 62, 38, 'inOut');
  const dark = falls * (1 - dawns);
  const at = plan.rooms[look.room];
  const view = roomView(plane, look.room, look.right);
  const size = sizes[format];
  const after = (line: string) => (
    <Words width={words.width} size={size.after} weight={500} lines={2} color={grounds.ink.quiet}>
      {line}
    </Words>
  );
  return (
    <Stage
      view={view}
      state={{
        night: dark,
        halfTurns: falls + dawns,
        lit: Object.fromEntries(roomNames.map((name) => [name, name === look.room ? 1 : 1 - dark])),
        charge: mix(0.62, 0.12, dark),
      }}
      world={
        <g transform={`translate(${at.x} ${at.y})`}>
          {kept === 'supper' ? <Diners shown={open} /> : <Sleepers shown={open} />}
        </g>
      }
    >
      <Panel ground="ink">
        <Deal at={12}>
          <Words width={words.width} size={size.line} lines={3} color={grounds.ink.words}>
            {text.line}
          </Words>
        </Deal>
        <Turn at={24} turn={beats(6)} first={after(text.after)} second={after(text.morning)} />
      </Panel>
    </Stage>
  );
}
