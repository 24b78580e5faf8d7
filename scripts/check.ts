import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import pMap from 'p-map';

/** What must hold before a change is shared, slowest of a fresh checkout first so that two at a time end early. */
const steps = {
  tests: ['vitest', 'run', '--project=unit', '--project=repository', '--reporter=dot'],
  format: ['prettier', '--check', '.', '--log-level=warn', '--cache', '--cache-strategy=content'],
  lint: ['npm', 'run', '--silent', 'lint'],
  types: ['npm', 'run', '--silent', 'types'],
  imports: ['depcruise', '.', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long'],
  'unused code': ['knip', '--no-progress'],
} satisfies Record<string, readonly [string, ...string[]]>;

/** `--without tests`: where all tests run anyway. */
const { without = [] } = parseArgs({
  options: { without: { type: 'string', multiple: true } },
}).values;

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

function run([command, ...args]: readonly [string, ...string[]]): Promise<Outcome> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000;
      resolve({ ok: code === 0, output: Buffer.concat(chunks).toString(), seconds });
    });
  });
}

const outcomes = await pMap(
  Object.entries(steps).filter(([name]) => !without.includes(name)),
  async ([name, command]) => {
    const outcome = await run(command);
    console.log(
      `${outcome.ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)}${outcome.seconds.toFixed(1).padStart(6)} s`,
    );
    return { name, ...outcome };
  },
  { concurrency: 2 },
);

const failed = outcomes.filter(({ ok }) => !ok);
for (const { name, output } of failed)
  console.log(`\n── ${name} ${'─'.repeat(70 - name.length)}\n${output.trim()}`);
console.log(
  failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.map(({ name }) => name).join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
