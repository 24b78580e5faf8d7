import type { ReactNode } from 'react';
import { brand } from '../brand.ts';
import { usePlane } from './camera.ts';
import { useOpen } from './stage.tsx';
import { Deal, Words } from './type.tsx';

const { ink, power, warm, white, paper, shade } = brand.colors;

/** A panel's ground, the words on it, and those that are quieter. */
export const grounds = {
  power: { ground: power, words: ink, quiet: ink },
  warm: { ground: warm, words: ink, quiet: ink },
  ink: { ground: ink, words: white, quiet: paper },
  sky: { ground: shade, words: ink, quiet: ink },
} as const;

export type Ground = keyof typeof grounds;

/** A coloured panel that comes in from the frame's edge, with words one under the other. */
export function Panel({ ground, children }: { readonly ground: Ground; readonly children: ReactNode }) {
  const { format, unit, panel, words } = usePlane();
  const open = useOpen();
  const away = 1 - open;
  const wide = format === '16:9';
  const shift = wide
    ? `translateX(${(-away * (panel.width + 1) * unit).toFixed(2)}px)`
    : `translateY(${(-away * (panel.height + 1) * unit).toFixed(2)}px)`;
  const edge = `${0.55 * unit}px solid ${ink}`;
  return (
    <div
      style={{
        position: 'absolute',
        left: 0,
        top: 0,
        width: panel.width * unit,
        height: panel.height * unit,
        background: grounds[ground].ground,
        ...(wide ? { borderRight: edge } : { borderBottom: edge }),
        boxSizing: 'border-box',
        transform: shift,
      }}
    >
      <div
        style={{
          position: 'absolute',
          left: words.x * unit,
          top: words.y * unit,
          width: words.width * unit,
          height: words.height * unit,
          display: 'flex',
          flexDirection: 'column',
          justifyContent: wide ? 'center' : 'flex-end',
          gap: 3.2 * unit,
        }}
      >
        {children}
      </div>
    </div>
  );
}

const headlines = { '16:9': { line: 12, after: 4.4 }, '9:16': { line: 15, after: 5 } } as const;

/** A headline and the sentence below it. */
export function Statement({
  ground,
  line,
  after,
  at = 14,
}: {
  readonly ground: Ground;
  readonly line: string;
  readonly after: string;
  readonly at?: number;
}) {
  const { format, words } = usePlane();
  const size = headlines[format];
  return (
    <>
      <Deal at={at}>
        <Words width={words.width} size={size.line} lines={4} color={grounds[ground].words}>
          {line}
        </Words>
      </Deal>
      <Deal at={at + 10}>
        <Words width={words.width} size={size.after} weight={500} lines={4} color={grounds[ground].quiet}>
          {after}
        </Words>
      </Deal>
    </>
  );
}
