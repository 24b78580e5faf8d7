import path from 'node:path';
import { send } from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../errors/messages.ts';

/** Sends a local file, or the requested range of it. */
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
    throw errors.rangeInvalid();
  }
  throw errors.linkedFileMissing();
}
