import { useCurrentFrame, useVideoConfig } from 'remotion';
import type { z } from 'zod';
import { mix, ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { nightWords, type Kept } from '../copy.ts';
import { roomView, usePlane } from '../look/camera.ts';
import { grounds, Panel } from '../look/panel.tsx';
import { roomNames, type RoomName } from '../look/plan.ts';
import { Stage, useOpen } from '../look/stage.tsx';
import { Deal, Turn, Words } from '../look/type.tsx';
import { beatInFrames, beats } from '../rhythm.ts';
import type { night } from '../scenes.ts';

const { ink, power, warm, white } = brand.colors;

/** A head by its middle, seen from the front, nodding by `nod` units. */
function Head({
  x,
  y,
  hair,
  nod = 0,
}: {
  readonly x: number;
  readonly y: number;
  readonly hair: 'short' | 'long' | 'bun';
  readonly nod?: number;
}) {
  return (
    <g transform={`translate(${x} ${(y + nod).toFixed(3)})`} stroke={ink}>
      {hair === 'long' ? <path d="M-2.4.2v2.6h4.8v-2.6z" fill={ink} /> : null}
      {hair === 'bun' ? <circle cy={-2.7} r={1.2} fill={ink} /> : null}
      <circle r={2.2} fill={white} />
      <path d="M-2.2 0a2.2 2.2 0 0 1 4.4 0q-2.2-1.8-4.4 0z" fill={ink} />
      <path d="M-.8.7v.3M.8.7v.3" strokeLinecap="round" />
      <path d="M-.7 1.4q.7.5 1.4 0" fill="none" strokeWidth={0.35} />
    </g>
  );
}

/** Two at the kitchen table, in the kitchen's units. */
function Diners({ shown }: { readonly shown: number }) {
  const nod = Math.sin((useCurrentFrame() / beatInFrames) * Math.PI) * 0.25;
  return (
    <g transform={`translate(0 ${((1 - shown) * 12).toFixed(3)})`} opacity={Math.min(1, shown * 3)}>
      {[
        { x: 25.3, coat: warm, hair: 'bun' },
        { x: 31.8, coat: white, hair: 'short' },
      ].map(({ x, coat, hair }, index) => (
        <g key={x}>
          <path d={`M${x - 2.6} 16.200v-1.800q0-2 2.600-2t2.600 2v1.800z`} fill={coat} stroke={ink} />
          <Head x={x} y={10.2} hair={hair as 'bun' | 'short'} nod={index === 0 ? nod : -nod} />
        </g>
      ))}
      <path d="M23.5 14.3h3.6q0 2-1.8 2t-1.8-2zM30 14.3h3.6q0 2-1.8 2t-1.8-2z" fill={power} stroke={ink} />
    </g>
  );
}

/** A person asleep in the bed, in the bedroom's units. */
function Sleepers({ shown }: { readonly shown: number }) {
  const frame = useCurrentFrame();
  return (
    <g opacity={Math.min(1, shown * 2)} stroke={ink}>
      <circle cx={6.6} cy={16} r={2.3} fill={white} />
      <path d="M4.3 16a2.3 2.3 0 0 1 4.6 0q-2.3-1.9-4.6 0z" fill={ink} />
      <path d="M5.4 16.7q.4.4.8 0M7.2 16.7q.4.4.8 0" fill="none" strokeWidth={0.35} strokeLinecap="round" />
      <path d="M8 22.5v-4q0-1.2 1.2-1.2h8.6q2.2 0 2.2 2.2v3z" fill={warm} />
      {[0, 1].map((index) => {
        const rise = (frame / (beatInFrames * 4) + index / 2) % 1;
        const size = 0.7 + rise * 0.9;
        return (
          <path
            key={index}
            transform={`translate(${(16 + rise * 4).toFixed(3)} ${(15 - rise * 9).toFixed(3)}) scale(${size.toFixed(3)})`}
            d="M-1-1h2l-2 2h2"
            fill="none"
            strokeWidth={(0.55 * Math.min(1, 3 * Math.sin(Math.PI * rise))).toFixed(3)}
          />
        );
      })}
    </g>
  );
}

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
