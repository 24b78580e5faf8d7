import { normalizeId } from '../../data/csv/row-id.ts';
import type { Hmac } from './hmac.ts';
import type { Pipeline } from './pipeline.ts';

/** What customers are searched for by. It stays on the suppression list, where the operator's own id does not. */
export const personKey = (hmac: Hmac, customerId: string): string => hmac('person', normalizeId(customerId));

/** Whose link it is that stays with a customer. @param person HMAC of the customer's id. */
export const linkOwnerOf = (hmac: Hmac, linkKey: string, person: string): string =>
  hmac('link-owner', { linkKey, person });

/** A row as far as it says whose it is. */
interface OwnedRow {
  readonly customerId?: string | undefined;
  /** HMAC of the customer's id. */
  readonly person?: string | undefined;
  /** Whether its person was erased, so that the input no longer contains the row. */
  readonly erased?: boolean | undefined;
}

/** Rows with whose they are, as far as the input says it. */
export const withPeople = <R extends OwnedRow>(
  { hmac }: Pick<Pipeline, 'hmac'>,
  rows: readonly R[],
): readonly R[] =>
  rows.map((row) => {
    if (row.person !== undefined || row.customerId === undefined) return row;
    return { ...row, person: personKey(hmac, row.customerId) };
  });

/** Rows by whether their person was erased. */
interface SplitRows<R> {
  readonly present: readonly R[];
  readonly erased: readonly R[];
}

/** Separates rows of people who were erased from the others. */
export async function splitErased<R extends OwnedRow>(
  { people }: Pick<Pipeline, 'people'>,
  rows: readonly R[],
): Promise<SplitRows<R>> {
  const gone = await people.suppressed(rows.flatMap(({ person }) => person ?? []));
  const isErased = ({ erased, person = '' }: R): boolean => erased === true || gone.has(person);
  return { present: rows.filter((row) => !isErased(row)), erased: rows.filter(isErased) };
}

/** The same for rows that are only counted: whose they are need not be known where nobody was erased. */
export async function splitErasedOfCounted<R extends OwnedRow>(
  pipeline: Pick<Pipeline, 'people' | 'hmac'>,
  rows: readonly R[],
): Promise<SplitRows<R>> {
  const isAnybody = await pipeline.people.isAnyoneSuppressed();
  return splitErased(pipeline, isAnybody ? withPeople(pipeline, rows) : rows);
}
