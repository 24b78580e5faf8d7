import { decodeHTMLStrict } from 'entities';

/** A Dutch name or place may begin with an apostrophe: `'t Hooft`, `'s-Hertogenbosch`. */
const dutch = /^'[stnkm](?:[-\s]|$)/i;

/**
 * A cell without what spreadsheets and their users write around a value to keep it as text: `="00123"`, `'00123`.
 * Any other cell is returned as it is.
 */
export function unwrapCell(cell: string): string {
  const trimmed = cell.trim();
  if (!trimmed.startsWith('=') && !trimmed.startsWith("'")) return cell;
  const formula = /^="((?:[^"]|"")*)"$/.exec(trimmed)?.[1];
  if (formula !== undefined) return formula.replaceAll('""', '"');
  const single = /^'([^'].*)$/su.exec(trimmed)?.[1];
  return single === undefined || dutch.test(trimmed) || trimmed.endsWith("'") ? cell : single;
}

/** A text with HTML character references, such as `&#39;` and `&amp;`, as characters. */
export const decodeEntities = (text: string): string => (text.includes('&') ? decodeHTMLStrict(text) : text);

/** An attachment as Airtable writes it, of which the first counts: `anna.jpg (https://…)`. */
const attachment = /^[^()]*\((https?:\/\/[^\s()]+)\)(?:,.*)?$/s;

/** The web address that a text gives, with its spaces encoded; any other text as it is. */
export function findAddress(text: string): string {
  const address = attachment.exec(text)?.[1] ?? text;
  return /^https?:\/\//i.test(address) ? address.replaceAll(' ', '%20') : address;
}
