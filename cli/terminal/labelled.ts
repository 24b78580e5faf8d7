import type { Paint } from './paint.ts';

const labelWidth = 11;

/** `  Input      customers.csv`, further lines under the first one's text. */
export function labelled(label: string, lines: readonly string[], paint: Paint): string {
  return lines
    .map((line, index) => {
      const name = (index === 0 ? label : '').padEnd(labelWidth);
      return `  ${paint.dim(name)}${line}`.trimEnd();
    })
    .join('\n');
}

/** Joins items with commas into lines that fit beside a label; an item is never cut. */
export function flow(items: readonly string[], columns: number): readonly string[] {
  const width = Math.max(30, Math.min(columns, 110) - labelWidth - 3);
  const lines: string[] = [];
  let line = '';
  items.forEach((item, index) => {
    const piece = index < items.length - 1 ? `${item},` : item;
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? piece : `${line} ${piece}`;
  });
  return line === '' ? lines : [...lines, line];
}
