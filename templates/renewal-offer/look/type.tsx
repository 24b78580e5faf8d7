import type { CSSProperties, ReactNode } from 'react';
import { FitText } from 'bespoke/kit';
import { copyLanguage } from '../copy.ts';
import { usePlane } from './layout.ts';
import { useStay } from './stage.tsx';

/** Scripts with joined or square letters: negative letter spacing would break or crowd them. */
const keepsItsSpacing =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u;

/** Enters from below, and leaves upwards before the scene ends. */
export function Arrive({
  at,
  by = 6,
  children,
  style,
}: {
  readonly at: number;
  /** Units. */
  readonly by?: number;
  readonly children: ReactNode;
  readonly style?: CSSProperties;
}) {
  const { unit } = usePlane();
  const shown = useStay(at);
  return (
    <div
      style={{
        ...style,
        opacity: Math.min(1, shown * 1.4),
        ...(shown < 1 ? { transform: `translateY(${((1 - shown) * by * unit).toFixed(2)}px)` } : {}),
      }}
    >
      {children}
    </div>
  );
}

/** A column on the plane; its content is aligned to its top, middle or bottom. */
export function Column({
  x,
  y,
  width,
  height,
  justify = 'flex-start',
  gap = 0,
  children,
}: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly justify?: 'flex-start' | 'center' | 'flex-end';
  readonly gap?: number;
  readonly children: ReactNode;
}) {
  const { unit } = usePlane();
  return (
    <div
      style={{
        position: 'absolute',
        left: x * unit,
        top: y * unit,
        width: width * unit,
        height: height * unit,
        display: 'flex',
        flexDirection: 'column',
        justifyContent: justify,
        gap: gap * unit,
      }}
    >
      {children}
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
  align = 'left',
  fromRecord = false,
  children,
}: {
  readonly width: number;
  readonly height?: number;
  readonly size: number;
  readonly color: string;
  readonly weight?: number;
  readonly lines?: number;
  readonly align?: 'left' | 'center' | 'right' | 'start';
  readonly fromRecord?: boolean;
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
      minSize={size * unit * (fromRecord ? 0.3 : lines > 1 ? 0.86 : 0.5)}
      maxLines={lines}
      weight={weight}
      lineHeight={tight ? (large ? 1.02 : 1.25) : 1.25}
      letterSpacing={tight && large ? -0.035 : tight ? -0.01 : 0}
      color={color}
      align={align}
      {...(fromRecord ? {} : { dir: 'ltr' as const, lang: copyLanguage })}
    >
      {children}
    </FitText>
  );
}

const sizes = {
  '16:9': { line: 14, after: 5, lines: 4 },
  '9:16': { line: 14.5, after: 5.6, lines: 4 },
  '1:1': { line: 10.6, after: 4.6, lines: 3 },
} as const;

/** A thought in large words and the line after it, where the plane has room for words. */
export function Thought({
  line,
  after,
  color,
}: {
  readonly line: string;
  readonly after: string;
  readonly color: string;
}) {
  const { format, words } = usePlane();
  const size = sizes[format];
  return (
    <Column {...words} gap={size.after * 0.7}>
      <Arrive at={8}>
        <Words width={words.width} size={size.line} color={color} lines={size.lines}>
          {line}
        </Words>
      </Arrive>
      <Arrive at={16}>
        <Words width={words.width} size={size.after} weight={600} color={color}>
          {after}
        </Words>
      </Arrive>
    </Column>
  );
}
