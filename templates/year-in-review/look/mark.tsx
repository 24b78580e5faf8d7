import { fontStack } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { stripColors } from './strips.tsx';
import { copyLanguage } from './stage.tsx';

/** Heights of the mark's twelve bars, of the whole. */
const bars = [0.3, 0.42, 0.36, 0.55, 0.48, 0.68, 0.6, 0.8, 0.72, 0.9, 0.84, 1];

/** The brand's mark and name on one line. */
export function Wordmark({ size, color }: { readonly size: number; readonly color: string }) {
  const pitch = size / 11;
  return (
    <div style={{ display: 'flex', alignItems: 'flex-end', gap: size * 0.32 }}>
      <svg width={pitch * 12} height={size * 0.74} viewBox="0 0 120 74" preserveAspectRatio="none">
        {bars.map((bar, index) => (
          <rect
            key={index}
            x={index * 10}
            y={74 * (1 - bar)}
            width={6}
            height={74 * bar}
            fill={stripColors[index]}
          />
        ))}
      </svg>
      <div
        lang={copyLanguage}
        style={{
          fontFamily: fontStack(brand.text, copyLanguage),
          fontWeight: 800,
          fontSize: size,
          lineHeight: 0.74,
          letterSpacing: '-0.045em',
          color,
        }}
      >
        {brand.name}
      </div>
    </div>
  );
}
