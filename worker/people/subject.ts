import type { Pipeline } from '../core/pipeline.ts';
import type { Subject } from '../core/people.ts';
import { personKey } from '../core/suppression.ts';

/** How operators and viewers say whose data they mean. */
export type Named =
  | { readonly customerId: string }
  /** A render, or a row of a campaign: the one way to mean someone whose input named nobody. */
  | { readonly renderId: string };

/** Who that is in the tables. Whom a video shows is its customer, where it was made for a known one. */
export async function findSubject(
  { people, hmac }: Pick<Pipeline, 'people' | 'hmac'>,
  named: Named,
): Promise<Subject> {
  if ('customerId' in named) return { person: personKey(hmac, named.customerId) };
  const person = await people.personOf(named.renderId);
  return person === undefined ? { render: named.renderId } : { person };
}
