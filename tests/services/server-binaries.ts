import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function postgresFolders(): readonly string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const newestFirst = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return newestFirst.map((version) => join(root, version, 'bin'));
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', ...postgresFolders()];
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

/** Keeps a freshly installed package from starting a service of its own. */
function withoutServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

function aptGet(...args: string[]): void {
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 2, 2],
  });
}

const packageOf = {
  'redis-server': 'redis-server',
  postgres: 'postgresql',
  initdb: 'postgresql',
  pgbouncer: 'pgbouncer',
  curl: 'curl',
  nginx: 'nginx',
  chromium: 'chromium',
  'chromium-headless-shell': 'chromium-headless-shell',
  'espeak-ng': 'espeak-ng',
} as const;
type Program = keyof typeof packageOf;

/**
 * Path of a program that tests need: a server or a browser. On Debian, as root, a missing one is installed.
 *
 * @throws Error with one line that says what to install.
 */
export function serverBinary(program: Program): string {
  const present = find(program);
  if (present !== undefined) return present;
  const wanted = packageOf[program];
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version') && find('apt-get');
  if (canInstall !== false && canInstall !== undefined) {
    process.stderr.write(`The tests need ${wanted}: installing it.\n`);
    withoutServices(() => {
      aptGet('update');
      aptGet('install', '-y', '--no-install-recommends', wanted);
    });
    const installed = find(program);
    if (installed !== undefined) return installed;
  }
  throw new Error(
    `The tests need ${program}, which is not here: install the package ${wanted} and run them again.`,
  );
}
