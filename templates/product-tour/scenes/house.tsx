import { useCurrentFrame, useVideoConfig } from 'remotion';
import type { z } from 'zod';
import { ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { hubLine, seenCount } from '../copy.ts';
import { usePlane } from '../look/camera.ts';
import { features } from '../look/plan.ts';
import { Stage } from '../look/stage.tsx';
import { Deal, Words } from '../look/type.tsx';
import { beats } from '../rhythm.ts';
import type { house } from '../scenes.ts';

const lines = {
  '16:9': { x: 10.7, y: 42, width: 36, size: 9.6 },
  '9:16': { x: 8, y: 145.5, width: 84, size: 7.6 },
} as const;

/** The house with its labels: visited ones are ticked, the others rise in turn. */
export function HouseScene(seen: z.infer<(typeof house)['inputs']>) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const { format, unit } = usePlane();
  const line = lines[format];
  const still = 1 - ramp(frame, durationInFrames - 14, 9, 'inOut');
  const ticked = Object.fromEntries(
    features.map((name, index) => [name, seen[name] ? ramp(frame, 1 + index * 2, 10, 'inOut') * still : 0]),
  );
  const calling = [
    ...features.filter((name) => !seen[name]),
    ...(seenCount(seen) > 0 ? (['evening'] as const) : []),
  ];
  const lifted = Object.fromEntries(
    calling.map((name, index) => {
      const at = beats(1 + index);
      return [name, ramp(frame, at, 6) * (1 - ramp(frame, at + 6, 12, 'inOut'))];
    }),
  );
  return (
    <Stage state={{ tags: { shown: 1, ticked, lifted } }}>
      <div style={{ position: 'absolute', left: line.x * unit, top: line.y * unit }}>
        <Deal at={4}>
          <Words
            width={line.width}
            size={line.size}
            lines={format === '16:9' ? 3 : 1}
            color={format === '16:9' ? brand.colors.ink : brand.colors.white}
          >
            {hubLine(seen)}
          </Words>
        </Deal>
      </div>
    </Stage>
  );
}
