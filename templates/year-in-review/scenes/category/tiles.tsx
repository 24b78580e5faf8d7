import { useCurrentFrame } from 'remotion';
import { ramp, stagger } from '../../../../video/kit/motion.ts';
import { brand } from '../../brand.ts';
import { patternOf, type Tile, type TileShape } from './pattern.ts';

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
export function Tiles({
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
