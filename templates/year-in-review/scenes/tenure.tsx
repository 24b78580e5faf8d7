import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { type FrameLayout, mixColors, ramp, useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { RollingNumber } from '../look/rolling-number.tsx';
import { Stage } from '../look/stage.tsx';
import { overlap, stripColors, type Rect } from '../look/strips.tsx';
import { Headline, Note, Rise } from '../look/type.tsx';
import type { tenure as scene } from '../scenes.ts';
import { wordsForTenure } from '../tenure-words.ts';
import type { Tenure } from '../tenure.ts';

/** One stair; stairs that are not reached are pale. */
interface Step {
  readonly reached: boolean;
}

const fewestSteps = 5;
const mostSteps = 40;

/** A stair for each year, with pale ones if there are few; in the first year a stair for each month. */
export function stepsOf({ unit, count }: Tenure): readonly Step[] {
  const total = unit === 'years' ? Math.min(mostSteps, Math.max(fewestSteps, count)) : 12;
  const reached =
    unit === 'years' ? Math.min(total, count) : unit === 'months' ? count : unit === 'days' ? 1 : 0;
  return Array.from({ length: total }, (_, index) => ({ reached: index < reached }));
}

/** Time as a staircase that grows to the right; the future is pale. */
function Stairs({ tenure, area }: { readonly tenure: Tenure; readonly area: Rect }) {
  const frame = useCurrentFrame();
  const steps = stepsOf(tenure);
  const width = area.width / steps.length;
  const last = steps.filter(({ reached }) => reached).length - 1;
  return steps.map(({ reached }, index) => {
    const share = index / (steps.length - 1);
    const grown = ramp(frame, 6 + share * 20, 22, 'out');
    const tall = area.height * (0.14 + 0.86 * share) * grown;
    const tone = Math.round(share * (stripColors.length - 1));
    return (
      <div
        key={index}
        style={{
          position: 'absolute',
          left: area.x + index * width,
          top: area.y + area.height - tall,
          width: width + overlap,
          height: tall + area.height * 0.2,
          background: !reached
            ? brand.colors.paperShade
            : index === last
              ? (stripColors[tone] ?? brand.colors.accent)
              : mixColors(brand.colors.companion, brand.colors.companionDeep, share),
        }}
      />
    );
  });
}

interface TenureLook {
  readonly stairs: Rect;
  readonly textWidth: number;
  readonly top: number;
  readonly number: number;
  readonly lead: number;
  readonly fact: number;
}

function lookOf({ format, width, height, safe, inner }: FrameLayout): TenureLook {
  switch (format) {
    case '16:9':
      return {
        stairs: { x: width / 2, y: height * 0.12, width: width / 2, height: height * 0.88 },
        textWidth: width / 2 - safe.left - 20,
        top: safe.top,
        number: 290,
        lead: 70,
        fact: 46,
      };
    case '9:16':
      return {
        stairs: { x: 0, y: 1120, width, height: height - 1120 },
        textWidth: inner.width,
        top: safe.top,
        number: 280,
        lead: 72,
        fact: 54,
      };
    case '1:1':
      return {
        stairs: { x: 0, y: 640, width, height: height - 640 },
        textWidth: inner.width,
        top: safe.top,
        number: 210,
        lead: 60,
        fact: 42,
      };
    default:
      return format satisfies never;
  }
}

/** One fact with its label over it. */
function Fact({
  at,
  label,
  value,
  width,
  size,
}: {
  readonly at: number;
  readonly label: string;
  readonly value: string;
  readonly width: number;
  readonly size: number;
}) {
  return (
    <div style={{ width }}>
      <Note at={at} width={width} size={size * 0.68} color={brand.colors.quietOnPaper} maxLines={1}>
        {label}
      </Note>
      <Note
        at={at + 3}
        width={width}
        size={size}
        color={brand.colors.ink}
        weight={700}
        maxLines={3}
        minShare={0.8}
        fromRecord
      >
        {value}
      </Note>
    </div>
  );
}

/** How long the person has been there, since when, and where. */
export function TenureAndPlace({ tenure, joined, city, locale }: z.infer<(typeof scene)['inputs']>) {
  const { format, safe, inner } = useFormat();
  const look = lookOf(useFormat());
  const words = wordsForTenure(tenure, joined, locale);
  const { textWidth } = look;
  const gap = 50;
  const since = (textWidth - gap) * 0.42;
  return (
    <Stage ground={brand.colors.paper} locale={locale}>
      <Stairs tenure={tenure} area={look.stairs} />
      <div
        style={{
          position: 'absolute',
          left: safe.left,
          top: look.top,
          width: textWidth,
          height: format === '16:9' ? inner.height : undefined,
        }}
      >
        <Headline
          at={8}
          width={textWidth}
          size={look.lead}
          color={brand.colors.quietOnPaper}
          italic
          weight={480}
        >
          {words.lead}
        </Headline>
        {words.number === undefined ? (
          <Headline at={12} width={textWidth} size={look.number} color={brand.colors.ink}>
            {words.words}
          </Headline>
        ) : (
          <Rise at={10}>
            <RollingNumber
              text={words.number}
              locale={locale}
              from={10}
              frames={26}
              width={textWidth}
              height={look.number * 1.1}
              size={look.number}
              color={brand.colors.ink}
              suffix={words.words}
            />
          </Rise>
        )}
        <div
          style={
            format === '16:9'
              ? {
                  position: 'absolute',
                  left: 0,
                  bottom: 0,
                  display: 'flex',
                  alignItems: 'flex-start',
                  gap,
                }
              : { display: 'flex', gap: 60, marginTop: look.fact * 1.1 }
          }
        >
          <Fact at={20} label={words.joinedLabel} value={words.joined} width={since} size={look.fact} />
          <Fact at={24} label="Home" value={city} width={textWidth - gap - since} size={look.fact} />
        </div>
      </div>
    </Stage>
  );
}
