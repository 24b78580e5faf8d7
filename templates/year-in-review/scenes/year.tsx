import type { CSSProperties } from 'react';
import { useCurrentFrame, useVideoConfig } from 'remotion';
import type { z } from 'zod';
import { fontStack, mixColors, ramp, useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { RollingNumber } from '../look/rolling-number.tsx';
import { Stage } from '../look/stage.tsx';
import { columnRect, mixRects, stripColors, stripLeave, stripReturn, Strips } from '../look/strips.tsx';
import { Headline, Note, Settle, Words } from '../look/type.tsx';
import { wordsForYear, type YearWords } from '../months.ts';
import type { year } from '../scenes.ts';
import { barMeasures, barRect, monthLabels, yearLook, type YearLook } from './year-chart.ts';

const highlightAt = 70;

/** From a line's lower edge up to its baseline, of the font size. */
const descent = 0.21;

const capitalize = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

interface ChartProps {
  readonly months: readonly number[];
  readonly locale: string;
  readonly look: YearLook;
  readonly words: YearWords;
}

/** The strips of the seam come down as the year's bars, and rise to the seam again. */
function Bars({ months, look, words }: ChartProps) {
  const frame = useCurrentFrame();
  const { width, height, durationInFrames } = useVideoConfig();
  const chosen = ramp(frame, highlightAt, 16, 'inOut');
  return (
    <Strips
      rectOf={(index) => {
        const away = stripLeave(index, frame) - stripReturn(index, frame, durationInFrames);
        return mixRects(columnRect(index, width, height), barRect(look.chart, months, index), away);
      }}
      colorOf={(index) => {
        const own = stripColors[index] ?? brand.strips.last;
        if (words.best === undefined || words.best.month === index) return own;
        const muted = chosen * (1 - stripReturn(index, frame, durationInFrames));
        return mixColors(own, brand.colors.inkRaised, muted);
      }}
    />
  );
}

function MonthAxis({ locale, look, words }: ChartProps) {
  const frame = useCurrentFrame();
  const { bar, pitch } = barMeasures(look.chart);
  const labels = monthLabels(locale, pitch / look.monthSize);
  const chosen = ramp(frame, highlightAt, 16, 'inOut');
  return labels.map((label, index) => {
    const isBest = words.best?.month === index;
    return (
      <div
        key={index}
        lang={locale}
        style={{
          position: 'absolute',
          left: look.chart.x + index * pitch + (bar - pitch) / 2,
          top: look.chart.y + look.chart.height + 16,
          width: pitch,
          textAlign: 'center',
          whiteSpace: 'nowrap',
          fontFamily: fontStack(brand.text, locale),
          fontWeight: isBest ? 800 : 600,
          fontSize: look.monthSize,
          lineHeight: 1.2,
          opacity: ramp(frame, 16 + index, 12),
          color: isBest
            ? mixColors(brand.colors.quietOnInk, brand.colors.paper, chosen)
            : brand.colors.quietOnInk,
        }}
      >
        {label}
      </div>
    );
  });
}

/** The best month's number, over its bar. */
function BestValue({ months, locale, look, words }: ChartProps) {
  if (words.best === undefined) return null;
  const { chart, highlight } = look;
  const bar = barRect(chart, months, words.best.month);
  const width = Math.max(bar.width, chart.width * 0.3);
  const left = Math.min(Math.max(bar.x + bar.width / 2 - width / 2, chart.x), chart.x + chart.width - width);
  const align = left <= chart.x ? 'left' : left >= chart.x + chart.width - width ? 'right' : 'center';
  return (
    <div style={{ position: 'absolute', left, top: bar.y - highlight.valueSize * 1.45 }}>
      <Note
        at={highlightAt + 6}
        width={width}
        size={highlight.valueSize}
        color={brand.colors.paper}
        weight={800}
        align={align}
        maxLines={1}
        lang={locale}
      >
        {words.best.value}
      </Note>
    </div>
  );
}

/** Total and best month on one line, or on two in a tall frame. */
function valuesStyle({ total, highlight, label, stacked }: YearLook): CSSProperties {
  return {
    position: 'absolute',
    left: total.x,
    top: total.y + label * 1.04,
    display: 'flex',
    ...(stacked
      ? { flexDirection: 'column', gap: highlight.y - total.y - total.size * 1.1 }
      : { alignItems: 'flex-end', height: total.size * 1.1, gap: highlight.x - total.x - total.width }),
  };
}

/** Twelve months as a chart, their sum, and the best of them. */
export function Year({ months, locale }: z.infer<(typeof year)['inputs']>) {
  const layout = useFormat();
  const look = yearLook(layout);
  const words = wordsForYear(months, locale);
  const chart = { months, locale, look, words };
  const { total, highlight } = look;
  return (
    <Stage ground={brand.colors.ink} locale={locale} strips={<Bars {...chart} />}>
      {[
        { at: 18, place: total, text: capitalize(words.caption) },
        { at: highlightAt, place: highlight, text: words.label },
      ].map(({ at, place, text }) => (
        <div key={at} style={{ position: 'absolute', left: place.x, top: place.y }}>
          <Headline
            at={at}
            width={place.width}
            size={look.label}
            color={brand.colors.companion}
            italic
            weight={480}
          >
            {text}
          </Headline>
        </div>
      ))}
      <div style={valuesStyle(look)}>
        <Settle at={10} by={60} style={{ height: total.size * 1.1, display: 'flex', alignItems: 'flex-end' }}>
          <RollingNumber
            text={words.total}
            locale={locale}
            from={12}
            frames={46}
            width={total.width}
            height={total.size * 1.1}
            size={total.size}
            color={brand.colors.paper}
          />
        </Settle>
        <div style={{ paddingBottom: look.stacked ? 0 : (total.size - highlight.size) * descent }}>
          <Words
            at={highlightAt + 4}
            width={highlight.width}
            height={highlight.size * 1.4}
            size={highlight.size}
            color={brand.colors.accent}
            maxLines={1}
          >
            {words.highlight}
          </Words>
        </div>
      </div>
      <MonthAxis {...chart} />
      <BestValue {...chart} />
    </Stage>
  );
}
