import type { IncomingMessage } from 'node:http';

const listed = (header: string): readonly string[] =>
  header.split(',').map((each) => each.trim().replace(/^W\//, ''));

/**
 * Answers the conditions of a request by the file's own strong tag, and takes them from its headers: what
 * sends the file knows no tag of ours and is left with the range alone. A range that was asked for of
 * another file is dropped, so that the whole is sent. Files never change, so there are no dates.
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
