import type { ReactNode } from 'react';
import { FitText } from 'bespoke/kit';
import { brand, copyLanguage } from '../brand.ts';
import { placeOf, usePlane, useStay } from './stage.tsx';

/** Enters from below, and leaves before the window closes. */
export function Arrive({
  at,
  by = 4,
  children,
}: {
  readonly at: number;
  /** Units. */
  readonly by?: number;
  readonly children: ReactNode;
}) {
  const { unit } = usePlane();
  const shown = useStay(at);
  return (
    <div
      style={{
        opacity: Math.min(1, shown * 1.3),
        ...(shown < 1 && { transform: `translateY(${((1 - shown) * by * unit).toFixed(2)}px)` }),
      }}
    >
      {children}
    </div>
  );
}

/** The words of a scene, one below the other: in the middle beside the window, from the top below it. */
export function Column({ gap = 3, children }: { readonly gap?: number; readonly children: ReactNode }) {
  const { words, unit, isTall } = usePlane();
  return (
    <div
      style={{
        ...placeOf(words, unit),
        display: 'flex',
        flexDirection: 'column',
        justifyContent: isTall ? 'flex-start' : 'center',
        gap: gap * unit,
      }}
    >
      {children}
    </div>
  );
}

/** Scripts with joined or square letters: negative letter spacing would break or crowd them. */
const keepsItsSpacing =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u;

/** A text that fits its width; all measures in units. Text of the record keeps its own direction and language. */
export function Words({
  width,
  height,
  size,
  lines = 2,
  color = brand.ink,
  face = brand.face,
  weight = 500,
  align = 'left',
  fromRecord = false,
  least = fromRecord ? 0.34 : 0.7,
  children,
}: {
  /** Unset: that of the column. */
  readonly width?: number;
  readonly height?: number;
  readonly size: number;
  readonly lines?: number;
  readonly color?: string;
  readonly face?: string;
  readonly weight?: number;
  readonly align?: 'left' | 'center' | 'right';
  readonly fromRecord?: boolean;
  /** Share of the size to which a text shrinks before it takes another line. */
  readonly least?: number;
  readonly children: ReactNode;
}) {
  const { words, unit } = usePlane();
  const isLarge = size > 7;
  const isTight = isLarge && typeof children === 'string' && !keepsItsSpacing.test(children);
  return (
    <FitText
      width={(width ?? words.width) * unit}
      {...(height !== undefined && { height: height * unit })}
      size={size * unit}
      minSize={size * unit * least}
      maxLines={lines}
      weight={weight}
      face={face}
      color={color}
      align={align}
      lineHeight={isTight ? 1.06 : isLarge ? 1.12 : 1.25}
      letterSpacing={isTight ? -0.022 : 0}
      {...(!fromRecord && { dir: 'ltr' as const, lang: copyLanguage })}
    >
      {children}
    </FitText>
  );
}

/** What a scene says first of all. */
export function Headline({
  children,
  size,
  fromRecord = false,
  lines = 3,
}: {
  readonly children: ReactNode;
  /** Units; unset: that of the format. */
  readonly size?: number;
  readonly fromRecord?: boolean;
  readonly lines?: number;
}) {
  const { headline, isTall } = usePlane();
  return (
    <Words
      size={size ?? headline}
      lines={lines}
      face={brand.displayFace}
      weight={560}
      height={isTall ? 26 : 44}
      least={0.8}
      fromRecord={fromRecord}
    >
      {children}
    </Words>
  );
}

/** The line below. */
export function Line({
  children,
  fromRecord = false,
}: {
  readonly children: string;
  readonly fromRecord?: boolean;
}) {
  const { line } = usePlane();
  return (
    <Words size={line} color={brand.quiet} fromRecord={fromRecord} least={0.8}>
      {children}
    </Words>
  );
}

/** The store's name behind a drop of its colour. */
export function StoreMark({ store, accent }: { readonly store: string; readonly accent: string }) {
  const { unit, line, words } = usePlane();
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 1.6 * unit }}>
      <div
        style={{ width: 2.6 * unit, height: 2.6 * unit, borderRadius: '50% 50% 50% 0', background: accent }}
      />
      <Words size={line * 0.86} lines={1} width={words.width - 5} weight={650} fromRecord>
        {store}
      </Words>
    </div>
  );
}
