import type { FastifyReply, FastifyRequest } from 'fastify';
import { prepareConditions } from './conditions.ts';
import { sendFile } from './send-file.ts';

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
