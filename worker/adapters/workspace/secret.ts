import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, rm } from 'node:fs/promises';
import { errors } from '../../../errors/messages.ts';
import { isMissing, storageError } from '../store/storage-error.ts';

const shortest = 32;

function checked(text: string, source: string): Buffer {
  const secret = Buffer.from(text.trim(), 'utf8');
  if (secret.length >= shortest) return secret;
  throw errors.secretShort({ source, length: secret.length, least: shortest });
}

async function readSecret(file: string): Promise<Buffer | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    return checked(text, `The file ${file}`);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(error, file);
  }
}

/** Writes the file completely or not at all; if two processes create it at once, the first wins. */
async function makeSecret(file: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(randomBytes(32).toString('hex') + '\n');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  } catch (error) {
    throw storageError(error, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * The deployment's secret: `configured` (from `BESPOKE_SECRET`), else the workspace's own, created on first use and
 * readable by this user only. Never print it.
 *
 * @throws BespokeError `secret-invalid`, `directory-not-writable`, `disk-full`.
 */
export async function loadSecret(file: string, configured: string | undefined): Promise<Buffer> {
  if (configured !== undefined && configured !== '') return checked(configured, 'BESPOKE_SECRET');
  const present = await readSecret(file);
  if (present !== undefined) return present;
  await makeSecret(file);
  const made = await readSecret(file);
  if (made === undefined) throw new Error('The file of the secret was removed while it was created.');
  return made;
}
