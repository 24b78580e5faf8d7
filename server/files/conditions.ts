import type { IncomingMessage } from 'node:http';

const listed = (header: string): readonly string[] =>
  header.split(',').map((each) => each.trim().replace(/^W\//, ''));

/**
 * Evaluates the conditions of a request with the file's strong tag, and removes them from the headers, because the
 * library that sends the file does not know the tag. A range of another file is dropped, so that the whole file is
 * sent. Files never change, so dates are not needed.
 */
export function prepareConditions({ headers }: IncomingMessage, tag: string): 'send' | 'unchanged' {
  const { 'if-none-match': noneMatch, 'if-range': ifRange } = headers;
  delete headers['if-none-match'];
  delete headers['if-match'];
  delete headers['if-modified-since'];
  delete headers['if-unmodified-since'];
  delete headers['if-range'];
  if (noneMatch !== undefined && (noneMatch.trim() === '*' || listed(noneMatch).includes(tag)))
    return 'unchanged';
  if (ifRange !== undefined && ifRange !== tag) delete headers.range;
  return 'send';
}
