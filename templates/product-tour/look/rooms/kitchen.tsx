import type { Tone } from '../tone.ts';

/** The room with the stove and the table. `steam` from 0 to 1 is a turn of the steam over the pot. */
export function Kitchen({ tone, steam = 0 }: { readonly tone: Tone; readonly steam?: number }) {
  const wave = Math.sin(2 * Math.PI * steam) * 0.7;
  return (
    <>
      <rect x={2} y={14.5} width={16.5} height={10.5} fill={tone.white} />
      <path d="M6 15.500v9.500M10 15.500v9.500M4.600 18v2M7.400 18v2" />
      <rect x={10.8} y={17.5} width={6.8} height={5.5} rx={0.8} fill={tone.power} />
      <path d="M10.800 16.500h6.800" strokeWidth={0.4} />
      <rect x={1.5} y={13.5} width={17.5} height={1.5} fill={tone.shade} />
      <path d="M11.500 13.500v-3.500h5.500v3.500z" fill={tone.warm} />
      <path d="M10.800 10h6.900M14.200 10v-.9" />
      <path
        d={`M12.800 8q${(-0.8 + wave).toFixed(3)}-1 0-2t0-2M15.600 8q${(0.8 - wave).toFixed(3)}-1 0-2t0-2`}
        fill="none"
        strokeWidth={0.4}
      />
      <path d="M2 7h6.500M3 7v-1.800h1.500v1.800M5.500 7v-2.600h2v2.600" fill="none" />
      <path d="M28.500 0v4.500" />
      <path d="M25.500 8q0-3.500 3-3.500t3 3.500z" fill={tone.power} />
      <path d="M23.500 17.500v7.500M33.500 17.500v7.500" />
      <rect x={21.5} y={16.2} width={14} height={1.4} fill={tone.shade} />
      <path
        d="M23.500 14h3.600q0 2.200-1.800 2.200t-1.800-2.200zM30 14h3.600q0 2.200-1.800 2.200t-1.800-2.200z"
        fill={tone.white}
      />
    </>
  );
}
