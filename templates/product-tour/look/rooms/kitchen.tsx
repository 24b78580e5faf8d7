import type { Tone } from '../tone.ts';

/** The room with the stove and the table. `steam` from 0 to 1 is a turn of the steam over the pot. */
export function Kitchen({ tone, steam = 0 }: { readonly tone: Tone; readonly steam?: number }) {
  const wave = Math.sin(2 * Math.PI * steam) * 0.7;
  return (
    <>
      <rect x={2} y={14.5} width={16.5} height={10.5} fill={tone.white} />
      <path d="M6 15.5v9.5M10 15.5v9.5M4.6 18v2M7.4 18v2" />
      <rect x={10.8} y={17.5} width={6.8} height={5.5} rx={0.8} fill={tone.power} />
      <path d="M10.8 16.5h6.8" strokeWidth={0.4} />
      <rect x={1.5} y={13.5} width={17.5} height={1.5} fill={tone.shade} />
      <path d="M11.5 13.5v-3.5h5.5v3.5z" fill={tone.warm} />
      <path d="M10.8 10h6.9M14.2 10v-.9" />
      <path
        d={`M12.800 8q${(-0.8 + wave).toFixed(3)}-1 0-2t0-2M15.600 8q${(0.8 - wave).toFixed(3)}-1 0-2t0-2`}
        fill="none"
        strokeWidth={0.4}
      />
      <path d="M2 7h6.5M3 7v-1.8h1.5v1.8M5.5 7v-2.6h2v2.6" fill="none" />
      <path d="M28.5 0v4.5" />
      <path d="M25.5 8q0-3.5 3-3.5t3 3.5z" fill={tone.power} />
      <path d="M23.5 17.5v7.5M33.5 17.5v7.5" />
      <rect x={21.5} y={16.2} width={14} height={1.4} fill={tone.shade} />
      <path d="M23.5 14h3.6q0 2.2-1.8 2.2t-1.8-2.2zM30 14h3.6q0 2.2-1.8 2.2t-1.8-2.2z" fill={tone.white} />
    </>
  );
}
