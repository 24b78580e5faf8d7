import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, vi } from 'vitest';
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

/** The port that `serve --port 0` or `worker --metrics-port 0` took, from what it says. */
export function portIn(said: string): number {
  const port = /^ *(?:Address +|Metrics at )http:\/\/[^:]+:(\d+)/m.exec(said)?.[1];
  if (port === undefined) throw new Error(`It does not say where it listens:\n${said}`);
  return Number(port);
}

/** Starts `bespoke serve` and waits until it says that it is ready. */
export async function startServe(
  cwd: string,
  {
    args = [],
    env = {},
  }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServeProcess> {
  const process = startCli(['serve', '--port', '0', ...args], { cwd, env });
  const said = await process.says(/^Ready\./m);
  const [key] = /bsp_[0-9a-f]{12}_[\w-]{43}/.exec(said) ?? [];
  const port = portIn(said);
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
