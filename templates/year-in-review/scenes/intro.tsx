import { useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { Wordmark } from '../look/mark.tsx';
import { Stage } from '../look/stage.tsx';
import { Skyline } from '../look/strips.tsx';
import { Headline, Settle } from '../look/type.tsx';

const roofs = [0.1, 0.17, 0.13, 0.22, 0.19, 0.29, 0.25, 0.33, 0.27, 0.36, 0.3, 0.4];

const looks = {
  '16:9': { size: 268, top: 150, lines: ['Your year', 'in review'], rise: 0.92 },
  '9:16': { size: 252, top: 330, lines: ['Your', 'year in', 'review'], rise: 0.94 },
  '1:1': { size: 212, top: 178, lines: ['Your year', 'in review'], rise: 0.96 },
} as const;

/** Opens every video: the year's name over twelve roofs. */
export function Intro() {
  const { format, safe, inner } = useFormat();
  const { size, top, lines, rise } = looks[format];
  return (
    <Stage ground={brand.colors.ink} strips={<Skyline heights={roofs.map((roof) => roof * rise)} />}>
      <Settle at={34} style={{ position: 'absolute', left: safe.left, top: safe.top }}>
        <Wordmark size={46} color={brand.colors.paper} />
      </Settle>
      <div style={{ position: 'absolute', left: safe.left, top }}>
        {lines.map((line, index) => (
          <Headline
            key={line}
            at={12 + index * 7}
            width={inner.width}
            size={size}
            color={index === 0 ? brand.colors.paper : brand.colors.companion}
            italic={index > 0}
          >
            {line}
          </Headline>
        ))}
      </div>
    </Stage>
  );
}
