/**
 * Measures a real `bespoke serve` as it runs in production, on embedded engines: from the order of a video
 * whose clips are all stored to the first byte of its MP4.
 *
 *   npx tsx bench/first-byte.ts [ENTRY] [TIMES]
 *
 * ENTRY is the program to start, `dist/bespoke.mjs` unless named: that of another checkout compares two versions.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const [entry = 'dist/bespoke.mjs', times = '12'] = process.argv.slice(2);
const pollMs = 60;
const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-first-byte-'));
const workspace = path.join(folder, 'workspace');
const program = path.resolve(entry);
const port = 20_000 + (process.pid % 20_000);

const server = spawn(process.execPath, [program, 'serve', '--port', String(port)], {
  cwd: path.dirname(path.dirname(program)),
  env: { ...process.env, BESPOKE_WORKSPACE: workspace },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let said = '';
for (const stream of [server.stdout, server.stderr]) {
  stream.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
}

async function readKey(): Promise<string> {
  for (;;) {
    const key = /bsp_[\w-]+/.exec(said)?.[0];
    if (key !== undefined) return key;
    if (server.exitCode !== null) throw new Error(`The server ended:\n${said}`);
    await sleep(100);
  }
}

const rendered = z.object({
  id: z.string(),
  status: z.object({ state: z.string() }),
  links: z.object({ video: z.string().optional() }),
});
const body = JSON.stringify({
  template: 'renewal-offer',
  quality: 'draft',
  record: { firstName: 'Zoë', segment: 'loyal', renewalDate: '2026-12-14', plan: 'Plus' },
});

async function timeOrder(key: string): Promise<number> {
  const renders = `http://127.0.0.1:${port}/v1/renders`;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const began = performance.now();
  const { id } = rendered.parse(await (await fetch(renders, { method: 'POST', headers, body })).json());
  for (;;) {
    const { status, links } = rendered.parse(await (await fetch(`${renders}/${id}`, { headers })).json());
    if (status.state === 'failed') throw new Error('The video failed.');
    if (links.video !== undefined) {
      const reader = (await fetch(links.video)).body?.getReader();
      await reader?.read();
      await reader?.cancel();
      return performance.now() - began;
    }
    await sleep(pollMs);
  }
}

try {
  const key = await readKey();
  // The first pays for the clips.
  await timeOrder(key);
  await sleep(3_000);
  const measured: number[] = [];
  for (let time = 0; time < Number(times); time += 1) {
    for (const files of ['videos', 'posters', 'teasers', 'captions']) {
      await rm(path.join(workspace, 'store', files), { recursive: true, force: true });
    }
    measured.push(await timeOrder(key));
    await sleep(1_200);
  }
  measured.sort((a, b) => a - b);
  const at = (share: number): string => (measured[Math.ceil(measured.length * share) - 1] ?? NaN).toFixed(0);
  console.log(`order to first byte, ${measured.length} times: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
} finally {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  await rm(folder, { recursive: true, force: true });
}
