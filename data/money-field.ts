import { builder } from './build-field.ts';
import { isCurrency, type Money, parseMoneyValue, writeMoney } from './parse-money.ts';
import { accept, type Parsed, reject } from './parse-text.ts';

interface MoneyOptions {
  /** ISO 4217. The currency of values that name none, such as `12.50`, and of a sign that it shares, such as `$`. */
  readonly currency?: string;
  /** Of the amount, inclusive. */
  readonly min?: number;
  readonly max?: number;
}

function checkAmount(money: Money, { min, max }: MoneyOptions): Parsed<Money> {
  const { amount, currency } = money;
  if (min !== undefined && amount < min) {
    return reject(`is too small; write ${writeMoney({ amount: min, currency })} or more`);
  }
  return max !== undefined && amount > max
    ? reject(`is too large; write ${writeMoney({ amount: max, currency })} or less`)
    : accept(money);
}

/**
 * An amount of a currency: `{ amount: 12.5, currency: 'EUR' }`. Amounts are never converted, and a value whose currency
 * is unknown is refused.
 *
 * @throws Error when the declared currency is none.
 */
export const money = builder<Money, MoneyOptions, 'money'>(
  'money',
  ({ currency = 'EUR', min = -Infinity, max = Infinity }) =>
    writeMoney({ amount: Math.min(max, Math.max(min, 12.5)), currency }),
  ({ currency, min, max }) => {
    const amount = {
      type: 'number',
      ...(min !== undefined && { minimum: min }),
      ...(max !== undefined && { maximum: max }),
    };
    const object = {
      type: 'object',
      properties: { amount, currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217.' } },
      required: ['amount', 'currency'],
      additionalProperties: false,
    };
    return currency === undefined ? object : { anyOf: [object, amount] };
  },
  (own) => {
    if (own.currency !== undefined && !isCurrency(own.currency)) {
      throw new Error(`The currency "${own.currency}" is not one of ISO 4217, such as EUR.`);
    }
    return (input) => {
      const parsed = parseMoneyValue(input, own.currency);
      return parsed.ok ? checkAmount(parsed.value, own) : parsed;
    };
  },
);
