import { z } from 'zod';
import { accept, collapseText, type Parsed, reject, rejectSpreadsheetError } from './parse-text.ts';
import { type DecimalMark, numberReadings, parseNumber, writeDecimal } from './parse-values.ts';

/** An amount of a currency, such as `{ amount: 12.5, currency: 'EUR' }`. */
export const moneySchema = z.strictObject({
  amount: z.number().meta({ examples: [12.5] }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ description: 'ISO 4217.', examples: ['EUR'] }),
});

export type Money = Readonly<z.output<typeof moneySchema>>;

/** Signs that one currency has. `$`, `¥` and `kr` have several; they count where the field declares one of theirs. */
const signs: Readonly<Record<string, string>> = {
  ...{
    '€': 'EUR',
    '£': 'GBP',
    '₹': 'INR',
    '₩': 'KRW',
    '₺': 'TRY',
    '₽': 'RUB',
    '₪': 'ILS',
    '฿': 'THB',
    '₫': 'VND',
  },
  ...{ '₴': 'UAH', '₦': 'NGN', '₱': 'PHP', '₡': 'CRC', '₸': 'KZT', '₾': 'GEL', '₲': 'PYG', zł: 'PLN' },
  ...{ Kč: 'CZK', Ft: 'HUF', Fr: 'CHF', 'Fr.': 'CHF', SFr: 'CHF', 'SFr.': 'CHF', лв: 'BGN', 'лв.': 'BGN' },
  ...{ R$: 'BRL', US$: 'USD', CA$: 'CAD', C$: 'CAD', A$: 'AUD', AU$: 'AUD', NZ$: 'NZD' },
  ...{ HK$: 'HKD', S$: 'SGD', MX$: 'MXN', NT$: 'TWD', 'CN¥': 'CNY', 'JP¥': 'JPY' },
};

const sharedSigns = /^(?:\$|¥|￥|kr\.?)$/i;

const codes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether a code is one of a currency (ISO 4217) that this runtime knows. */
export const isCurrency = (code: string): boolean => codes.has(code);

const signOf = (currency: string): string | undefined =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    .formatToParts(0)
    .find(({ type }) => type === 'currency')?.value;

const notMoney = reject('is not an amount of money; write it with its currency, such as 12.50 EUR');

function parseCurrency(written: string, declared: string | undefined): Parsed<string> {
  const code = written.toUpperCase();
  if (isCurrency(code)) return accept(code);
  if (declared !== undefined && signOf(declared) === written.replace('￥', '¥').replace(/^kr\.?$/i, 'kr')) {
    return accept(declared);
  }
  const currency = Object.hasOwn(signs, written) ? signs[written] : undefined;
  if (currency !== undefined) return accept(currency);
  return sharedSigns.test(written)
    ? reject(`has a sign of several currencies; write the code of the currency, such as 12.50 USD`)
    : notMoney;
}

/** In characters: the smallest numbers have more than 300 digits. */
const longestAmount = 400;

