import { isIPv6 } from 'node:net';
import { errors } from '../../errors/messages.ts';

const everywhere = new Set(['0.0.0.0', '::']);

/** Whether only this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The URL under which this machine reaches a server that listens there. */
export function addressOf(host: string, port: number): string {
  const name = everywhere.has(host) ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** The options that choose where to listen. */
export interface PlaceOptions {
  readonly host: string;
  readonly port: string;
}

const usualOptions: PlaceOptions = { host: '--host', port: '--port' };

function explain(error: unknown, host: string, port: number, options: PlaceOptions): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return errors.portTaken({ host, port, option: options.port }, { cause: error });
    case 'EACCES':
      return errors.portForbidden({ port, option: options.port }, { cause: error });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return errors.hostInvalid({ host, option: options.host }, { cause: error });
    default:
      return error;
  }
}

/**
 * Starts to listen.
 *
 * @param options that a message names.
 * @throws BespokeError `address-in-use`, `usage-invalid` when this user or machine cannot listen there.
 */
export async function listen(
  server: { readonly listen: (where: { readonly host: string; readonly port: number }) => Promise<unknown> },
  host: string,
  port: number,
  options: PlaceOptions = usualOptions,
): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw explain(error, host, port, options);
  }
}
