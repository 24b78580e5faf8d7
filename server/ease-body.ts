/** Fields that hold text; programs send ids as numbers too. */
const texts: ReadonlySet<string> = new Set(['customerId', 'externalId', 'linkKey', 'idColumn']);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const textOf = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

/**
 * An order as it is meant: `null` and empty texts are fields that are not set, as inside a record, and numbers are
 * accepted where an id or metadata is meant. Records and rows have rules of their own.
 */
export function easeBody(body: unknown): unknown {
  if (!isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body)
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => {
        if (texts.has(name)) return [name, textOf(value)];
        if (name !== 'metadata' || !isObject(value)) return [name, value];
        const metadata = Object.entries(value).filter(([, each]) => !isEmpty(each));
        return [name, Object.fromEntries(metadata.map(([key, each]) => [key, textOf(each)]))];
      }),
  );
}
