/** What a tile shows on its ground, before it is turned. */
export type TileShape = 'quarter' | 'half' | 'disc' | 'leaf' | 'bars' | 'wedge' | 'ring';

export interface Tile {
  readonly shape: TileShape;
  readonly ground: number;
  readonly figure: number;
  /** Quarter turns, 0 to 3. */
  readonly turns: number;
  /** Whether it turns once more on the beat. */
  readonly restless: boolean;
}

const shapes: readonly TileShape[] = ['quarter', 'half', 'leaf', 'disc', 'wedge', 'bars', 'ring'];

/** FNV-1a over UTF-16 units, then a xorshift sequence of whole numbers from it. */
function sequenceOf(text: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  state = state === 0 ? 1 : state;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/**
 * Twelve tiles that belong to a category: the same word always gives the same pattern. Grounds and
 * figures are indices of a palette of `colors`; neighbours in reading order never share a ground.
 */
export function patternOf(category: string, colors: number): readonly Tile[] {
  const next = sequenceOf(category.normalize('NFC').toLowerCase());
  for (let skipped = 0; skipped < 4; skipped += 1) next();
  let before = -1;
  return Array.from({ length: 12 }, () => {
    const step = 1 + (next() % (colors - 1));
    const ground = before < 0 ? next() % colors : (before + step) % colors;
    before = ground;
    return {
      shape: shapes[next() % shapes.length] ?? 'quarter',
      ground,
      figure: (ground + 1 + (next() % (colors - 1))) % colors,
      turns: next() % 4,
      restless: next() % 3 === 0,
    };
  });
}
