import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from '../services/free-port.ts';
import { makeWorkspace } from './deployment.ts';
import { startCli, testFolder, type CliProcess } from './cli-process.ts';

export interface ServeProcess {
  readonly process: CliProcess;
  readonly address: string;
  readonly port: number;
  /** The text of the first key, where this start made it. */
  readonly key: string | undefined;
}

/** A folder with a CSV of so many rows and an empty workspace. */
export async function folderWithRows(rows: number): Promise<string> {
  const cwd = await testFolder();
  await makeWorkspace(path.join(cwd, '.bespoke'));
  const lines = Array.from({ length: rows }, (_, index) => `c-${index + 1},Name ${index + 1}`);
  await writeFile(path.join(cwd, 'a.csv'), `customer_id,name\n${lines.join('\n')}\n`);
  return cwd;
}

/** Starts `bespoke serve` and waits until it says that it is ready. */
export async function startServe(
  cwd: string,
  {
    args = [],
    env = {},
  }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServeProcess> {
  const port = await freePort();
  const process = startCli(['serve', '--port', String(port), ...args], { cwd, env });
  const [key] = await process.says(/^Ready\./m).then((said) => /bsp_[0-9a-f]{12}_[\w-]{43}/.exec(said) ?? []);
  return { process, address: `http://127.0.0.1:${port}`, port, key };
}

/** Waits for a server or a worker to call itself ready, which it is not while it unpacks its browser. */
export async function untilReady(address: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const answer: unknown = await (await fetch(`${address}/readyz`)).json();
      expect(answer).toMatchObject({ status: 'ready' });
    },
    { timeout: 60_000, interval: 200 },
  );
}
