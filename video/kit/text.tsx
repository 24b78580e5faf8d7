import {
  createContext,
  useContext,
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
} from 'react';
import { localeDirection, type Direction } from '../story/locale-direction.ts';
import { fitText, type Fit } from './fit-measure.ts';
import { fontStack } from './fonts/coverage.ts';
import { useFontVersion } from './fonts/font-gate.tsx';
import { directionOf, leastLineHeight, textLanguage } from './script.ts';

/** The settings of a template's design that the kit uses. */
export interface Theme {
  /** BCP 47; numbers, dates and undetermined text follow it. */
  readonly locale: string;
  /** Font family of running text, loaded by the template or the kit. */
  readonly face: string;
  /** Font family of large text. */
  readonly displayFace: string;
}

const ThemeContext = createContext<Theme>({
  locale: 'en',
  face: 'Inter Variable',
  displayFace: 'Inter Variable',
});

/** Provides a template's theme to the kit's components inside; missing members keep the outer value. */
export function ThemeProvider({
  theme,
  children,
}: {
  readonly theme: Partial<Theme>;
  readonly children: ReactNode;
}) {
  const outer = useContext(ThemeContext);
  return <ThemeContext.Provider value={{ ...outer, ...theme }}>{children}</ThemeContext.Provider>;
}

const useTheme = (): Theme => useContext(ThemeContext);

/**
 * Text from a person's record, inside a sentence or alone: isolated from the direction of the surrounding text,
 * in its own direction, with the language of its script.
 */
export function PersonText({
  children,
  face,
  style,
}: {
  readonly children: string;
  /** Defaults to the theme's display face. */
  readonly face?: string;
  readonly style?: CSSProperties;
}) {
  const theme = useTheme();
  const lang = textLanguage(children, theme.locale);
  return (
    <bdi
      lang={lang}
      dir={directionOf(children)}
      style={{ fontFamily: fontStack(face ?? theme.displayFace, lang), ...style }}
    >
      {children}
    </bdi>
  );
}

interface FitTextProps {
  /** A text, or text with `PersonText` and styled spans in it. */
  readonly children: ReactNode;
  /** Available space in pixels; without a height only `maxLines` limits the lines. */
  readonly width: number;
  readonly height?: number;
  /** Wanted and smallest comfortable font size in pixels; the latter defaults to 60 % of the former. */
  readonly size: number;
  readonly minSize?: number;
  readonly maxLines?: number;
  /** Scripts with tall letters get more, so that their lines do not touch. */
  readonly lineHeight?: number;
  readonly weight?: number;
  readonly face?: string;
  readonly color?: string;
  /** In em. */
  readonly letterSpacing?: number;
  readonly align?: 'start' | 'center' | 'end' | 'left' | 'right';
  /** Defaults to the direction of the text's first letter, or of the locale for mixed children. */
  readonly dir?: Direction;
  readonly lang?: string;
  /** Anything but what decides the text's size. */
  readonly style?: CSSProperties;
}

const wrapStyles: Readonly<Record<Fit['wrap'], CSSProperties>> = {
  line: { whiteSpace: 'nowrap', overflowWrap: 'normal' },
  words: { whiteSpace: 'normal', overflowWrap: 'normal' },
  anywhere: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
};

const measured = new Map<string, Fit>();

/** A fit, and the line height that the text's script needs. */
interface TextFit extends Fit {
  readonly lineHeight: number;
}

function measureWith(box: HTMLElement, text: HTMLElement, fit: TextFit): { width: number; height: number } {
  const wrap = wrapStyles[fit.wrap];
  text.style.lineHeight = String(fit.lineHeight);
  text.style.fontSize = `${fit.fontSize}px`;
  text.style.whiteSpace = String(wrap.whiteSpace);
  text.style.overflowWrap = String(wrap.overflowWrap);
  return { width: Math.max(text.scrollWidth, box.scrollWidth, text.offsetWidth), height: text.offsetHeight };
}

/**
 * Text that never leaves its box: it shrinks to a minimum, then wraps in balanced lines, and is never cut. The same
 * text in the same box looks the same in every frame.
 */
export function FitText({
  children,
  width,
  height = Number.POSITIVE_INFINITY,
  size,
  minSize = size * 0.6,
  maxLines = 2,
  lineHeight = 1.15,
  weight = 600,
  face,
  color,
  letterSpacing = 0,
  align = 'start',
  dir,
  lang,
  style,
}: FitTextProps) {
  const theme = useTheme();
  const version = useFontVersion();
  const box = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const fitted = useRef<string>(undefined);
  const [fit, setFit] = useState<TextFit>({ fontSize: size, wrap: 'line', lineHeight });

  const plain = typeof children === 'string' ? children : undefined;
  const language = lang ?? (plain === undefined ? theme.locale : textLanguage(plain, theme.locale));
  const localeDir = localeDirection(theme.locale);
  const direction = dir ?? (plain === undefined ? localeDir : directionOf(plain, localeDir));
  const family = fontStack(face ?? theme.displayFace, language);

  useLayoutEffect(() => {
    const outer = box.current;
    const inner = text.current;
    if (outer === null || inner === null || !outer.isConnected) return;
    const tallest = Math.max(lineHeight, leastLineHeight(inner.textContent));
    const limits = { width, height, size, minSize, maxLines, lineHeight: tallest };
    const key = JSON.stringify([inner.textContent, limits, family, weight, letterSpacing, version]);
    if (fitted.current === key) return;
    fitted.current = key;
    const found =
      measured.get(key) ??
      fitText((each) => measureWith(outer, inner, { ...each, lineHeight: tallest }), limits);
    measured.set(key, found);
    const next = { ...found, lineHeight: tallest };
    measureWith(outer, inner, next);
    if (JSON.stringify(next) !== JSON.stringify(fit)) setFit(next);
  });

  return (
    <div ref={box} style={{ width, textAlign: align, ...style }} dir={direction} lang={language}>
      <div
        ref={text}
        style={{
          display: 'inline-block',
          maxWidth: '100%',
          textAlign: align,
          verticalAlign: 'top',
          textWrap: 'balance',
          // Korean breaks between words, Chinese and Japanese anywhere.
          wordBreak: language.startsWith('ko') ? 'keep-all' : 'normal',
          fontFamily: family,
          fontWeight: weight,
          letterSpacing: `${letterSpacing}em`,
          fontSize: fit.fontSize,
          lineHeight: fit.lineHeight,
          color,
          ...wrapStyles[fit.wrap],
        }}
      >
        {children}
      </div>
    </div>
  );
}
