import { inject } from 'vitest';
import { pgliteLedgers, postgresLedgers, type LedgerBackend } from './ledger-bench.ts';

/** Every database that ledgers are kept in, by name. */
export const ledgerKinds: readonly (readonly [string, () => Promise<LedgerBackend>])[] = [
  ['PGlite', pgliteLedgers],
  ['PostgreSQL', () => postgresLedgers(inject('postgresUrl'))],
];
