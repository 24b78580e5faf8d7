import { useCurrentFrame } from 'remotion';
import { ramp } from '../../../../video/kit/motion.ts';
import { brand } from '../../brand.ts';
import { mixColors, overlap, stripColors, type Rect } from '../../look/strips.tsx';
import type { Tenure } from '../../tenure.ts';
import { stepsOf } from './steps.ts';

/** Time as a staircase that grows to the right; what is still to come stands pale. */
export function Stairs({ tenure, area }: { readonly tenure: Tenure; readonly area: Rect }) {
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