/** What stands before a number, its digits and marks, and what stands behind it. */
const aroundDigits = /^([^\d]*?)((?:(?<![^\s+\p{Sc}-])[.,])?\d(?:[\d.,' \u2019]*\d)?)(\D*)$/u;

interface Split {
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

function splitMoney(text: string): Split | undefined {
  if (text.length > longestAmount) return undefined;
  const plain = collapseText(text).replace(/\u2212/gu, '-');
  const [, before, digits, after] = aroundDigits.exec(plain) ?? [];
  return before === undefined || digits === undefined || after === undefined
    ? undefined
    : { before, digits, after };
}

/**
 * Parses an amount as exports write it: `€1,234.50`, `1.234,50 EUR`, `CHF 12.-`, `-5 £`. An amount that countries read
 * differently (`1,234 EUR`) is rejected, unless `decimalMark` says how it is meant, and so is a sign that several
 * currencies have.
 *
 * @param declared the currency where the text names none, and of a sign that it shares with others.
 */
export function parseMoney(text: string, declared?: string, decimalMark?: DecimalMark): Parsed<Money> {
  const wrong = rejectSpreadsheetError(text);
  if (wrong !== undefined) return wrong;
  const split = splitMoney(text);
  if (split === undefined) return notMoney;
  const { before, digits } = split;
  // `12.-` and `12,--` have no cents.
  const after = split.after.replace(/^[.,][-–—]{1,2}/u, '');
  const minus = [...(before + after).matchAll(/[+-]/g)].map(([sign]) => sign);
  const names = [before, after].map((part) => part.replace(/[+-]/g, '').trim()).filter((part) => part !== '');
  const isSigned = /^\s*[+-]|[+-]\s*$/.test(before) && !/[+-]/.test(after);
  if (minus.length > 1 || (minus.length === 1 && !isSigned)) return notMoney;
  const currencies = names.map((name) => parseCurrency(name, declared));
  const failed = currencies.find((currency) => !currency.ok);
  if (failed !== undefined) return failed;
  const found = new Set(currencies.flatMap((currency) => (currency.ok ? [currency.value] : [])));
  if (found.size > 1) return reject('names two currencies; write one, such as 12.50 EUR');
  const [currency = declared] = found;
  if (currency === undefined) return reject('has no currency; write it with one, such as 12.50 EUR');
  const amount = parseNumber(digits, decimalMark);
  if (amount.ok && !Number.isFinite(amount.value)) return notMoney;
  if (amount.ok) return accept(moneyOf(minus[0] === '-' ? -amount.value : amount.value, currency));
  return numberReadings(digits).length > 1 ? reject(`${amount.reason} ${currency}`) : notMoney;
}

/** Without a negative zero, which JSON does not have. */
const moneyOf = (amount: number, currency: string): Money => ({
  amount: amount === 0 ? 0 : amount,
  currency,
});

/** The decimal marks that an amount can be written with; none where all countries read it alike. */
export const moneyReadings = (text: string): readonly DecimalMark[] =>
  numberReadings(splitMoney(text)?.digits ?? '');

/** An amount of which all countries read the number alike. @param decimalMark says how it is meant. */
export function clarifyMoney(text: string, decimalMark: DecimalMark | undefined): string {
  const split = splitMoney(text);
  const amount = split && parseNumber(split.digits, decimalMark);
  return amount?.ok === true ? `${split?.before}${writeDecimal(amount.value)}${split?.after}` : text;
}

/** Parses the amount of a JSON body: an object, or a number of the declared currency. */
export function parseMoneyValue(input: unknown, declared: string | undefined): Parsed<Money> {
  if (typeof input === 'string') return parseMoney(input.trim(), declared);
  if (typeof input === 'number' && Number.isFinite(input)) {
    return declared === undefined
      ? reject('has no currency; write it with one, such as 12.50 EUR')
      : accept(moneyOf(input, declared));
  }
  const parsed = moneySchema.safeParse(input);
  return parsed.success && isCurrency(parsed.data.currency)
    ? accept(moneyOf(parsed.data.amount, parsed.data.currency))
    : reject('is not an amount of money; write it such as {"amount": 12.5, "currency": "EUR"}');
}

/** Whether a value is what a field of money holds. */
export const isMoney = (value: unknown): value is Money => moneySchema.safeParse(value).success;

/** An amount as a text that `parseMoney` reads back: `12.50 EUR`. */
export function writeMoney({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const cents = format.resolvedOptions().minimumFractionDigits ?? 2;
  const [whole = '', fraction = ''] = writeDecimal(amount).split('.');
  const digits = fraction.padEnd(cents, '0');
  if (digits === '') return `${whole} ${currency}`;
  // Three decimals could be read as thousands.
  return `${whole}.${digits.length === 3 ? `${digits}0` : digits} ${currency}`;
}
