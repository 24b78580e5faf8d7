import type { CSSProperties, ReactNode } from 'react';
import { FitText } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage } from '../copy.ts';
import { usePlane } from './camera.ts';
import { useStay } from './stage.tsx';

/** Scripts with joined or square letters: negative letter spacing would break or crowd them. */
const keepsItsSpacing =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u;

/** Enters like a dealt card, and drops out before the scene ends. */
export function Deal({
  at,
  until,
  by = 5,
  children,
  style,
}: {
  readonly at: number;
  /** The frame at which it leaves. Default: with the scene. */
  readonly until?: number;
  /** Units. */
  readonly by?: number;
  readonly children: ReactNode;
  readonly style?: CSSProperties;
}) {
  const { unit } = usePlane();
  const shown = useStay(at, 18, until);
  return (
    <div
      style={{
        ...style,
        opacity: Math.min(1, shown * 1.6),
        ...(shown < 1
          ? {
              transformOrigin: '0 100%',
              transform: `translateY(${((1 - shown) * by * unit).toFixed(2)}px) rotate(${((1 - shown) * 2.5).toFixed(3)}deg)`,
            }
          : {}),
      }}
    >
      {children}
    </div>
  );
}

/** Two elements at the same position: the second replaces the first at `turn`. */
export function Turn({
  at,
  turn,
  first,
  second,
}: {
  readonly at: number;
  readonly turn: number;
  readonly first: ReactNode;
  readonly second: ReactNode;
}) {
  const place = { gridArea: '1 / 1' } as const;
  return (
    <div style={{ display: 'grid', justifyItems: 'start' }}>
      <Deal at={at} until={turn - 8} style={place}>
        {first}
      </Deal>
      <Deal at={turn} style={place}>
        {second}
      </Deal>
    </div>
  );
}

/** A text in a box; all measures in units. Text of the record keeps its own direction and language. */
export function Words({
  width,
  height,
  size,
  color,
  weight = 800,
  lines = 2,
  shrink,
  align = 'left',
  fromRecord = false,
  lang,
  children,
}: {
  readonly width: number;
  readonly height?: number;
  readonly size: number;
  readonly color: string;
  readonly weight?: number;
  readonly lines?: number;
  /** Smallest comfortable size, as a share of `size`. */
  readonly shrink?: number;
  readonly align?: 'left' | 'center' | 'right' | 'start';
  readonly fromRecord?: boolean;
  readonly lang?: string;
  readonly children: string;
}) {
  const { unit } = usePlane();
  const tight = !keepsItsSpacing.test(children);
  const large = weight >= 700 && size > 6;
  return (
    <FitText
      width={width * unit}
      {...(height === undefined ? {} : { height: height * unit })}
      size={size * unit}
      minSize={size * unit * (shrink ?? (fromRecord ? 0.4 : lines > 1 ? 0.86 : 0.5))}
      maxLines={lines}
      weight={weight}
      lineHeight={tight ? (large ? 0.98 : 1.28) : 1.28}
      letterSpacing={tight && large ? -0.03 : 0}
      color={color}
      face={brand.face}
      align={align}
      {...(fromRecord ? {} : { dir: 'ltr' as const, lang: lang ?? copyLanguage })}
    >
      {children}
    </FitText>
  );
}
