import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { serverBinary } from './server-binaries.ts';
import { startServer, type ServerProcess } from './server-process.ts';

export interface TestRedisCluster {
  /** Of its first node. */
  readonly url: string;
  /** Connections to all nodes, for operators. */
  readonly operators: readonly Redis[];
  /** Ends a node; its data stay for `startNode`. */
  readonly stopNode: (index: number) => Promise<void>;
  readonly startNode: (index: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const size = 3;
const slots = 16_384;

/** Waits until every node knows all others and that each slot has one. */
async function untilWhole(operators: readonly Redis[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const states = await Promise.all(operators.map((each) => each.cluster('INFO')));
    const whole = states.every(
      (state) => state.includes('cluster_state:ok') && state.includes(`cluster_known_nodes:${size}`),
    );
    if (whole) return;
    if (tries === 600) throw new Error(`The nodes make no cluster:\n${states.join('\n')}`);
    await sleep(50);
  }
}

/** A private Redis Cluster of three nodes without replicas on loopback, which keeps its data over a restart. */
export async function startTestRedisCluster(): Promise<TestRedisCluster> {
  const program = serverBinary('redis-server');
  const directory = await mkdtemp(join(tmpdir(), 'bespoke-redis-cluster-'));
  const ports = await Promise.all(
    Array.from({ length: size }, async () => ({ own: await freePort(), bus: await freePort() })),
  );
  const launch = async (index: number): Promise<ServerProcess> => {
    const folder = join(directory, String(index));
    await mkdir(folder, { recursive: true });
    const { own, bus } = ports[index] ?? { own: 0, bus: 0 };
    const options = {
      port: own,
      'cluster-port': bus,
      'cluster-enabled': 'yes',
      'cluster-config-file': 'nodes.conf',
      'cluster-node-timeout': 2_000,
      bind: '127.0.0.1',
      dir: folder,
      save: '',
      appendonly: 'yes',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return startServer(program, args, own);
  };
  const servers: (ServerProcess | undefined)[] = await Promise.all(ports.map((_, index) => launch(index)));
  const operators = ports.map(({ own }) => new Redis(own, '127.0.0.1', { maxRetriesPerRequest: null }));
  for (const each of operators) each.on('error', () => undefined);
  const share = Math.ceil(slots / size);
  for (const [index, operator] of operators.entries()) {
    const last = Math.min(slots, (index + 1) * share) - 1;
    await operator.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last);
    await operator.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const { own, bus } of ports) await operators[0]?.call('CLUSTER', 'MEET', '127.0.0.1', own, bus);
  await untilWhole(operators);

  return {
    url: `redis://127.0.0.1:${ports[0]?.own}`,
    operators,
    stopNode: async (index) => {
      await servers[index]?.end('SIGKILL');
      servers[index] = undefined;
    },
    startNode: async (index) => {
      servers[index] = await launch(index);
    },
    remove: async () => {
      for (const each of operators) each.disconnect();
      for (const each of servers) await each?.end('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}
