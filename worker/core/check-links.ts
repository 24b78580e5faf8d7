import { type Leaf, leavesOf } from '../../data/leaves.ts';
import type { AnyRecord, FieldIssue, Fields } from '../../data/record.ts';

/** What an address belongs to: an origin such as `https://shop.example.com`, or the scheme of a call or a mail. */
function linkOrigin(address: string): string {
  const { protocol, origin } = new URL(address);
  return protocol === 'https:' ? origin : protocol;
}

/** Whether a deployment lets records lead to an address. */
const isListed = (address: string, origins: readonly string[]): boolean =>
  URL.canParse(address) && origins.includes(linkOrigin(address));

function faultOf({ label, field, value }: Leaf, origins: readonly string[]): string | undefined {
  const { fallback } = field;
  if (typeof value !== 'string' || value === fallback || isListed(value, origins)) return undefined;
  const listed = origins.length === 0 ? 'lists none' : `lists ${origins.join(', ')}`;
  return `${label} leads to ${linkOrigin(value)}, which this deployment does not allow; correct the address, or ask the operator to add it to BESPOKE_LINK_ORIGINS, which ${listed}.`;
}

/**
 * Addresses of a record that lead to origins which the deployment does not list. A template's own fallback is as good
 * as its own links.
 */
export function checkLinks(
  fields: Fields,
  record: AnyRecord,
  origins: readonly string[],
): readonly FieldIssue[] {
  return leavesOf(fields, record).flatMap((leaf) => {
    const { path, field } = leaf;
    const message = field.kind === 'link' ? faultOf(leaf, origins) : undefined;
    return message === undefined ? [] : [{ field: path, column: path, value: '', message }];
  });
}
