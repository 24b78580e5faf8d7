import { fontStack } from '../../../video/kit/fonts/coverage.ts';
import { brand } from '../brand.ts';
import { copyLanguage } from '../copy.ts';
import type { Plane } from './camera.ts';

const places = {
  '16:9': { right: 10.7, below: 8, size: 5 },
  '9:16': { right: 8, below: 9, size: 6.4 },
} as const;

/** The name on the street, below the house. */
export function Wordmark({ plane, shown }: { readonly plane: Plane; readonly shown: number }) {
  const { format, unit, plan, width } = plane;
  const { right, below, size } = places[format];
  return (
    <div
      lang={copyLanguage}
      style={{
        position: 'absolute',
        left: (width - right) * unit,
        top: (plan.ground + below) * unit,
        transform: 'translate(-100%, -54%)',
        opacity: shown,
        fontFamily: fontStack(brand.face, copyLanguage),
        fontWeight: 800,
        fontSize: size * unit,
        lineHeight: 1,
        letterSpacing: '-0.04em',
        color: brand.colors.power,
      }}
    >
      {brand.name}
    </div>
  );
}
