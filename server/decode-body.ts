import { Transform, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errors } from '../errors/messages.ts';
import type { Server } from './server.ts';

/**
 * Unpacks bodies with `Content-Encoding: gzip`. Unpacked, a body may be as large as the route takes: a small one that
 * grows without end is given up there.
 */
export function unpackBodies(server: Server): void {
  server.addHook('preParsing', async (request, _reply, body: Readable) => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
    const isEmpty = (length === undefined || length === '0') && chunked === undefined;
    if (encoding === 'identity' || isEmpty) return body;
    const isForm = /^multipart\//i.test(request.headers['content-type'] ?? '');
    if ((encoding !== 'gzip' && encoding !== 'x-gzip') || isForm) throw errors.encodingUnsupported();
    const most = request.routeOptions.bodyLimit ?? 0;
    let packed = 0;
    let unpacked = 0;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        packed += chunk.length;
        done(null, chunk);
      },
    });
    const limit = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        unpacked += chunk.length;
        if (unpacked > most) done(errors.bodyTooLarge({ megabytes: most / 1_000_000 }));
        else done(null, chunk);
      },
    });
    const gunzip = createGunzip();
    // Where nobody reads the body, an error that nobody hears would end the process.
    limit.on('error', () => undefined);
    limit.once('close', () => gunzip.destroy());
    body.on('error', (error) => limit.destroy(error));
    gunzip.on('error', (error) => limit.destroy(errors.bodyNotGzip(undefined, { cause: error })));
    // Fastify compares the length that the request names with what has arrived.
    Object.defineProperty(limit, 'receivedEncodedLength', { get: () => packed });
    return body.pipe(count).pipe(gunzip).pipe(limit);
  });
}
