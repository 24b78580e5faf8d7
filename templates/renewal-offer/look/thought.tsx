import { usePlane } from './layout.ts';
import { Arrive, Column, Words } from './type.tsx';

const sizes = {
  '16:9': { line: 14, after: 5, lines: 4 },
  '9:16': { line: 14.5, after: 5.6, lines: 4 },
  '1:1': { line: 10.6, after: 4.6, lines: 3 },
} as const;

/** A thought in large words and the line after it, where the plane has room for words. */
export function Thought({
  line,
  after,
  color,
}: {
  readonly line: string;
  readonly after: string;
  readonly color: string;
}) {
  const { format, words } = usePlane();
  const size = sizes[format];
  return (
    <Column {...words} gap={size.after * 0.7}>
      <Arrive at={8}>
        <Words width={words.width} size={size.line} color={color} lines={size.lines}>
          {line}
        </Words>
      </Arrive>
      <Arrive at={16}>
        <Words width={words.width} size={size.after} weight={600} color={color}>
          {after}
        </Words>
      </Arrive>
    </Column>
  );
}
