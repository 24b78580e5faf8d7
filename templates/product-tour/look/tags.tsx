import { fontStack } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage, tagWords } from '../copy.ts';
import type { Plane } from './camera.ts';
import { features, type Feature } from './plan.ts';

type TagName = Feature | 'evening';

/** The state of the labels. Default: all shown, none ticked, none lifted. */
export interface TagState {
  readonly shown?: number;
  /** How far each is ticked, 0 to 1. */
  readonly ticked?: Readonly<Partial<Record<TagName, number>>>;
  /** How far each is lifted to be noticed, 0 to 1. */
  readonly lifted?: Readonly<Partial<Record<TagName, number>>>;
}

const names: readonly TagName[] = [...features, 'evening'];
const sizes = { '16:9': 4, '9:16': 4.2 } as const;

function Tick({ size, share }: { readonly size: number; readonly share: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" style={{ display: 'block' }}>
      <path
        d="M1.5 5.5l2.6 2.7 4.6-6"
        fill="none"
        stroke={brand.colors.white}
        strokeWidth={1.9}
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeDasharray="13"
        strokeDashoffset={(13 * (1 - share)).toFixed(3)}
      />
    </svg>
  );
}

/** The labels of the things that can be clicked. */
export function Tags({ plane, state }: { readonly plane: Plane; readonly state: TagState }) {
  const { plan, unit, format } = plane;
  const { shown = 1, ticked = {}, lifted = {} } = state;
  if (shown <= 0) return null;
  const { ink, power, white } = brand.colors;
  const size = sizes[format] * unit;
  return names.map((name) => {
    const { x, y } = plan.tags[name];
    const tick = ticked[name] ?? 0;
    const done = tick > 0.5;
    const lift = lifted[name] ?? 0;
    const flip = Math.abs(1 - 2 * tick);
    const evening = name === 'evening';
    return (
      <div
        key={name}
        style={{
          position: 'absolute',
          left: x * unit,
          top: y * unit,
          transform: `translate(-50%, -50%) translateY(${(-lift * 1.1 * unit).toFixed(2)}px) scale(${(shown * (1 + 0.08 * lift)).toFixed(4)}, ${(shown * flip * (1 + 0.08 * lift)).toFixed(4)})`,
          display: 'flex',
          alignItems: 'center',
          gap: size * 0.3,
          padding: `${size * 0.28}px ${size * 0.72}px ${size * 0.34}px`,
          borderRadius: size,
          border: `${0.55 * unit}px solid ${ink}`,
          background: done || evening ? ink : power,
          color: done || evening ? white : ink,
          fontFamily: fontStack(brand.face, copyLanguage),
          fontWeight: 700,
          fontSize: size,
          lineHeight: 1.1,
          whiteSpace: 'nowrap',
        }}
        lang={copyLanguage}
      >
        {done ? <Tick size={size * 0.8} share={tick * 2 - 1} /> : null}
        {tagWords[name]}
      </div>
    );
  });
}
