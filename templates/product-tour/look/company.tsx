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
      {hair === 'long' ? <path d="M-2.400.2v2.600h4.800v-2.600z" fill={ink} /> : null}
      {hair === 'bun' ? <circle cy={-2.7} r={1.2} fill={ink} /> : null}
      <circle r={2.2} fill={white} />
      <path d="M-2.200 0a2.200 2.200 0 0 1 4.400 0q-2.200-1.800-4.400 0z" fill={ink} />
      <path d="M-.8.700v.3M.8.700v.3" strokeLinecap="round" />
      <path d="M-.7 1.400q.7.500 1.400 0" fill="none" strokeWidth={0.35} />
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
      <path
        d="M23.500 14.300h3.600q0 2-1.800 2t-1.800-2zM30 14.300h3.600q0 2-1.800 2t-1.800-2z"
        fill={power}
        stroke={ink}
      />
    </g>
  );
}

/** Somebody asleep in the bed, in the bedroom's units. */
export function Sleepers({ shown }: { readonly shown: number }) {
  const frame = useCurrentFrame();
  return (
    <g opacity={Math.min(1, shown * 2)} stroke={ink}>
      <circle cx={6.6} cy={16} r={2.3} fill={white} />
      <path d="M4.300 16a2.300 2.300 0 0 1 4.600 0q-2.300-1.900-4.600 0z" fill={ink} />
      <path
        d="M5.400 16.700q.4.400.8 0M7.200 16.700q.4.400.8 0"
        fill="none"
        strokeWidth={0.35}
        strokeLinecap="round"
      />
      <path d="M8 22.500v-4q0-1.200 1.200-1.200h8.600q2.200 0 2.200 2.200v3z" fill={warm} />
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
