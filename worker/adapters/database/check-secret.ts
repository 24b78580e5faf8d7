import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Database } from './database.ts';
import { deployment } from './schema.ts';

/** `Ledger.checkSecret`. */
export async function checkSecret(database: Database, fingerprint: string): Promise<void> {
  await database.insert(deployment).values({ id: 1, secretFingerprint: fingerprint }).onConflictDoNothing();
  const [known] = await database.select().from(deployment);
  if (known !== undefined && known.secretFingerprint !== fingerprint) {
    throw new BespokeError(
      'secret-mismatch',
      'The tables were begun with another secret: with this one no stored clip would be found again, and names could not be recognized.',
    );
  }
}

/** `Ledger.probe`: writes a row again unchanged. */
export async function rewriteSecret(database: Database): Promise<void> {
  await database.update(deployment).set({ secretFingerprint: deployment.secretFingerprint });
}
