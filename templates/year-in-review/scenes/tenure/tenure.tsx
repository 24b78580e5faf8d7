import type { z } from 'zod';
import { useFormat, type FrameLayout } from '../../../../video/kit/layout/use-format.ts';
import { brand } from '../../brand.ts';
import { RollingNumber } from '../../look/rolling-number.tsx';
import { Stage } from '../../look/stage.tsx';
import type { Rect } from '../../look/strips.tsx';
import { Headline, Note, Settle, Words } from '../../look/type.tsx';
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
        textWidth: width / 2 - safe.left + 40,
        top: safe.top + 40,
        number: 300,
        lead: 70,
        fact: 46,
      };
    case '9:16':
      return {
        stairs: { x: 0, y: 1120, width, height: height - 1120 },
        textWidth: inner.width,
        top: safe.top,
        number: 320,
        lead: 72,
        fact: 50,
      };
    case '1:1':
      return {
        stairs: { x: 0, y: 640, width, height: height - 640 },
        textWidth: inner.width,
        top: safe.top,
        number: 210,
        lead: 58,
        fact: 40,
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
      <Note at={at} width={width} size={size * 0.62} color={brand.colors.quietOnPaper} maxLines={1}>
        {label}
      </Note>
      <Note at={at + 3} width={width} size={size} color={brand.colors.ink} weight={700} fromRecord>
        {value}
      </Note>
    </div>
  );
}

/** How long the person has been there, since when, and where. */
export function TenureAndPlace({ tenure, joined, city, locale }: z.infer<(typeof scene)['inputs']>) {
  const layout = useFormat();
  const look = lookOf(layout);
  const words = wordsForTenure(tenure, joined, locale);
  const { textWidth } = look;
  const digits = words.number?.length ?? 0;
  const numberWidth = Math.min(textWidth * 0.5, look.number * 0.58 * Math.max(1, digits));
  const wordsWidth = words.number === undefined ? textWidth : textWidth - numberWidth - 24;
  const factWidth = (textWidth - 60) / 2;
  return (
    <Stage ground={brand.colors.paper} locale={locale}>
      <Stairs tenure={tenure} area={look.stairs} />
      <div style={{ position: 'absolute', left: layout.safe.left, top: look.top, width: textWidth }}>
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
        <div style={{ display: 'flex', alignItems: 'baseline', gap: 24, height: look.number * 1.16 }}>
          {words.number === undefined ? null : (
            <Settle at={10} by={60}>
              <RollingNumber
                text={words.number}
                locale={locale}
                from={10}
                frames={26}
                width={numberWidth}
                height={look.number * 1.1}
                size={look.number}
                color={brand.colors.ink}
              />
            </Settle>
          )}
          <Words
            at={14}
            width={wordsWidth}
            height={look.number * 1.1}
            size={words.number === undefined ? look.number * 0.8 : look.number * 0.56}
            color={brand.colors.ink}
            maxLines={1}
          >
            {words.words}
          </Words>
        </div>
        <div style={{ display: 'flex', gap: 60, marginTop: look.fact * 0.8 }}>
          <Fact at={20} label={words.joinedLabel} value={words.joined} width={factWidth} size={look.fact} />
          <Fact at={24} label="Home" value={city} width={factWidth} size={look.fact} />
        </div>
      </div>
    </Stage>
  );
}
