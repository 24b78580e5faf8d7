import { accept, reject, rejectSpreadsheetError, type Parsed } from './parsed.ts';

const grouped = {
  ',': /^\d{1,3}(?:,\d{2,3})*,\d{3}$/,
  '.': /^\d{1,3}(?:\.\d{3})+$/,
} as const;

const notANumber = reject('is not a number; write digits only, such as 1234.5');

function parseDecimal(whole: string, fraction: string): Parsed<number> {
  return /^\d+$/.test(whole) && /^\d*$/.test(fraction)
    ? accept(Number(`${whole}.${fraction || '0'}`))
    : notANumber;
}

/** One separator, once: a decimal mark, unless three digits follow it and it might group thousands. */
function parseSingle(text: string, at: number): Parsed<number> {
  const whole = text.slice(0, at);
  const fraction = text.slice(at + 1);
  if (/^[1-9]\d{0,2}$/.test(whole) && /^\d{3}$/.test(fraction)) {
    return reject(
      `can mean ${whole}${fraction} or ${whole}.${fraction}; write ${whole}${fraction} or ${whole}.${fraction}0`,
    );
  }
  return whole === '' && fraction === '' ? notANumber : parseDecimal(whole || '0', fraction);
}

function parseUnsigned(text: string): Parsed<number> {
  const commas = text.split(',').length - 1;
  const dots = text.split('.').length - 1;
  if (commas === 0 && dots === 0) return parseDecimal(text, '');
  if (commas > 0 && dots > 0) {
    const decimal = text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.';
    const group = decimal === ',' ? '.' : ',';
    const at = text.indexOf(decimal);
    const whole = text.slice(0, at);
    if (!grouped[group].test(whole)) return notANumber;
    return parseDecimal(whole.replaceAll(group, ''), text.slice(at + 1));
  }
  const mark = commas > 0 ? ',' : '.';
  if (commas + dots === 1) return parseSingle(text, text.indexOf(mark));
  return grouped[mark].test(text) ? accept(Number(text.replaceAll(mark, ''))) : notANumber;
}

/** Thousands grouped by spaces or apostrophes; then the one other mark can only be the decimal one. */
const spacedThousands = /^(\d{1,3})((?:[ '\u2019]\d{3})+)(?:[.,](\d+))?$/;

/**
 * Reads a number as exports hold it: `1234.5`, `1234,5`, `1 234,5`, `1'234.50`, `1,234.50`,
 * `1.234,50`, `1,234,567`. What two countries read differently (`1,234`) is rejected.
 */
export function parseNumber(text: string): Parsed<number> {
  if (/^\d+$/.test(text)) return accept(Number(text));
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const plain = text.replace(/[\u00A0\u2009\u202F]/gu, ' ').replace(/^\u2212/u, '-');
  const [, sign = '', digits = ''] = /^([+-]?) ?(.*)$/s.exec(plain) ?? [];
  const spaced = spacedThousands.exec(digits);
  const parsed =
    spaced === null
      ? parseUnsigned(digits)
      : parseDecimal(`${spaced[1] ?? ''}${(spaced[2] ?? '').replace(/\D/g, '')}`, spaced[3] ?? '');
  return parsed.ok && sign === '-' && parsed.value !== 0 ? accept(-parsed.value) : parsed;
}

/** A finite number in digits, without an exponent. */
function writeDigits(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const shift = Number(exponent);
  if (shift === 0) return String(value);
  const digits = whole + fraction;
  const point = whole.length + shift;
  return point > 0
    ? `${sign}${digits.padEnd(point, '0')}`
    : `${sign}0.${digits.padStart(digits.length - point, '0')}`;
}

/** Writes a finite number as `parseNumber` reads it back: three decimals might be taken for thousands. */
export function writeDecimal(value: number): string {
  const text = writeDigits(value);
  return /\.\d{3}$/.test(text) ? `${text}0` : text;
}
