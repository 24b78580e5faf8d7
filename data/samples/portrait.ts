/** A person of the samples, as a few choices; colours are CSS hex. */
export interface Portrait {
  readonly skin: string;
  readonly skinShade: string;
  readonly lips: string;
  readonly hair: string;
  readonly hairLight: string;
  readonly style: 'bob' | 'waves' | 'bun' | 'afro' | 'quiff' | 'curls' | 'long' | 'wrap' | 'pixie';
  readonly beard?: 'full' | 'stubble';
  readonly smile: 'open' | 'closed';
  readonly garment: 'crew' | 'roll-neck' | 'shirt' | 'blazer' | 'stripes';
  readonly cloth: string;
  readonly clothShade: string;
  readonly ground: readonly [near: string, far: string];
  readonly shape: 'sun' | 'arch' | 'bands' | 'hill';
  readonly shapeColor: string;
  readonly glasses?: string;
  readonly earrings?: string;
  readonly freckles?: true;
}
