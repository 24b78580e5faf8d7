import { useCurrentFrame } from 'remotion';
import { ramp } from '../../../video/kit/motion.ts';
import { brand } from '../brand.ts';
import { closing } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Canvas, Stage, useStay } from '../look/stage.tsx';
import { Arrive, Column, Words } from '../look/type.tsx';

/** In units. */
const looks = {
  '16:9': {
    words: { x: 11, y: 14, width: 86, height: 72 },
    line: 18,
    call: 5,
    sun: { x: 144, y: 92, r: 29 },
    band: 9.5,
  },
  '9:16': {
    words: { x: 8, y: 26, width: 84, height: 70 },
    line: 20,
    call: 6,
    sun: { x: 50, y: 164, r: 32 },
    band: 11,
  },
  '1:1': {
    words: { x: 7, y: 10, width: 86, height: 56 },
    line: 16,
    call: 5,
    sun: { x: 72, y: 96, r: 21 },
    band: 8,
  },
} as const;

const ringColors = ['#E0704F', '#8C4250', '#3A2F42'] as const;

/** Goodbye, and where to go. */
export function Outro() {
  const frame = useCurrentFrame();
  const { format, unit } = usePlane();
  const { words, line, call, sun, band } = looks[format];
  const stay = useStay(2, 1);
  return (
    <Stage
      ground={brand.night}
      sun={sun}
      behind={
        <Canvas>
          {ringColors
            .map((color, index) => {
              const grown = ramp(frame, 6 + index * 4, 28) * stay;
              return (
                <circle
                  key={color}
                  cx={sun.x}
                  cy={sun.y}
                  r={((sun.r + band * (index + 1)) * grown).toFixed(3)}
                  fill={color}
                />
              );
            })
            .reverse()}
        </Canvas>
      }
    >
      <Column {...words} justify={format === '16:9' ? 'center' : 'flex-start'} gap={call}>
        <Arrive at={8}>
          <Words width={words.width} size={line} lines={2} color={brand.onNight}>
            {closing.line}
          </Words>
        </Arrive>
        <Arrive at={16} style={{ display: 'flex' }}>
          <div
            style={{
              background: brand.sun,
              borderRadius: call * 2 * unit,
              padding: `${call * 0.62 * unit}px ${call * 1.1 * unit}px`,
            }}
          >
            <Words
              width={Math.min(words.width - call * 2.4, call * 13.2)}
              size={call}
              weight={800}
              color={brand.onSun}
              lines={1}
              align="center"
            >
              {`${closing.call} ${brand.website}`}
            </Words>
          </div>
        </Arrive>
      </Column>
    </Stage>
  );
}
