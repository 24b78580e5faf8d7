import path from 'node:path';
import { send } from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BespokeError } from '../../errors/bespoke-error.ts';

/** Sends a local file, or the part of it that is asked for. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
): Promise<FastifyReply> {
  const options = {
    root: path.dirname(file),
    cacheControl: false,
    contentType: false,
    etag: false,
    lastModified: false,
  };
  const sent = await send(request.raw, encodeURIComponent(path.basename(file)), options);
  if (sent.type === 'file') {
    return reply.code(sent.statusCode).headers(sent.headers).send(sent.stream);
  }
  sent.stream.destroy();
  reply.removeHeader('content-type').removeHeader('etag').removeHeader('cache-control');
  if (sent.statusCode === 416) {
    void reply.header('content-range', sent.headers['Content-Range'] ?? 'bytes */0');
    throw new BespokeError('range-invalid', 'The range that was asked for lies behind the end of the file.');
  }
  throw new BespokeError('stored-file-missing', 'A file that a link leads to could not be opened.');
}
