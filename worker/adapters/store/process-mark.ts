import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** When a process started, in clock ticks since boot; `0` if the system does not report it. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in the second field may contain spaces and brackets; the 20th field after it is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function safeHost(): string {
  return hostname().replaceAll(/[^a-zA-Z0-9]/g, '') || 'host';
}

/** A folder name that identifies the process that made it: host, process id, its start, and a random part. */
export function processMark(): string {
  return [safeHost(), process.pid, startOf(process.pid), randomBytes(4).toString('hex')].join('.');
}

/** Whether the process that made this mark has ended; `unknown` when it ran on another machine. */
export function markState(mark: string): 'running' | 'ended' | 'unknown' {
  const [host, pidText, start] = mark.split('.');
  const pid = Number(pidText);
  if (host !== safeHost() || !Number.isSafeInteger(pid) || pid <= 0) return 'unknown';
  return isRunning(pid) && startOf(pid) === start ? 'running' : 'ended';
}
