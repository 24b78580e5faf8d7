import type { CSSProperties, ReactNode } from 'react';
import { useCurrentFrame } from 'remotion';
import { FitText, ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage } from './stage.tsx';

/** Scripts with joined or square letters: negative letter spacing would break or crowd them. */
const keepsItsSpacing =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]/u;

interface LineProps {
  readonly at: number;
  readonly width: number;
  readonly size: number;
  readonly color: string;
  readonly align?: 'left' | 'right' | 'center';
}

/** Rises out of a mask; the mask is removed at the end, so that no stroke is cut. */
export function Rise({
  at,
  frames = 22,
  children,
  style,
}: {
  readonly at: number;
  readonly frames?: number;
  readonly children: ReactNode;
  readonly style?: CSSProperties;
}) {
  const shown = ramp(useCurrentFrame(), at, frames, 'out');
  const moving = shown < 1;
  return (
    <div style={{ ...style, ...(moving ? { clipPath: 'inset(-12% -20% -6% -20%)' } : {}) }}>
      <div style={moving ? { transform: `translateY(${((1 - shown) * 112).toFixed(2)}%)` } : undefined}>
        {children}
      </div>
    </div>
  );
}

/** Fades in while it moves up by a little. */
export function Settle({
  at,
  frames = 16,
  by = 28,
  children,
  style,
}: {
  readonly at: number;
  readonly frames?: number;
  /** Pixels. */
  readonly by?: number;
  readonly children: ReactNode;
  readonly style?: CSSProperties;
}) {
  const shown = ramp(useCurrentFrame(), at, frames, 'out');
  return (
    <div style={{ ...style, opacity: shown, transform: `translateY(${((1 - shown) * by).toFixed(2)}px)` }}>
      {children}
    </div>
  );
}

/** The template's own words, large. */
export function Headline({
  at,
  width,
  size,
  color,
  align = 'left',
  italic = false,
  weight = 560,
  maxLines = 1,
  children,
}: LineProps & {
  readonly italic?: boolean;
  readonly weight?: number;
  readonly maxLines?: number;
  readonly children: string;
}) {
  return (
    <Rise at={at}>
      <FitText
        width={width}
        size={size}
        minSize={size * (maxLines > 1 ? 0.95 : 0.5)}
        maxLines={maxLines}
        weight={weight}
        lineHeight={1.04}
        letterSpacing={-0.022}
        color={color}
        align={align}
        dir="ltr"
        lang={copyLanguage}
        style={{ fontStyle: italic ? 'italic' : 'normal' }}
      >
        {children}
      </FitText>
    </Rise>
  );
}

/** Text of the record, large: it shrinks, then wraps, and keeps its own direction. */
export function Words({
  at,
  width,
  height,
  size,
  color,
  align = 'left',
  maxLines = 3,
  children,
}: LineProps & { readonly height: number; readonly maxLines?: number; readonly children: string }) {
  const tight = !keepsItsSpacing.test(children);
  return (
    <Rise at={at}>
      <FitText
        width={width}
        height={height}
        size={size}
        minSize={size * 0.44}
        maxLines={maxLines}
        weight={560}
        lineHeight={tight ? 1.08 : 1.3}
        letterSpacing={tight ? -0.022 : 0}
        color={color}
        align={align}
      >
        {children}
      </FitText>
    </Rise>
  );
}

/** Small text in the text face: labels and sentences. */
export function Note({
  at,
  width,
  size,
  color,
  align = 'left',
  weight = 600,
  maxLines = 2,
  minShare = 0.6,
  fromRecord = false,
  lang,
  children,
}: LineProps & {
  readonly weight?: number;
  readonly maxLines?: number;
  /** Smallest comfortable size, of `size`. */
  readonly minShare?: number;
  /** Whether the text follows the record's language and not the copy's. */
  readonly fromRecord?: boolean;
  /** Defaults to the copy's language, or to the text's own for words of the record. */
  readonly lang?: string;
  readonly children: string;
}) {
  return (
    <Settle at={at}>
      <FitText
        width={width}
        size={size}
        minSize={size * minShare}
        maxLines={maxLines}
        weight={weight}
        lineHeight={1.3}
        face={brand.text}
        color={color}
        align={align}
        {...(fromRecord ? {} : { dir: 'ltr', lang: lang ?? copyLanguage })}
      >
        {children}
      </FitText>
    </Settle>
  );
}
