/**
 * A value parsed from text. The reason is a predicate that follows the quoted value, such as
 * `is not a number; write 1234.5`, so that callers can put column and value in front.
 */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const reject = (reason: string): Parsed<never> => ({ ok: false, reason });

/** The errors that spreadsheets write into cells, in their English names. */
const spreadsheetError = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!)$/i;

/** Rejects the error that a spreadsheet writes in place of a value. */
export function rejectSpreadsheetError(text: string): Parsed<never> | undefined {
  return spreadsheetError.test(text)
    ? reject('is a spreadsheet error, not a value; correct the formula or empty the cell')
    : undefined;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Invisible marks: byte order marks, word joiners, bidi embeddings. For a character class. */
export const invisible = '\\u00AD\\u200B\\u2060\\uFEFF\\u202A-\\u202C\\u2066-\\u2069';
const invisibleMark = new RegExp(`[${invisible}]`, 'gu');

/** Characters that no text may contain: damage, control characters except white space. For a character class. */
export const refusedInText = '\\uFFFD\\u0000-\\u0008\\u000E-\\u001F\\u007F-\\u009F\\u202D\\u202E';

/** More code points than any grapheme of a real name or emoji needs, on average over the text. */
const codePointsPerGrapheme = 12;

/** More marks in a row than any script puts on one letter (The Unicode Standard, annex 15, stream-safe text). */
const heapedMarks = /\p{M}{31}/u;
const quicklyOrdered = 1_000;

/**
 * A text in a normal form. A long text with many marks on one letter stays as it is: normalizing it takes time that
 * grows with the square of their number, half a minute for half a megabyte.
 */
export function normalizeText(text: string, form: 'NFC' | 'NFKC' | 'NFKD'): string {
  return text.length > quicklyOrdered && heapedMarks.test(text) ? text : text.normalize(form);
}

/** Removes invisible marks and collapses white space to single spaces. */
export function collapseText(text: string): string {
  return normalizeText(text, 'NFC').replace(invisibleMark, '').replace(/\s+/gu, ' ').trim();
}

/** Number of characters as a reader counts them: an emoji with joiners is one. */
function countGraphemes(text: string): number {
  return [...graphemes.segment(text)].length;
}

const named = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * Parses one line of text: NFC, white space collapsed, joiners kept. Rejects text that would be invisible, damaged
 * or in a wrong order, and text longer than `maxLength` graphemes.
 */
export const parseText = (text: string, maxLength: number): Parsed<string> =>
  checkText(text, collapseText(text), maxLength);

const lineBreak = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;

/** Bounds of a text of several lines. */
export interface ParagraphBounds {
  /** In graphemes; a line break is one. */
  readonly maxLength: number;
  /** Empty ones between paragraphs count. */
  readonly maxLines: number;
}

/**
 * As {@link parseText}, but keeps line breaks, as `\n`: spaces at both ends of a line are left out, and between
 * paragraphs is one empty line at most.
 */
export function parseParagraphs(text: string, { maxLength, maxLines }: ParagraphBounds): Parsed<string> {
  const joined = text
    .split(lineBreak)
    .map(collapseText)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const lines = joined.split('\n').length;
  return lines > maxLines
    ? reject(`has ${lines} lines; shorten it to ${maxLines} at most`)
    : checkText(text, joined, maxLength);
}

function checkText(text: string, collapsed: string, maxLength: number): Parsed<string> {
  if (/[\p{Cs}\uFFFD]/u.test(text)) {
    return reject('has characters that were damaged by a wrong encoding; export the file again as UTF-8');
  }
  if (collapsed === '') return reject('is invisible; write text or empty the cell');
  const control = /[^\P{Cc}\n]|[\u202D\u202E]/u.exec(collapsed);
  if (control !== null) return reject(`contains the control character ${named(control[0])}; remove it`);
  if (collapsed.length > maxLength * codePointsPerGrapheme) return tooLong(maxLength);
  // No text has more graphemes than code units, and segmenting is by far the slowest step.
  if (collapsed.length > maxLength) {
    const length = countGraphemes(collapsed);
    if (length > maxLength) return tooLong(maxLength, length);
  }
  return rejectSpreadsheetError(collapsed) ?? accept(collapsed);
}

function tooLong(maxLength: number, length?: number): Parsed<never> {
  const has = length === undefined ? 'is too long' : `has ${length} characters`;
  return reject(`${has}; shorten it to ${maxLength} at most`);
}
