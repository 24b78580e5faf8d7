import { normalizeId } from '../../data/csv/check-row.ts';
import type { Keyring } from './keyring.ts';

/** What a customer is called in the tables. The operator's own id stands in none of them. */
export const personKey = (keyring: Keyring, customerId: string): string =>
  keyring('person', normalizeId(customerId));
