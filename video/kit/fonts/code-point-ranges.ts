/** First and last code point, both inside. */
export type CodePointRange = readonly [number, number];

/**
 * Writes ascending ranges as base-36 pairs of "gap since the last range" and "length - 1", the latter
 * left out where it is 0: `18.2,5` is 44-46 and 52.
 */
export function encodeRanges(ranges: readonly CodePointRange[]): string {
  let end = 0;
  return ranges
    .map(([first, last]) => {
      const gap = (first - end).toString(36);
      end = last + 1;
      return last === first ? gap : `${gap}.${(last - first).toString(36)}`;
    })
    .join(',');
}

/** Reads what {@link encodeRanges} wrote. */
export function decodeRanges(text: string): readonly CodePointRange[] {
  let end = 0;
  return text.split(',').map((pair) => {
    const [gap = '', extra = '0'] = pair.split('.');
    const first = end + Number.parseInt(gap, 36);
    const last = first + Number.parseInt(extra, 36);
    end = last + 1;
    return [first, last];
  });
}

/** Whether ascending ranges hold a code point. */
export function inRanges(ranges: readonly CodePointRange[], codePoint: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] as CodePointRange;
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
}
