import type { z } from 'zod';
import { useFormat } from '../../../../video/kit/layout.tsx';
import { brand } from '../../brand.ts';
import { Stage } from '../../look/stage.tsx';
import { Headline, Words } from '../../look/type.tsx';
import { Tiles } from './tiles.tsx';
import type { category as scene } from './scene.ts';

/** Tiles fill the frame's edge; the text has the rest. */
const looks = {
  '16:9': { columns: 3, size: 270, lead: 76, word: 190, gap: 90 },
  '9:16': { columns: 4, size: 270, lead: 84, word: 220, gap: 60 },
  '1:1': { columns: 6, size: 180, lead: 72, word: 210, gap: 40 },
} as const;

/** What the person came for most; shared by everyone who did. */
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
