import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { send } from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../errors/messages.ts';

/** Headers of a stored file whose content never changes. */
export interface FileTerms {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Identifies its content. */
  readonly tag: string;
}

/** For shared content, whose name changes with it. */
export const withoutLimit = 'public, max-age=31536000, immutable';

/** For files of a shared link: a cache must ask before it uses its copy, so that a withdrawn link shows nothing. */
export const askFirst = 'private, no-cache';

/** Sends a local file, the requested range of it, or 304. */
export async function answerFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
  { contentType, cacheControl, tag }: FileTerms,
): Promise<FastifyReply> {
  void reply.headers({
    'content-type': contentType,
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
    etag: `"${tag}"`,
  });
  if (prepareConditions(request.raw, `"${tag}"`) === 'unchanged') return reply.code(304).send(null);
  return sendFile(request, reply, file);
}

const listed = (header: string): readonly string[] =>
  header.split(',').map((each) => each.trim().replace(/^W\//, ''));

/**
 * Evaluates the conditions of a request with the file's strong tag, and removes them from the headers, because the
 * library that sends the file does not know the tag. A range of another file is dropped, so that the whole file is
 * sent. Files never change, so dates are not needed.
 */
export function prepareConditions({ headers }: IncomingMessage, tag: string): 'send' | 'unchanged' {
  const { 'if-none-match': noneMatch, 'if-range': ifRange } = headers;
  delete headers['if-none-match'];
  delete headers['if-match'];
  delete headers['if-modified-since'];
  delete headers['if-unmodified-since'];
  delete headers['if-range'];
  if (noneMatch !== undefined && (noneMatch.trim() === '*' || listed(noneMatch).includes(tag)))
    return 'unchanged';
  if (ifRange !== undefined && ifRange !== tag) delete headers.range;
  return 'send';
}

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
