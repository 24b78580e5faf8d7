/** Every text in a value, at any depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value.trim()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

const letter = '[\\p{L}\\p{M}\\p{N}_]';
/** Scripts that put no spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** A text as a whole word; a single letter is too common to be one. */
function wordPattern(text: string): readonly string[] {
  const exact = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  if (unspaced.test(text)) return [exact];
  return text.length < 2 ? [] : [`(?<!${letter})${exact}(?!${letter})`];
}

/** Files of a template's own sources, with line and column. */
const sourceFile = '(?:[\\w@.-]*\\/)+[\\w.@-]+\\.[cm]?[jt]sx?\\b(?::\\d+)*';

/**
 * An error's message without what it was about: values of personal inputs are replaced by `…` where they are whole
 * words. Names of source files stay as they are.
 */
export function redactInputs(message: string, personal: Readonly<Record<string, unknown>>): string {
  const words = [...new Set(textsIn(personal))].sort((a, b) => b.length - a.length).flatMap(wordPattern);
  if (words.length === 0) return message;
  const found = new RegExp(`(?<file>${sourceFile})|${words.join('|')}`, 'gu');
  return message.replace(found, (match, file: string | undefined) => (file === undefined ? '…' : match));
}
