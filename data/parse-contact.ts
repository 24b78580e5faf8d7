import {
  accept,
  collapseText,
  normalizeText,
  type Parsed,
  reject,
  rejectSpreadsheetError,
} from './parse-text.ts';

/** In characters (RFC 5321). */
export const longestEmail = 254;

const notAnEmail = reject('is not a mail address; write one, such as anna@example.com');

const atom = String.raw`[^\s.@"(),:;<>\[\]\\\p{Cc}\p{Cf}]+`;
const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?`;
const shape = new RegExp(String.raw`^(${atom}(?:\.${atom})*)@((?:${label}\.)+${label})$`, 'u');

/** Parses a mail address by its shape; nothing is asked of its server. The part behind `@` is in lower case. */
export function parseEmail(text: string): Parsed<string> {
  if (text.length > longestEmail) {
    return reject(`is longer than ${longestEmail} characters; write one address, such as anna@example.com`);
  }
  const [, local, domain] = shape.exec(collapseText(text)) ?? [];
  if (local === undefined || domain === undefined) return notAnEmail;
  // A domain does not end in a number, unless it is the address of a machine.
  return /\.\d+$/.test(domain) ? notAnEmail : accept(`${local}@${domain.toLowerCase()}`);
}

/** Codes whose numbers keep the zero that others leave out behind the code of the country: Italy, San Marino. */
const keepsZero = /^\+(?:39|378)\D/;

const notAPhone = reject(
  'is not a telephone number; write it with its country code, such as +44 1632 960123',
);

/**
 * Parses a telephone number: with a country code (`+44 1632 960123`) into E.164 (`+441632960123`), else as it is
 * written. Extensions are refused, and a number that a spreadsheet has shortened.
 */
export function parsePhone(text: string): Parsed<string> {
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  if (text.length > 60) return notAPhone;
  const written = collapseText(normalizeText(text, 'NFKC').replace(/\p{Pd}/gu, '-'));
  if (/^\d[.,]?\d*E\+?\d+$/i.test(written) || /^\d+\.0$/.test(written)) {
    return reject(
      'is a number that a spreadsheet has changed; format the column as text and write it such as +44 1632 960123',
    );
  }
  const plain =
    written.startsWith('+') && !keepsZero.test(written) ? written.replace(/ ?\(0\) ?/, ' ') : written;
  if (!/^\+? ?\(?\d[\d ()./-]*$/.test(plain)) return notAPhone;
  const digits = plain.replace(/\D/g, '');
  if (!plain.startsWith('+')) {
    return digits.length >= 5 && digits.length <= 15 ? accept(written) : notAPhone;
  }
  if (plain.includes('(0')) {
    return reject(
      'has a zero in brackets behind its country code; write it without, such as +44 1632 960123',
    );
  }
  return /^[1-9]\d{6,14}$/.test(digits) ? accept(`+${digits}`) : notAPhone;
}
