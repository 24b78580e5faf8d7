import { fontStack } from '../../../video/kit/fonts/coverage.ts';
import { brand } from '../brand.ts';
import { copyLanguage } from '../copy.ts';

const size = 2.7;

/** A figure on a label, in the house's units, by its middle; `shown` from 0 to 1. */
export function Figure({
  x,
  y,
  shown,
  children,
}: {
  readonly x: number;
  readonly y: number;
  readonly shown: number;
  readonly children: string;
}) {
  if (shown <= 0) return null;
  const width = children.length * size * 0.56 + 3.2;
  return (
    <g transform={`translate(${x} ${y}) scale(${shown.toFixed(4)})`}>
      <rect x={-width / 2} y={-2.2} width={width} height={4.4} rx={2.2} fill={brand.colors.power} />
      <text
        y={0.95}
        textAnchor="middle"
        fontFamily={fontStack(brand.face, copyLanguage)}
        fontWeight={800}
        fontSize={size}
        letterSpacing="-0.02em"
        fill={brand.colors.ink}
        stroke="none"
      >
        {children}
      </text>
    </g>
  );
}
