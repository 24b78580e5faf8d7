import type { z } from 'zod';
import { useCurrentFrame, useVideoConfig } from 'remotion';
import { fontStack } from '../../../../video/kit/fonts/font-stack.ts';
import { useFormat } from '../../../../video/kit/layout/use-format.ts';
import { ramp } from '../../../../video/kit/motion/motion.ts';
import { brand } from '../../brand.ts';
import { RollingNumber } from '../../look/rolling-number.tsx';
import { Stage } from '../../look/stage.tsx';
import {
  columnRect,
  mixColors,
  mixRects,
  stripColors,
  stripLeave,
  stripReturn,
  Strips,
} from '../../look/strips.tsx';
import { Headline, Note, Settle, Words } from '../../look/type.tsx';
import { wordsForYear, type YearWords } from '../../year-words.ts';
import { barRect, slotX, yearLook, type YearLook } from './chart-layout.ts';
import { monthLabels } from './month-labels.ts';
import type { year } from './scene.ts';

const highlightAt = 70;

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
  const slot = look.chart.width / 12;
  const labels = monthLabels(locale, slot / look.monthSize);
  const chosen = ramp(frame, highlightAt, 16, 'inOut');
  return labels.map((label, index) => {
    const isBest = words.best?.month === index;
    return (
      <div
        key={index}
        lang={locale}
        style={{
          position: 'absolute',
          left: slotX(look.chart, index),
          top: look.chart.y + look.chart.height + 16,
          width: slot,
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

/** Twelve months as a chart, their sum, and the best of them. */
export function Year({ months, locale }: z.infer<(typeof year)['inputs']>) {
  const layout = useFormat();
  const look = yearLook(layout);
  const words = wordsForYear(months, locale);
  const chart = { months, locale, look, words };
  const { total, highlight } = look;
  return (
    <Stage ground={brand.colors.ink} locale={locale} strips={<Bars {...chart} />}>
      <div style={{ position: 'absolute', left: total.x, top: total.y }}>
        <Settle at={12} by={60}>
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
        <Note at={24} width={total.width} size={look.caption} color={brand.colors.quietOnInk}>
          {words.caption}
        </Note>
      </div>
      <div style={{ position: 'absolute', left: highlight.x, top: highlight.y }}>
        <Headline
          at={highlightAt}
          width={highlight.width}
          size={look.caption * 1.3}
          color={brand.colors.companion}
          italic
          weight={480}
        >
          {words.label}
        </Headline>
        <Words
          at={highlightAt + 4}
          width={highlight.width}
          height={highlight.size * 2.2}
          size={highlight.size}
          color={brand.colors.accent}
          maxLines={2}
        >
          {words.highlight}
        </Words>
      </div>
      <MonthAxis {...chart} />
    </Stage>
  );
}
