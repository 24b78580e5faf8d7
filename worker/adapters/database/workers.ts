import { and, eq, ne, sql } from 'drizzle-orm';
import { errors } from '../../../errors/messages.ts';
import { engineMismatch, workerSilenceMs, type Deployment, type Workers } from '../../core/workers.ts';
import type { Database, DatabaseAccess } from './database.ts';
import { deployment, worker } from './schema.ts';

/** `Deployment.checkSecret`. */
async function checkSecret(database: Database, fingerprint: string): Promise<void> {
  await database.insert(deployment).values({ id: 1, secretFingerprint: fingerprint }).onConflictDoNothing();
  const [known] = await database.select().from(deployment);
  if (known !== undefined && known.secretFingerprint !== fingerprint) {
    throw errors.secretMismatch();
  }
}

/** `Deployment.probe`: writes a row again unchanged. */
async function rewriteSecret(database: Database): Promise<void> {
  await database.update(deployment).set({ secretFingerprint: deployment.secretFingerprint });
}

/** What holds for the whole deployment, in SQL. */
export const createDeployment = ({ database, persist }: DatabaseAccess): Deployment => ({
  checkSecret: (fingerprint) => persist(() => checkSecret(database, fingerprint)),
  probe: () => persist(() => rewriteSecret(database)),
});

const isAlive = sql`${worker.seenAt} > now() - ${workerSilenceMs} * interval '1 millisecond'`;

/** Reads the deployment's engine, which nobody else can change before this transaction ends. */
async function lockEngine(tx: Database): Promise<string | undefined> {
  const [found] = await tx.select({ engineVersion: deployment.engineVersion }).from(deployment).for('update');
  return found?.engineVersion ?? undefined;
}

async function record(tx: Database, id: string, engineVersion: string): Promise<void> {
  await tx
    .insert(worker)
    .values({ id, engineVersion })
    .onConflictDoUpdate({ target: worker.id, set: { engineVersion, seenAt: sql`now()` } });
}

/** `Workers` in SQL. @param alone whether no other process can use the database. */
export function createWorkers(
  { database, transaction, persist }: DatabaseAccess,
  { alone }: { readonly alone: boolean },
): Workers {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));
  return {
    alone,
    engineVersion: () =>
      persist(async () => {
        const [found] = await database.select({ engineVersion: deployment.engineVersion }).from(deployment);
        return found?.engineVersion ?? undefined;
      }),

    join: (id, engineVersion) =>
      inTransaction(async (tx) => {
        const agreed = await lockEngine(tx);
        if (agreed !== undefined && agreed !== engineVersion && !alone) {
          const [other] = await tx
            .select({ id: worker.id })
            .from(worker)
            .where(and(ne(worker.id, id), isAlive))
            .limit(1);
          if (other !== undefined) throw engineMismatch(engineVersion, agreed);
        }
        if (agreed !== engineVersion) await tx.update(deployment).set({ engineVersion });
        await tx.delete(worker).where(sql`not (${isAlive})`);
        await record(tx, id, engineVersion);
        return agreed === engineVersion ? undefined : agreed;
      }),

    stay: (id, engineVersion) =>
      inTransaction(async (tx) => {
        const agreed = await lockEngine(tx);
        if (agreed !== undefined && agreed !== engineVersion) throw engineMismatch(engineVersion, agreed);
        await record(tx, id, engineVersion);
      }),

    alive: () => persist(() => database.$count(worker, isAlive)),

    leave: (id) => persist(async () => void (await database.delete(worker).where(eq(worker.id, id)))),
  };
}
