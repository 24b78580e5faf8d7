import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { Deployment } from '../e2e/deployment.ts';
import { programArguments } from '../services/run-program.ts';
import { processEvent, type ProcessEvent, type ProcessTask } from './process-task.ts';

/** Of a kind that is passed on to browsers and encoders, which see none of our settings. */
const markName = 'XDG_BESPOKE_TEST_PROCESS';

/** A process of the pipeline and all that it starts: browsers, encoders, bundlers. */
export interface Child {
  readonly events: readonly ProcessEvent[];
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves once the events fulfil the condition; rejects when the process ends before. */
  readonly until: (condition: (events: readonly ProcessEvent[]) => boolean) => Promise<void>;
  readonly ended: Promise<void>;
  /** Ids and command lines of all its processes. */
  readonly processes: () => Promise<readonly string[]>;
  /** Those of its processes that are still there after some time to end. */
  readonly survivors: (graceMs: number) => Promise<readonly string[]>;
}

/** The keys of the clips that a process began to draw, or put into the store. */
export function clipsOf({ events }: Pick<Child, 'events'>, type: 'render' | 'stored'): readonly string[] {
  return events.flatMap((event) => (event.type === type ? [event.clip] : []));
}

/** Processes whose environment holds the mark; those that have ended have none. */
async function markedProcesses(mark: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      if (!environment.includes(`${markName}=${mark}`)) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
      return [`${pid} ${command.replaceAll('\0', ' ').slice(0, 120)}`];
    }),
  );
  return found.flat();
}

/** What a process did and logged last: it explains why a test failed. */
async function lastLines(
  { config }: Deployment,
  pid: number | undefined,
  events: readonly ProcessEvent[],
): Promise<string> {
  const file = path.join(config.workspace, 'logs', `${pid}.log`);
  const logged = await readFile(file, 'utf8').catch(() => '');
  return `Process ${pid}\n${JSON.stringify(events.slice(-20))}\n${logged.slice(-8_000)}`;
}

/** Starts a process that runs a CSV of the deployment's folder, or works for others without one. */
export function startChild(
  deployment: Deployment,
  csv?: string,
  more: Pick<ProcessTask, 'api' | 'chunks' | 'hold'> = {},
): Child {
  const mark = randomUUID();
  const task: ProcessTask = { deployment, ...(csv !== undefined && { csv }), ...more };
  const child = spawn(process.execPath, programArguments('pipeline-process', JSON.stringify(task)), {
    env: { ...process.env, [markName]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(await lastLines(deployment, child.pid, events));
    child.kill('SIGKILL');
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)));
  const events: ProcessEvent[] = [];
  const listeners = new Set<() => void>();
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    events.push(processEvent.parse(JSON.parse(line)));
    for (const listener of listeners) listener();
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return {
    events,
    kill: (signal) => void child.kill(signal),
    until: (condition) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!condition(events)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        void ended.then(() =>
          reject(new Error(`The process ended after ${JSON.stringify(events)}:\n${log}`)),
        );
        look();
      }),
    ended,
    processes: () => markedProcesses(mark),
    survivors: async (graceMs) => {
      const deadline = Date.now() + graceMs;
      for (;;) {
        const left = await markedProcesses(mark);
        if (left.length === 0 || Date.now() > deadline) return left;
        await sleep(50);
      }
    },
  };
}

/** Resolves when a process has come to the point where it was told to hang. */
export const untilHanging = (child: Child): Promise<void> =>
  child.until((events) => events.some(({ type }) => type === 'hanging'));

/** Ends a process on the spot; nothing of it stays. */
export async function killChild(child: Child): Promise<void> {
  child.kill('SIGKILL');
  await child.ended;
  expect(await child.survivors(5_000)).toEqual([]);
}
