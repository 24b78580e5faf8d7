import { useCurrentFrame } from 'remotion';
import { ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { closingButton } from '../button.ts';
import { closing } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Canvas, Stage, useStay } from '../look/stage.tsx';
import { Arrive, Column, Words } from '../look/type.tsx';

/** In units. */
const looks = {
  '16:9': {
    words: { x: 11, y: 14, width: 86 },
    line: 18,
    call: 5,
    sun: { x: 144, y: 92, r: 29 },
    band: 9.5,
  },
  '9:16': {
    words: { x: 8, y: 26, width: 84 },
    line: 20,
    call: 6,
    sun: { x: 50, y: 164, r: 32 },
    band: 11,
  },
  '1:1': {
    words: { x: 7, y: 10, width: 86 },
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
  const button = closingButton[format];
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
      <Column {...words} height={button.y - call - words.y} justify="flex-end">
        <Arrive at={8}>
          <Words width={words.width} size={line} lines={2} color={brand.onNight}>
            {closing.line}
          </Words>
        </Arrive>
      </Column>
      <Column {...button}>
        <Arrive at={16} style={{ display: 'flex', flex: 1 }}>
          <div
            style={{
              flex: 1,
              display: 'flex',
              alignItems: 'center',
              justifyContent: 'center',
              background: brand.sun,
              borderRadius: call * 2 * unit,
            }}
          >
            <Words
              width={button.width - call * 2.2}
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
