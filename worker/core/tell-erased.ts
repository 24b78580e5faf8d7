import type { IntakeRow } from './intake.ts';
import { personKey } from './person-key.ts';
import type { Pipeline } from './pipeline.ts';

/** Rows with whose they are, as far as the input says it. */
export const withPeople = (
  { keyring }: Pick<Pipeline, 'keyring'>,
  rows: readonly IntakeRow[],
): readonly IntakeRow[] =>
  rows.map((row) => {
    if (row.person !== undefined || row.customerId === undefined) return row;
    return { ...row, person: personKey(keyring, row.customerId) };
  });

/** Tells rows of people who were erased from the others. */
export async function tellErased(
  { people }: Pick<Pipeline, 'people'>,
  rows: readonly IntakeRow[],
): Promise<{ readonly present: readonly IntakeRow[]; readonly erased: readonly IntakeRow[] }> {
  const gone = await people.erased(rows.flatMap(({ person }) => person ?? []));
  const isErased = ({ erased, person = '' }: IntakeRow): boolean => erased === true || gone.has(person);
  return { present: rows.filter((row) => !isErased(row)), erased: rows.filter(isErased) };
}
