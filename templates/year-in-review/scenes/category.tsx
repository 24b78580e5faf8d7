import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp, stagger, useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { Stage } from '../look/stage.tsx';
import { Headline, Words } from '../look/type.tsx';
import type { category as scene } from '../scenes.ts';

/** What a tile shows on its ground, before it is turned. */
type TileShape = 'quarter' | 'half' | 'disc' | 'leaf' | 'bars' | 'wedge' | 'ring';

interface Tile {
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

const palette = [
  brand.colors.ink,
  brand.colors.companionDeep,
  brand.colors.accent,
  brand.colors.paper,
] as const;

function assertShape(shape: never): never {
  throw new Error(`No drawing of ${String(shape)}.`);
}

/** Paths in a square of 100. */
function drawShape(shape: TileShape, color: string) {
  switch (shape) {
    case 'quarter':
      return <path d="M0 0H100A100 100 0 0 1 0 100Z" fill={color} />;
    case 'half':
      return <path d="M0 0H100A50 50 0 0 1 0 0Z" fill={color} />;
    case 'disc':
      return <circle cx="50" cy="50" r="34" fill={color} />;
    case 'leaf':
      return <path d="M0 0A100 100 0 0 1 100 100A100 100 0 0 1 0 0Z" fill={color} />;
    case 'bars':
      return <path d="M0 0H20V100H0ZM40 0H60V100H40ZM80 0H100V100H80Z" fill={color} />;
    case 'wedge':
      return <path d="M0 100V0L100 100Z" fill={color} />;
    case 'ring':
      return <path d="M0 0H100A100 100 0 0 1 0 100V50A50 50 0 0 0 50 0Z" fill={color} />;
    default:
      return assertShape(shape);
  }
}

const beatInFrames = 36;

function quarterTurns(tile: Tile, index: number, frame: number): number {
  const arrived = ramp(frame, stagger(index, 1.4, 4), 26, 'out');
  const restless = tile.restless ? ramp(frame, beatInFrames + stagger(index, 0.6), 18, 'inOut') : 0;
  const again = tile.restless ? 0 : ramp(frame, 2 * beatInFrames - 10 + stagger(index, 0.6), 18, 'inOut');
  return tile.turns - 1 + arrived + restless + again;
}

/** Twelve tiles, one for each month, in the category's own pattern; they turn with the music. */
function Tiles({
  category,
  columns,
  size,
}: {
  readonly category: string;
  readonly columns: number;
  /** Of one tile, in pixels. */
  readonly size: number;
}) {
  const frame = useCurrentFrame();
  const tiles = patternOf(category, palette.length);
  return (
    <svg
      width={columns * size}
      height={(tiles.length / columns) * size}
      viewBox={`0 0 ${columns * 100} ${(tiles.length / columns) * 100}`}
      style={{ display: 'block' }}
    >
      <clipPath id="tile">
        <rect width="100" height="100" />
      </clipPath>
      {tiles.map((tile, index) => (
        <g
          key={index}
          transform={`translate(${(index % columns) * 100} ${Math.floor(index / columns) * 100})`}
        >
          <rect width="100.3" height="100.3" fill={palette[tile.ground]} />
          <g clipPath="url(#tile)">
            <g transform={`rotate(${(quarterTurns(tile, index, frame) * 90).toFixed(2)} 50 50)`}>
              {drawShape(tile.shape, palette[tile.figure] ?? brand.colors.paper)}
            </g>
          </g>
        </g>
      ))}
    </svg>
  );
}

/** Tiles fill the frame's edge; the text has the rest. */
const looks = {
  '16:9': { columns: 3, size: 270, lead: 76, word: 190, gap: 90 },
  '9:16': { columns: 4, size: 270, lead: 84, word: 220, gap: 60 },
  '1:1': { columns: 6, size: 180, lead: 72, word: 210, gap: 40 },
} as const;

/** The person's favourite category; the clip is shared by everyone with the same one. */
export function Category({ category }: z.infer<(typeof scene)['inputs']>) {
  const { format, width, height, safe, inner } = useFormat();
  const { columns, size, lead, word, gap } = looks[format];
  const beside = format === '16:9';
  const tilesWidth = columns * size;
  const tilesHeight = (12 / columns) * size;
  const textWidth = beside ? width - tilesWidth - safe.left - gap : inner.width;
  const textTop = beside ? safe.top : tilesHeight + gap;
  const textHeight = height - textTop - safe.bottom;
  return (
    <Stage ground={brand.colors.companion}>
      <div style={{ position: 'absolute', right: 0, top: 0 }}>
        <Tiles category={category} columns={columns} size={size} />
      </div>
      <div
        style={{
          position: 'absolute',
          left: safe.left,
          top: textTop,
          height: textHeight,
          width: textWidth,
          display: 'flex',
          flexDirection: 'column',
          justifyContent: 'center',
          gap: 20,
        }}
      >
        <Headline
          at={10}
          width={textWidth}
          size={lead}
          color={brand.colors.quietOnCompanion}
          italic
          weight={480}
          maxLines={2}
        >
          You kept coming back to
        </Headline>
        <Words
          at={18}
          width={textWidth}
          height={textHeight - lead * 2.4}
          size={word}
          color={brand.colors.ink}
        >
          {category}
        </Words>
      </div>
    </Stage>
  );
}
