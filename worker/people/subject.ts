import type { Pipeline } from '../core/pipeline.ts';
import type { Subject } from '../core/people.ts';
import { personKey } from '../core/suppression.ts';

/** How operators and viewers say whose data they mean. */
export type Named =
  | { readonly customerId: string }
  /** A render, or a row of a campaign: the one way to mean somebody whose input named nobody. */
  | { readonly renderId: string };

/** Who that is in the tables. Whom a video shows is its customer, where it was made for a known one. */
export async function findSubject(
  { people, keyring }: Pick<Pipeline, 'people' | 'keyring'>,
  named: Named,
): Promise<Subject> {
  if ('customerId' in named) return { person: personKey(keyring, named.customerId) };
  const person = await people.personOf(named.renderId);
  return person === undefined ? { render: named.renderId } : { person };
}
