import { useCurrentFrame } from 'remotion';
import { FitText, ramp } from 'bespoke/kit';
import { formatNumber } from 'bespoke/template';
import { copyLanguage } from './stage.tsx';

const lineHeight = 1.1;

/** A digit between two: the wheel's position, 10 being 0 again. */
function Wheel({ position, digits }: { readonly position: number; readonly digits: readonly string[] }) {
  const whole = Math.floor(position);
  const part = position - whole;
  const face = (step: number) => digits[(((whole + step) % 10) + 10) % 10];
  const at = (share: number) => ({
    position: 'absolute' as const,
    inset: 0,
    textAlign: 'center' as const,
    transform: `translateY(${(share * 100).toFixed(2)}%)`,
  });
  return (
    <>
      <span style={at(-part)}>{face(0)}</span>
      <span style={at(1 - part)}>{face(1)}</span>
    </>
  );
}

/**
 * A formatted number whose digits turn like wheels and stop from left to right. It has the size of its
 * final value from the first frame on, and ends as that value in plain text.
 */
export function RollingNumber({
  text,
  locale,
  from,
  frames,
  width,
  height,
  size,
  color,
  suffix,
}: {
  /** As `formatNumber` of the same locale wrote it. */
  readonly text: string;
  readonly locale: string;
  readonly from: number;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly color: string;
  /** Text after the number, which shrinks with it. */
  readonly suffix?: string;
}) {
  const frame = useCurrentFrame();
  const digits = Array.from({ length: 10 }, (_, digit) => formatNumber(digit, locale));
  const signs = [...text];
  const wheels = signs.filter((sign) => digits.includes(sign)).length;
  let wheel = 0;
  return (
    <FitText
      width={width}
      height={height}
      size={size}
      minSize={size * 0.3}
      maxLines={1}
      weight={560}
      lineHeight={lineHeight}
      letterSpacing={-0.02}
      color={color}
      align="left"
      dir="ltr"
      lang={locale}
      style={{ fontVariantNumeric: 'lining-nums tabular-nums' }}
    >
      {signs.map((sign, index) => {
        const digit = digits.indexOf(sign);
        if (digit < 0) return <span key={index}>{sign}</span>;
        const turns = 1 + wheel;
        const stop = frames * (0.55 + (0.45 * (wheel + 1)) / wheels);
        wheel += 1;
        const left = 1 - ramp(frame, from, stop, 'out');
        const travel = left * (turns * 10 + digit);
        if (travel < 0.004) return <span key={index}>{sign}</span>;
        return (
          <span
            key={index}
            style={{
              display: 'inline-block',
              position: 'relative',
              overflow: 'clip',
              height: `${lineHeight}em`,
              verticalAlign: 'top',
            }}
          >
            <span style={{ visibility: 'hidden' }}>{sign}</span>
            <Wheel position={digit - travel} digits={digits} />
          </span>
        );
      })}
      {suffix === undefined ? null : <span lang={copyLanguage}>{`\u00a0${suffix}`}</span>}
    </FitText>
  );
}
