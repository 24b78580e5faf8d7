import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp } from '../../../../video/kit/motion/motion.ts';
import { brand } from '../../brand.ts';
import { compareWords, planNames } from '../../copy.ts';
import { usePlane } from '../../look/camera.ts';
import { Stage, useOpen, useStay } from '../../look/stage.tsx';
import { Deal, Words } from '../../look/type.tsx';
import { beats } from '../../rhythm.ts';
import type { compare } from './scene.ts';

const { ink, power, warm, white, paper } = brand.colors;

const looks = {
  '16:9': {
    words: { x: 10.7, y: 12, width: 52, height: 76 },
    line: 11.5,
    bars: { x: 74, y: 14, width: 92, height: 70 },
  },
  '9:16': {
    words: { x: 8, y: 20, width: 84, height: 34 },
    line: 11.5,
    bars: { x: 8, y: 58, width: 84, height: 84 },
  },
} as const;

const colorsOf = { today: white, one: warm, all: power } as const;

/** What a month costs, as three columns over the whole frame. */
export function Compare({ prices, own, home, currency, locale }: z.infer<(typeof compare)['inputs']>) {
  const frame = useCurrentFrame();
  const { format, unit } = usePlane();
  const { words, line, bars } = looks[format];
  const text = compareWords(own, home, prices, currency, locale);
  const open = useOpen();
  const stay = useStay(24, 1);
  const most = Math.max(prices.today, prices.one, prices.all);
  const gap = 3;
  const width = (bars.width - 2 * gap) / 3;
  const room = bars.height - 24;
  return (
    <Stage locale={locale}>
      <div
        style={{
          position: 'absolute',
          inset: 0,
          background: ink,
          transform:
            format === '16:9'
              ? `translateX(${(-101 * (1 - open)).toFixed(3)}%)`
              : `translateY(${(-101 * (1 - open)).toFixed(3)}%)`,
        }}
      />
      <div
        style={{
          position: 'absolute',
          left: words.x * unit,
          top: words.y * unit,
          width: words.width * unit,
          height: words.height * unit,
          display: 'flex',
          flexDirection: 'column',
          justifyContent: format === '16:9' ? 'center' : 'flex-start',
          gap: 3.2 * unit,
        }}
      >
        <Deal at={14}>
          <Words width={words.width} size={line} lines={4} color={white}>
            {text.line}
          </Words>
        </Deal>
        <Deal at={beats(7)}>
          <Words width={words.width} size={5} weight={600} lines={2} color={power}>
            {text.saved}
          </Words>
        </Deal>
      </div>
      {(['today', 'one', 'all'] as const).map((name, index) => {
        const at = beats(1.5 + index);
        const grown = ramp(frame, at, 22) * stay;
        const tall = Math.max(3, (room * prices[name]) / most) * grown;
        const left = bars.x + index * (width + gap);
        return (
          <div key={name}>
            <div
              style={{
                position: 'absolute',
                left: left * unit,
                top: (bars.y + bars.height - 8 - tall) * unit,
                width: width * unit,
                height: tall * unit,
                background: colorsOf[name],
                borderRadius: `${1.4 * unit}px ${1.4 * unit}px 0 0`,
              }}
            />
            <div
              style={{
                position: 'absolute',
                left: left * unit,
                top: (bars.y + bars.height - 8 - tall - 11) * unit,
                height: 10 * unit,
                display: 'flex',
                alignItems: 'flex-end',
                opacity: stay * Math.min(1, grown * 2),
              }}
            >
              <Words
                width={width}
                height={10}
                size={8.4}
                shrink={0.4}
                lines={1}
                color={white}
                align="center"
                lang={locale}
              >
                {text[name]}
              </Words>
            </div>
            <div
              style={{ position: 'absolute', left: left * unit, top: (bars.y + bars.height - 6.5) * unit }}
            >
              <Deal at={at}>
                <Words width={width} size={4} weight={600} lines={1} color={paper} align="center">
                  {planNames[name]}
                </Words>
              </Deal>
            </div>
          </div>
        );
      })}
    </Stage>
  );
}
