import { useCurrentFrame } from 'remotion';
import { brand } from '../brand.ts';
import { beatInFrames } from '../rhythm.ts';

const { ink, power, warm, white } = brand.colors;

/** A head by its middle, seen from the front, nodding by `nod` units. */
function Head({
  x,
  y,
  hair,
  nod = 0,
}: {
  readonly x: number;
  readonly y: number;
  readonly hair: 'short' | 'long' | 'bun';
  readonly nod?: number;
}) {
  return (
    <g transform={`translate(${x} ${(y + nod).toFixed(3)})`} stroke={ink}>
      {hair === 'long' ? <path d="M-2.4.2v2.6h4.8v-2.6z" fill={ink} /> : null}
      {hair === 'bun' ? <circle cy={-2.7} r={1.2} fill={ink} /> : null}
      <circle r={2.2} fill={white} />
      <path d="M-2.2 0a2.2 2.2 0 0 1 4.4 0q-2.2-1.8-4.4 0z" fill={ink} />
      <path d="M-.8.7v.3M.8.7v.3" strokeLinecap="round" />
      <path d="M-.7 1.4q.7.5 1.4 0" fill="none" strokeWidth={0.35} />
    </g>
  );
}

/** Two at the kitchen table, in the kitchen's units. */
export function Diners({ shown }: { readonly shown: number }) {
  const nod = Math.sin((useCurrentFrame() / beatInFrames) * Math.PI) * 0.25;
  return (
    <g transform={`translate(0 ${((1 - shown) * 12).toFixed(3)})`} opacity={Math.min(1, shown * 3)}>
      {[
        { x: 25.3, coat: warm, hair: 'bun' },
        { x: 31.8, coat: white, hair: 'short' },
      ].map(({ x, coat, hair }, index) => (
        <g key={x}>
          <path d={`M${x - 2.6} 16.200v-1.800q0-2 2.600-2t2.600 2v1.800z`} fill={coat} stroke={ink} />
          <Head x={x} y={10.2} hair={hair as 'bun' | 'short'} nod={index === 0 ? nod : -nod} />
        </g>
      ))}
      <path d="M23.5 14.3h3.6q0 2-1.8 2t-1.8-2zM30 14.3h3.6q0 2-1.8 2t-1.8-2z" fill={power} stroke={ink} />
    </g>
  );
}

/** Somebody asleep in the bed, in the bedroom's units. */
export function Sleepers({ shown }: { readonly shown: number }) {
  const frame = useCurrentFrame();
  return (
    <g opacity={Math.min(1, shown * 2)} stroke={ink}>
      <circle cx={6.6} cy={16} r={2.3} fill={white} />
      <path d="M4.3 16a2.3 2.3 0 0 1 4.6 0q-2.3-1.9-4.6 0z" fill={ink} />
      <path d="M5.4 16.7q.4.4.8 0M7.2 16.7q.4.4.8 0" fill="none" strokeWidth={0.35} strokeLinecap="round" />
      <path d="M8 22.5v-4q0-1.2 1.2-1.2h8.6q2.2 0 2.2 2.2v3z" fill={warm} />
      {[0, 1].map((index) => {
        const rise = (frame / (beatInFrames * 4) + index / 2) % 1;
        const size = 0.7 + rise * 0.9;
        return (
          <path
            key={index}
            transform={`translate(${(16 + rise * 4).toFixed(3)} ${(15 - rise * 9).toFixed(3)}) scale(${size.toFixed(3)})`}
            d="M-1-1h2l-2 2h2"
            fill="none"
            strokeWidth={(0.55 * Math.min(1, 3 * Math.sin(Math.PI * rise))).toFixed(3)}
          />
        );
      })}
    </g>
  );
}
