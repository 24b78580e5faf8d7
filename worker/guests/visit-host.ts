import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Host } from '../adapters/workspace/find-host.ts';
import { answeredSchema, onLines, writeLine } from './lines.ts';
import {
  nameProtocol,
  operationContracts,
  type OperationName,
  type Operations,
  type Shapes,
} from './operations.ts';

/** How long an owner may take to end what its guest wants no more. */
const farewellMs = 10_000;

const lost = ({ pid }: Host): BespokeError =>
  new BespokeError(
    'server-stopped',
    `The server that did this work (process ${pid}) has ended in the middle of it.`,
  );

function work<N extends OperationName>(
  host: Host,
  name: N,
  asked: Shapes[N]['request'],
  observe: (event: Shapes[N]['event']) => void,
  signal: AbortSignal,
): Promise<Shapes[N]['result']> {
  const { event, result } = operationContracts[name];
  const { connection } = host;
  const stopped = (): Error => (signal.reason instanceof Error ? signal.reason : new Error('Stopped.'));
  return new Promise((resolve, reject) => {
    let farewell: NodeJS.Timeout | undefined;
    const stop = (): void => {
      // Ending our side asks to stop. The owner closes when it has, so that nothing is written any
      // more once this command has ended.
      connection.end();
      farewell = setTimeout(() => connection.destroy(), farewellMs);
    };
    const settle = (conclude: () => void): void => {
      signal.removeEventListener('abort', stop);
      clearTimeout(farewell);
      connection.destroy();
      conclude();
    };
    const leave = (): void => settle(() => reject(signal.aborted ? stopped() : lost(host)));
    connection.once('end', leave).once('close', leave);
    function take(line: unknown): void {
      const answer = answeredSchema.parse(line);
      switch (answer.type) {
        case 'event':
          if (!signal.aborted) observe(event.parse(answer.event));
          return;
        case 'result':
          return settle(() => resolve(result.parse(answer.result)));
        case 'failure':
          return settle(() =>
            reject(signal.aborted ? stopped() : new BespokeError(answer.code, answer.message)),
          );
        default:
          answer satisfies never;
      }
    }
    onLines(connection, (line) => {
      try {
        take(line);
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    });
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    writeLine(connection, { operation: name, request: asked });
  });
}

/**
 * The operations as the owner of the workspace does them. Its connection carries one of them.
 *
 * @throws BespokeError `workspace-held` when the owner is of another version.
 */
export function visitHost(host: Host): Operations {
  if (host.protocol !== nameProtocol()) {
    host.connection.destroy();
    throw new BespokeError(
      'workspace-held',
      `The workspace is in use by process ${host.pid} (${host.command}), which runs another version of Bespoke than this command and cannot do its work.`,
    );
  }
  const through =
    <N extends OperationName>(name: N) =>
    (
      request: Shapes[N]['request'],
      observe: (event: Shapes[N]['event']) => void,
      signal: AbortSignal,
    ): Promise<Shapes[N]['result']> =>
      work(host, name, request, observe, signal);
  return {
    batch: through('batch'),
    render: through('render'),
    'render.session': through('render.session'),
    plan: through('plan'),
    'people.erase': through('people.erase'),
    'people.export': through('people.export'),
    'people.welcome': through('people.welcome'),
    'keys.create': through('keys.create'),
    'keys.list': through('keys.list'),
    'keys.revoke': through('keys.revoke'),
  };
}
