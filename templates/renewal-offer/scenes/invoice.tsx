import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp } from 'bespoke/kit';
import { brand, palettes } from '../brand.ts';
import { invoiceLines, invoiceWords } from '../copy.ts';
import { usePlane, type Box } from '../look/layout.ts';
import { Canvas, Stage, useStay } from '../look/stage.tsx';
import { Arrive, Column, Words } from '../look/type.tsx';
import type { invoice } from '../scenes.ts';

/** In units: the headline's column, the sheet, its type and the seal. */
const looks = {
  '16:9': {
    words: { x: 11, y: 12, width: 66, height: 76 },
    line: 12,
    lines: 4,
    sheet: { x: 90, y: 12, width: 76, height: 76 },
    type: 4.7,
    seal: 9,
  },
  '9:16': {
    words: { x: 8, y: 24, width: 84, height: 44 },
    line: 13.6,
    lines: 3,
    sheet: { x: 8, y: 76, width: 84, height: 68 },
    type: 5.2,
    seal: 9.5,
  },
  '1:1': {
    words: { x: 7, y: 8, width: 76, height: 26 },
    line: 10,
    lines: 2,
    sheet: { x: 7, y: 37, width: 86, height: 56 },
    type: 4.4,
    seal: 7.5,
  },
} as const;

const colors = palettes.business;

/** A line of the sheet under its rule: what on the left, how on the right. */
function InvoiceRow({
  what,
  how,
  at,
  total,
  type,
  box,
}: {
  readonly what: string;
  readonly how: string;
  readonly at: number;
  readonly total: boolean;
  readonly type: number;
  readonly box: Box;
}) {
  const { unit } = usePlane();
  const ruled = ramp(useCurrentFrame(), at - 8, 18, 'inOut');
  const size = total ? type * 1.3 : type;
  return (
    <Column {...box} justify="center">
      <div
        style={{
          position: 'absolute',
          top: 0,
          left: 0,
          width: `${(ruled * 100).toFixed(2)}%`,
          height: (total ? 0.5 : 0.3) * unit,
          background: total ? colors.near : '#D9CDB4',
        }}
      />
      <Arrive
        at={at}
        by={2}
        style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center' }}
      >
        <Words width={box.width * 0.62} size={size} weight={total ? 800 : 700} color={brand.onPaper}>
          {what}
        </Words>
        <Words
          width={box.width * 0.36}
          size={size}
          weight={total ? 800 : 600}
          color={total ? brand.onPaper : brand.quietOnPaper}
          align="right"
        >
          {how}
        </Words>
      </Arrive>
    </Column>
  );
}

/** A business plan as the one sheet of paper it costs a year; the sun is its seal. */
export function Invoice({ plan }: z.infer<(typeof invoice)['inputs']>) {
  const frame = useCurrentFrame();
  const { format, height, unit } = usePlane();
  const { words, line, lines, sheet, type, seal } = looks[format];
  const up = useStay(6, 26);
  const stay = useStay(0, 1);
  const pad = sheet.width * 0.08;
  const inner = sheet.width - 2 * pad;
  const sun = { x: sheet.x + sheet.width - pad - seal * 0.6, y: sheet.y + seal * 0.35, r: seal };
  const rows = [...invoiceLines(plan), [invoiceWords.total, '1'] as const];
  const head = type * 4.2;
  const rowHeight = (sheet.height - head - type * 0.8) / rows.length;
  const arrivals = [26, 40, 54, 66] as const;
  const sheetStyle = {
    position: 'absolute',
    left: sheet.x * unit,
    top: sheet.y * unit,
    width: sheet.width * unit,
    height: sheet.height * unit,
    borderRadius: 2.2 * unit,
    background: brand.paper,
    transform: `translateY(${((1 - up) * (height - sheet.y + 4) * unit).toFixed(2)}px) rotate(${((1 - up) * 5).toFixed(3)}deg)`,
  } as const;
  return (
    <Stage
      ground={colors.sky}
      sun={sun}
      behind={
        <div style={sheetStyle}>
          <Column x={pad} y={0} width={inner} height={head} justify="center">
            <Words width={inner * 0.6} size={type * 1.7} color={colors.near}>
              {invoiceWords.title}
            </Words>
          </Column>
          {rows.map(([what, how], index) => (
            <InvoiceRow
              key={what}
              what={what}
              how={how}
              at={arrivals[index] ?? 0}
              total={index === rows.length - 1}
              type={type}
              box={{ x: pad, y: head + index * rowHeight, width: inner, height: rowHeight }}
            />
          ))}
        </div>
      }
    >
      <Column {...words} justify={format === '16:9' ? 'center' : 'flex-start'}>
        <Arrive at={9}>
          <Words width={words.width} size={line} lines={lines} color={colors.onSky}>
            {invoiceWords.line}
          </Words>
        </Arrive>
      </Column>
      <Canvas>
        <path
          d="M-4.2 .4L-1.2 3.4L4.4-3"
          transform={`translate(${sun.x} ${sun.y}) scale(${seal / 9.5})`}
          pathLength={1}
          strokeDasharray="1"
          strokeDashoffset={(1 - ramp(frame, 24, 14, 'inOut')).toFixed(4)}
          fill="none"
          stroke={brand.onSun}
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
          opacity={frame < 24 ? 0 : stay}
        />
      </Canvas>
    </Stage>
  );
}
