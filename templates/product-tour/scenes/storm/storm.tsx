import { useCurrentFrame, useVideoConfig } from 'remotion';
import { mix, ramp } from '../../../../video/kit/motion/motion.ts';
import { brand } from '../../brand.ts';
import { stormWords } from '../../copy.ts';
import { usePlane } from '../../look/camera.ts';
import { roomNames } from '../../look/plan.ts';
import { Stage } from '../../look/stage.tsx';
import { Deal, Words } from '../../look/type.tsx';
import { beats } from '../../rhythm.ts';
import { stormWindow } from './scene.ts';

const places = {
  '16:9': { x: 10.7, y: 12, width: 36, clock: 13, line: 6.4, question: 9 },
  '9:16': { x: 8, y: 18.5, width: 84, clock: 12, line: 5.6, question: 8.4 },
} as const;

/** An evening, and the street's power gone. */
export function Storm() {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const { format, unit, plan, width } = usePlane();
  const place = places[format];
  const night = ramp(frame, 4, 34, 'inOut') * (1 - ramp(frame, durationInFrames - 21, 20, 'inOut'));
  const out = ramp(frame, 52, 4) * (1 - ramp(frame, durationInFrames - 30, 10, 'inOut'));
  const flicker = frame > 52 && frame < 66 && Math.floor((frame - 52) / 3) % 2 === 1 ? 0.6 : 0;
  const lit = Math.max(1 - out, flicker * out);
  const flash = frame >= 50 && frame < 54 ? 1 : frame >= 57 && frame < 59 ? 0.6 : 0;
  const cloudAt = { x: format === '16:9' ? width * 0.62 : 50, y: format === '16:9' ? 6 : 34 };
  const { colors } = brand;
  return (
    <Stage
      state={{
        night,
        lit: Object.fromEntries(
          roomNames.map((name) => [name, name === 'store' ? Math.max(lit, 0.999) : lit]),
        ),
        flowing: lit > 0.5,
        charge: mix(0.62, 0.38, night),
        cloud: {
          x: mix(plan.cloud.x, cloudAt.x, night),
          y: mix(plan.cloud.y, cloudAt.y, night),
          size: mix(1, 1.6, night),
        },
        tags: { shown: 1 - ramp(frame, 3, 10, 'in') + ramp(frame, durationInFrames - 14, 13) },
      }}
    >
      {flash > 0 ? (
        <div style={{ position: 'absolute', inset: 0, background: colors.white, opacity: flash * 0.7 }} />
      ) : null}
      <div
        style={{
          position: 'absolute',
          left: place.x * unit,
          top: place.y * unit,
          display: 'flex',
          flexDirection: 'column',
          gap: 2 * unit,
        }}
      >
        <Deal at={14}>
          <Words
            width={place.width}
            size={place.clock}
            color={night > 0.5 ? colors.power : colors.ink}
            lines={1}
          >
            {stormWords.clock}
          </Words>
        </Deal>
        <Deal at={54}>
          <Words width={place.width} size={place.line} weight={600} color={colors.white} lines={3}>
            {frame < stormWindow.appearsAtFrame ? stormWords.line : stormWords.left}
          </Words>
        </Deal>
        <Deal at={beats(6)}>
          <Words width={place.width} size={place.question} color={colors.white} lines={2}>
            {stormWords.question}
          </Words>
        </Deal>
      </div>
    </Stage>
  );
}
