import { readFileSync, rmSync, statSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const claims = join(tmpdir(), 'bespoke-test-ports');
const mine = new Set<string>();
process.once('exit', () => {
  for (const claim of mine) rmSync(claim, { force: true });
});

/** Ports that the system gives to connections and to programs that ask for any. */
function givenBySystem(): readonly [first: number, last: number] {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [first = 0, last = 0] = text.trim().split(/\s+/).map(Number);
    return [first, last];
  } catch {
    return [49_152, 65_535];
  }
}

/** Ports that only a program which names them takes. */
function namedOnly(): { readonly first: number; readonly count: number } {
  const [first, last] = givenBySystem();
  const lowest = 20_000;
  return first > lowest + 1_000
    ? { first: lowest, count: first - lowest }
    : { first: last + 1, count: 65_535 - last };
}

const longestRunMs = 86_400_000;

/** Claims a port against all test processes of this machine, until this one ends. */
async function claim(port: number): Promise<boolean> {
  const file = join(claims, String(port));
  try {
    await mkdir(claims, { recursive: true, mode: 0o777 });
    await (await open(file, 'wx')).close();
    mine.add(file);
    return true;
  } catch {
    // The claim of a run that was killed long ago.
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > longestRunMs) rmSync(file, { force: true });
    return false;
  }
}

/** Whether a program could listen there, on all addresses. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}

/**
 * A port that nobody listens on, for a program that must be told one. It is not one of those that the system gives
 * to connections, so that none takes it before the program does, and no other test process gets the same.
 */
export async function freePort(): Promise<number> {
  const { first, count } = namedOnly();
  const start = Math.floor(Math.random() * count);
  for (let step = 0; step < count; step += 1) {
    const port = first + ((start + step) % count);
    if ((await claim(port)) && (await isFree(port))) return port;
  }
  throw new Error(`No port from ${first} to ${first + count - 1} is free.`);
}
