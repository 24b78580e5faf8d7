import type { IncomingMessage } from 'node:http';

const lingerMs = 3_000;

/**
 * Discards what a refused client still sends, for a few seconds, and then closes the connection. Closing at once
 * would reset it before the client has read why it was refused.
 */
export function linger(request: IncomingMessage): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const hasBody = length !== '0' || encoding !== undefined;
  if (!hasBody || request.complete || request.destroyed) return;
  request.unpipe();
  request.on('error', () => undefined);
  request.resume();
  const cut = setTimeout(() => request.destroy(), lingerMs).unref();
  const done = (): void => clearTimeout(cut);
  request.once('end', done);
  request.once('close', done);
}
