import '@fontsource-variable/bricolage-grotesque/opsz.css';
import type { ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';
import { fontStack, mixColors, ramp, SeamScene, ThemeProvider } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage } from '../copy.ts';
import { beatInFrames } from '../rhythm.ts';
import { shiftTo, usePlane, type Plane, type Shift, type View } from './camera.ts';
import { Garden, House, type HouseState } from './house.tsx';
import { Cloud, SkyWheel, Stars } from './sky.tsx';
import { Tags, type TagState } from './tags.tsx';
import { toneAt } from './tone.ts';

const places = {
  '16:9': { right: 10.7, below: 8, size: 5 },
  '9:16': { right: 8, below: 9, size: 6.4 },
} as const;

/** The name on the street, below the house. */
function Wordmark({ plane, shown }: { readonly plane: Plane; readonly shown: number }) {
  const { format, unit, plan, width } = plane;
  const { right, below, size } = places[format];
  return (
    <div
      lang={copyLanguage}
      style={{
        position: 'absolute',
        left: (width - right) * unit,
        top: (plan.ground + below) * unit,
        transform: 'translate(-100%, -54%)',
        opacity: shown,
        fontFamily: fontStack(brand.face, copyLanguage),
        fontWeight: 800,
        fontSize: size * unit,
        lineHeight: 1,
        letterSpacing: '-0.04em',
        color: brand.colors.power,
      }}
    >
      {brand.name}
    </div>
  );
}

const arriveAt = 3;
const arriveInFrames = 24;
const leaveInFrames = 20;

/** From 0 to 1 as the scene opens from the seam, and back before it closes. */
export function useOpen(): number {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const leaveAt = durationInFrames - 1 - leaveInFrames;
  return ramp(frame, arriveAt, arriveInFrames, 'inOut') * (1 - ramp(frame, leaveAt, leaveInFrames, 'inOut'));
}

/** 0 to 1 from a frame on, and back to 0 before the camera leaves, or where it says. */
export function useStay(at: number, frames = 18, until?: number): number {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const leaves = durationInFrames - leaveInFrames - 3;
  return ramp(frame, at, frames) * (1 - ramp(frame, Math.min(leaves, until ?? leaves), 8, 'in'));
}

/** The house and its environment. */
export interface WorldState extends HouseState {
  /** Half turns of the sky since the day. Default: the share of night. */
  readonly halfTurns?: number;
  readonly cloud?: { readonly x: number; readonly y: number; readonly size: number };
  readonly tags?: TagState;
}

interface WorldProps {
  readonly plane: Plane;
  readonly state: WorldState;
  readonly shift: Shift;
  /** Drawn in the world's units, before the house's front. */
  readonly children?: ReactNode;
}

const still: Shift = { scale: 1, x: 0, y: 0 };

function World({ plane, state, shift, children }: WorldProps) {
  const { plan, width, height, unit } = plane;
  const { night = 0, beat = 0, halfTurns = night } = state;
  const outside = toneAt(night, 0);
  const { colors } = brand;
  const turn = beat / 2 - Math.floor(beat / 2);
  const cloud = state.cloud ?? { ...plan.cloud, size: 1 };
  const zoom = `translate(${shift.x.toFixed(3)} ${shift.y.toFixed(3)}) scale(${shift.scale.toFixed(5)})`;
  return (
    <AbsoluteFill style={{ background: mixColors(colors.paper, colors.night, night) }}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height="100%"
        style={{ position: 'absolute', inset: 0, overflow: 'hidden' }}
      >
        <g
          transform={zoom}
          stroke={outside.line}
          strokeWidth={(0.55 * shift.scale ** -0.35).toFixed(4)}
          strokeLinejoin="round"
        >
          <Stars plan={plan} shown={night} />
          <SkyWheel
            plan={plan}
            tone={{ ...outside, power: colors.power, white: colors.white }}
            halfTurns={halfTurns}
            turn={turn}
          />
          <Cloud {...cloud} tone={outside} />
          <rect
            x={-width}
            y={plan.ground}
            width={3 * width}
            height={2 * height}
            fill={mixColors(colors.earth, colors.earthAtNight, night)}
            stroke="none"
          />
          <Garden
            plan={plan}
            tone={{ ...outside, power: mixColors(colors.power, outside.power, night) }}
            sway={Math.sin(2 * Math.PI * turn)}
          />
          <House plan={plan} state={state} />
          {children}
        </g>
      </svg>
      <div
        style={{
          position: 'absolute',
          inset: 0,
          transformOrigin: '0 0',
          transform: `translate(${(shift.x * unit).toFixed(2)}px, ${(shift.y * unit).toFixed(2)}px) scale(${shift.scale.toFixed(5)})`,
        }}
      >
        <Wordmark plane={plane} shown={state.tags?.shown ?? 1} />
        <Tags plane={plane} state={state.tags ?? {}} />
      </div>
    </AbsoluteFill>
  );
}

/** The house by day, whole and at rest: every scene's first and last frame. */
function Seam({ plane }: { readonly plane: Plane }) {
  return <World plane={plane} state={{}} shift={still} />;
}

/**
 * The frame of every scene: the camera moves from the house at rest to the scene's own view and back.
 * `world` is drawn in the house's units, `children` over the frame.
 */
export function Stage({
  view,
  state = {},
  locale = copyLanguage,
  world,
  children,
}: {
  /** Default: the whole house. */
  readonly view?: View | undefined;
  readonly state?: WorldState;
  readonly locale?: string;
  readonly world?: ReactNode;
  readonly children?: ReactNode;
}) {
  const plane = usePlane();
  const frame = useCurrentFrame();
  const beat = frame / beatInFrames;
  const open = useOpen();
  const { durationInFrames } = useVideoConfig();
  const tagsShown = 1 - ramp(frame, 1, 9, 'in') + ramp(frame, durationInFrames - 12, 11);
  const shift = view === undefined ? still : shiftTo(view, open);
  return (
    <ThemeProvider theme={{ locale, face: brand.face, displayFace: brand.face }}>
      <SeamScene seam={<Seam plane={plane} />}>
        <World plane={plane} state={{ beat, tags: { shown: tagsShown }, ...state }} shift={shift}>
          {world}
        </World>
        {children}
      </SeamScene>
    </ThemeProvider>
  );
}
