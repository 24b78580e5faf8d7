import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecret } from './secret.ts';

describe('loadSecret', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bespoke-secret-'));
    file = join(folder, 'secret');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes one on first use, for this user only, and keeps it', async () => {
    const made = await loadSecret(file, undefined);
    expect(made.length).toBeGreaterThanOrEqual(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await loadSecret(file, undefined)).toEqual(made);
    expect(await readdir(folder)).toEqual(['secret']);
  });

  it('gives all that start at once the same', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => loadSecret(file, undefined)));
    expect(new Set(secrets.map((secret) => secret.toString())).size).toBe(1);
  });

  it('prefers the configured one and makes none then', async () => {
    expect((await loadSecret(file, 'a'.repeat(32))).toString()).toBe('a'.repeat(32));
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses short ones without printing them', async () => {
    const refused = loadSecret(file, 'tooshort');
    await expect(refused).rejects.toMatchObject({ code: 'secret-invalid' });
    await expect(refused).rejects.not.toThrow('tooshort');
    await writeFile(file, 'short');
    await expect(loadSecret(file, undefined)).rejects.toMatchObject({ code: 'secret-invalid' });
  });

  it('takes away what others may do with the file', async () => {
    await loadSecret(file, undefined);
    await chmod(file, 0o644);
    await loadSecret(file, undefined);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });
});
