import type { z } from 'zod';
import { useFormat, type FrameLayout } from '../../../../video/kit/layout.tsx';
import { brand } from '../../brand.ts';
import { RollingNumber } from '../../look/rolling-number.tsx';
import { Stage } from '../../look/stage.tsx';
import type { Rect } from '../../look/strips.tsx';
import { Headline, Note, Rise } from '../../look/type.tsx';
import { wordsForTenure } from '../../tenure-words.ts';
import { Stairs } from './stairs.tsx';
import type { tenure as scene } from './scene.ts';

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
