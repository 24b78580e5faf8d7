import { suggestMapping } from '../../data/csv/map-columns.ts';
import type { AnyRecord, Fields } from '../../data/record.ts';

/** What is done with values that fill no field. `refuse` reports them. */
export type UnknownFields = 'refuse' | 'ignore';

/** More names than any template has fields are reported as they are. */
const mostNames = 500;

/**
 * A record by the names of a template's fields: other names are matched as headers of a CSV are, so that `first_name`
 * fills `firstName`. A value that is given by a field's own name stays.
 */
export function nameFields(fields: Fields, body: AnyRecord, unknown: UnknownFields = 'refuse'): AnyRecord {
  const entries = Object.entries(body);
  const isOwn = (name: string): boolean => Object.hasOwn(fields, name);
  const others = entries.map(([name]) => name).filter((name) => !isOwn(name));
  if (others.length === 0) return body;
  const open = Object.entries(fields).filter(([name]) => !Object.hasOwn(body, name));
  const { columns } = suggestMapping(others.slice(0, mostNames), Object.fromEntries(open));
  const named = new Map(
    columns.flatMap(({ index, field }) => (index === undefined ? [] : [[others[index], field]])),
  );
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const field = isOwn(name) ? name : named.get(name);
      if (field !== undefined) return [[field, value]];
      return unknown === 'ignore' ? [] : [[name, value]];
    }),
  );
}
