import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { benefitWords } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Canvas, Stage, useStay } from '../look/stage.tsx';
import { Arrive, Column, Words } from '../look/type.tsx';
import { plans } from '../record.ts';
import type { benefits } from '../scenes.ts';

/** In units. */
const looks = {
  '16:9': {
    words: { x: 11, y: 10, width: 86, height: 80 },
    line: 11.5,
    thing: 5,
    sun: { x: 140, y: 52, r: 15 },
    band: 9.5,
    lines: 2,
  },
  '9:16': {
    words: { x: 8, y: 24, width: 84, height: 94 },
    line: 13.6,
    thing: 5.6,
    sun: { x: 80, y: 152, r: 12 },
    band: 7.6,
    lines: 3,
  },
  '1:1': {
    words: { x: 7, y: 9, width: 84, height: 82 },
    line: 10,
    thing: 4.8,
    sun: { x: 92, y: 93, r: 9 },
    band: 6.4,
    lines: 2,
  },
} as const;

/** What a plan keeps; the sun wears one ring for Basic, two for Plus, three for Premium. */
export function Benefits({ plan }: z.infer<(typeof benefits)['inputs']>) {
  const frame = useCurrentFrame();
  const { format, unit } = usePlane();
  const { words, line, thing, sun, band, lines } = looks[format];
  const rings = brand.rings.slice(0, plans.indexOf(plan) + 1);
  const stay = useStay(10, 1);
  const { line: headline, things } = benefitWords[plan];
  const arrivals = [28, 43, 58] as const;
  return (
    <Stage
      ground={brand.paper}
      sun={sun}
      behind={
        <Canvas>
          {rings
            .map((color, index) => {
              const grown = ramp(frame, 12 + index * 6, 26) * stay;
              const breath = 1 + 0.012 * Math.sin(frame / 12 - index);
              return (
                <circle
                  key={color}
                  cx={sun.x}
                  cy={sun.y}
                  r={((sun.r + band * (index + 1)) * grown * breath).toFixed(3)}
                  fill={color}
                />
              );
            })
            .reverse()}
        </Canvas>
      }
    >
      <Column {...words} justify={format === '16:9' ? 'center' : 'flex-start'} gap={thing * 0.8}>
        <Arrive at={8}>
          <Words width={words.width} size={thing} weight={700} color={brand.quietOnPaper}>
            {`Your ${plan} plan`}
          </Words>
        </Arrive>
        <Arrive at={11}>
          <Words width={words.width} size={line} lines={lines} color={brand.onPaper}>
            {headline}
          </Words>
        </Arrive>
        <div style={{ height: thing * 0.3 * unit }} />
        {things.map((each, index) => (
          <Arrive
            key={each}
            at={arrivals[index] ?? 0}
            by={3}
            style={{ display: 'flex', alignItems: 'center', gap: thing * 0.7 * unit }}
          >
            <svg
              viewBox="-10 -10 20 20"
              width={thing * 1.35 * unit}
              height={thing * 1.35 * unit}
              style={{ flex: 'none' }}
            >
              <circle r="9.5" fill={brand.sun} />
              <path
                d="M-4.2 .4L-1.2 3.4L4.4-3"
                pathLength={1}
                strokeDasharray="1"
                strokeDashoffset={(1 - ramp(frame, (arrivals[index] ?? 0) + 6, 12, 'inOut')).toFixed(4)}
                fill="none"
                stroke={brand.onSun}
                strokeWidth="2.2"
                strokeLinecap="round"
                strokeLinejoin="round"
              />
            </svg>
            <Words width={words.width - thing * 2.1} size={thing} weight={700} color={brand.onPaper}>
              {each}
            </Words>
          </Arrive>
        ))}
      </Column>
    </Stage>
  );
}
