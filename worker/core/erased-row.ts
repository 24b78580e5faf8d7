import type { VideoDraft } from './renders.ts';

/** The name of an erased row's files, of which there are none. No id of a customer gives this one. */
export const erasedFileName = (row: number): string => `erased~${row}`;

/** A row as it is recorded of somebody who was erased: that there was one. */
export function nothingButTheRow({
  id,
  row,
  priority,
  link,
}: Pick<VideoDraft, 'id' | 'row' | 'priority' | 'link'>): VideoDraft {
  const fileName = erasedFileName(row);
  return { id, row, priority, link, fileName, warnings: [], plan: { state: 'erased' } };
}
