import { random, useCurrentFrame, useVideoConfig } from 'remotion';
import { mix, ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { stormWords } from '../copy.ts';
import { usePlane, viewOf, type Plane } from '../look/camera.ts';
import { homeBox, roomNames, type Box } from '../look/plan.ts';
import { Cloud } from '../look/sky.tsx';
import { Stage } from '../look/stage.tsx';
import { toneAt } from '../look/tone.ts';
import { Deal, Turn, Words } from '../look/type.tsx';
import { beats } from '../rhythm.ts';
import { batteryAtDusk, strikes } from './storm-times.ts';

const { power, white, ink } = brand.colors;

const drops = 46;

/** Rain over the whole sky and its street, `share` of it. */
function Rain({
  plane,
  share,
  clear,
}: {
  readonly plane: Plane;
  readonly share: number;
  /** Position of the words. */
  readonly clear: Box;
}) {
  const frame = useCurrentFrame();
  const { plan, width } = plane;
  if (share <= 0) return null;
  const deep = plan.ground + 24;
  return Array.from({ length: drops }, (_, index) => {
    const fall = (random(`fall${index}`) + frame / (15 + 8 * random(`speed${index}`))) % 1;
    const x = (random(`across${index}`) * 1.3 - 0.1) * width - fall * 12;
    const y = fall * deep - 16;
    if (index / drops > share || y > plan.ground - 4) return null;
    if (x < clear.x + clear.width + 2 && y < clear.y + clear.height * 0.7) return null;
    return (
      <path
        key={index}
        d={`M${x.toFixed(2)} ${y.toFixed(2)}l-1 3.600`}
        stroke={brand.colors.lineAtNight}
        strokeWidth={0.45}
        strokeLinecap="round"
      />
    );
  });
}

/** In units: positions of the house, the words and the clouds. */
const looks = {
  '16:9': {
    stage: { x: 58, y: 6, width: 118, height: 92 },
    words: { x: 10.7, y: 11, width: 46, height: 66 },
    clock: 17,
    line: 6.6,
    question: 10,
    clouds: { x: 118, y: 4 },
  },
  '9:16': {
    stage: { x: 0, y: 74, width: 100, height: 98 },
    words: { x: 8, y: 19, width: 84, height: 50 },
    clock: 15,
    line: 5.8,
    question: 10.5,
    clouds: { x: 30, y: 40 },
  },
} as const;

/** How bright a bolt's light is, so many frames after it struck: twice, and gone. */
const flashAfter = (frames: number): number =>
  frames >= 0 && frames < 3 ? 0.85 : frames >= 6 && frames < 8 ? 0.5 : 0;

/** Light that comes back twice before it is gone. */
const lightAfter = (frames: number): number =>
  frames < 0 ? 1 : (frames > 4 && frames < 7) || (frames > 10 && frames < 12) ? 0.7 : 0;

/** An evening, and the street's power gone. */
export function Storm() {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const plane = usePlane();
  const { format, unit, plan } = plane;
  const look = looks[format];
  const leaves = ramp(frame, durationInFrames - 19, 18, 'in');
  const falls = ramp(frame, 4, 36, 'inOut');
  const night = falls * (1 - leaves);
  const dark = strikes[0];
  const lit = Math.max(lightAfter(frame - dark), leaves);
  const struck = strikes.findLast((at) => frame >= at) ?? durationInFrames;
  const flash = flashAfter(frame - struck) * (struck === dark ? 1 : 0.5);
  const bolt = { x: struck === strikes[1] ? 26 : 9, y: struck === strikes[2] ? 6 : 9 };
  const drained = Math.round(batteryAtDusk - 7 * ramp(frame, beats(5), beats(12), 'gentle'));
  const charge = mix(0.62, drained / 100, night);
  const gathers = ramp(frame, 6, 40, 'inOut') * (1 - ramp(frame, durationInFrames - 24, 20, 'inOut'));
  const { words, clouds } = look;
  return (
    <Stage
      view={viewOf(homeBox(plan), look.stage, 0.98)}
      state={{
        night,
        halfTurns: falls + leaves,
        lit: Object.fromEntries(roomNames.map((name) => [name, name === 'store' ? 1 : lit])),
        flowing: lit > 0.5,
        charge,
        readout: night > 0.6 ? `${Math.round(charge * 100)}%` : undefined,
        cloud: {
          x: mix(plan.cloud.x, clouds.x, gathers),
          y: mix(plan.cloud.y, clouds.y, gathers),
          size: mix(1, 1.7, gathers),
        },
      }}
      world={
        <>
          <Cloud x={clouds.x + 30} y={mix(-60, clouds.y + 4, gathers)} size={1.25} tone={toneAt(night, 0)} />
          <Rain plane={plane} share={night * (1 - leaves)} clear={words} />
          {flash > 0 ? (
            <path
              transform={`translate(${clouds.x + bolt.x} ${clouds.y + bolt.y})`}
              d="M4 0l-7 12h5l-4 11 11-15h-6l5-8z"
              fill={power}
              stroke={ink}
            />
          ) : null}
        </>
      }
    >
      {flash > 0 ? (
        <div style={{ position: 'absolute', inset: 0, background: white, opacity: flash * 0.6 }} />
      ) : null}
      <div
        style={{
          position: 'absolute',
          left: words.x * unit,
          top: words.y * unit,
          height: words.height * unit,
          display: 'flex',
          flexDirection: 'column',
          gap: 2.4 * unit,
        }}
      >
        <Deal at={22}>
          <Words width={words.width} size={look.clock} color={power} lines={1}>
            {stormWords.clock}
          </Words>
        </Deal>
        <Turn
          at={dark + 8}
          turn={beats(5)}
          first={
            <Words width={words.width} size={look.line} weight={600} color={white} lines={2}>
              {stormWords.line}
            </Words>
          }
          second={
            <Words width={words.width} size={look.line} weight={600} color={white} lines={2}>
              {stormWords.left(drained)}
            </Words>
          }
        />
        <Deal at={beats(5.5)}>
          <Words width={words.width} size={look.question} color={power} lines={2}>
            {stormWords.question}
          </Words>
        </Deal>
      </div>
    </Stage>
  );
}
