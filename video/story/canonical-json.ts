/**
 * Serializes a value so that equal values give equal text: object keys sorted, no white space,
 * `undefined` members left out.
 *
 * @throws TypeError for what JSON cannot carry faithfully (functions, bigint, NaN, infinities).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return `{${membersOf(value)}}`;
  throw new TypeError(`a ${typeof value} has no JSON form`);
}

/** Whether `canonicalJson` carries a value. */
export function hasJsonForm(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(hasJsonForm);
      return isPlain(value) && Object.values(value).every((each) => each === undefined || hasJsonForm(each));
    }
    default:
      return false;
  }
}

/** A plain loop: planning runs this several times for each row of a campaign. */
function membersOf(object: Readonly<Record<string, unknown>>): string {
  let members = '';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return members;
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
