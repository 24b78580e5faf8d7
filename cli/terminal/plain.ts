/**
 * Text from outside (cells, headers, file names) made safe to print: one line, no control characters
 * that could move the cursor or reorder the text around it.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
}
