import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { isOurToken, type OpenedLink, openLink } from '../../worker/campaigns/links.ts';
import { type Pipeline, priorities } from '../../worker/core/pipeline.ts';
import { renderPictures } from '../../worker/core/render-schema.ts';
import { withTimeLimit } from '../../worker/core/within-time.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { linkToken } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import { askFirst, prepareConditions, sendFile } from '../send-file.ts';
import type { Server } from '../server.ts';

/** How long caches may keep a file; a withdrawn link works that long at most. */
const freshSeconds = { personal: 600, shared: 24 * 3600 };

/** How long a signed address of a remote store works; a viewer may pause in between. */
const signedSeconds = 3600;

/** How long a request waits for a picture that is being made, and how often it looks in the store. */
const comingMs = { patience: 10_000, look: 250 };

/**
 * Waits for pictures that are being made. Requests for one picture share one wait, so that a mail which many
 * people open at once reads the store no more often than a single request.
 *
 * @returns a function that throws a BespokeError `service-unavailable` when it takes too long.
 */
function createPictureWaits({ store }: Pick<Pipeline, 'store'>): (link: OpenedLink) => Promise<void> {
  const waits = new Map<string, Promise<void>>();

  async function look({ namespace, name }: OpenedLink, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await store.has(namespace, name))) {
      await sleep(comingMs.look, undefined, { signal }).catch(() => undefined);
    }
  }

  return (link) => {
    const { name, kind } = link;
    const waiting = waits.get(name);
    if (waiting !== undefined) return waiting;
    const late = (): Error => errors.fileComing({ kind });
    const wait = withTimeLimit({ ms: comingMs.patience, late }, (signal) => look(link, signal)).finally(() =>
      waits.delete(name),
    );
    waits.set(name, wait);
    return wait;
  };
}

const params = z.object({
  token: linkToken.meta({
    description: 'The last part of a link of a finished video. No key is needed.',
    examples: ['mS0yHnC0bqGZxUeJ3sFOpAk2b7wRzVt9dQeYxL4uNcHg'],
  }),
});

const query = z.object({
  download: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'With any value, browsers save the file instead of showing it.', examples: ['1'] }),
});

const bytes = z.string().meta({ format: 'binary', description: 'The file.' });

const content = {
  'video/mp4': { schema: bytes },
  'image/jpeg': { schema: bytes },
  'image/gif': { schema: bytes },
  'text/vtt': { schema: bytes },
};

/** Headers of every answer for a link. */
function describeFile(reply: FastifyReply, link: OpenedLink, tag: string, cacheControl: string): void {
  void reply.headers({
    'content-type': link.contentType,
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
    etag: tag,
    // Pages of other sites may load captions only with this header. There are no cookies to misuse.
    'access-control-allow-origin': '*',
  });
}

function cacheControlOf({ personal, rights, lasting, expiresAt }: OpenedLink, now: Date): string {
  // Caches must ask again each time: this may be withdrawn or replaced at any time.
  if (rights === 'play' || lasting) return askFirst;
  const left = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000));
  const seconds = Math.min(left, personal ? freshSeconds.personal : freshSeconds.shared);
  return `${personal ? 'private' : 'public'}, max-age=${seconds}`;
}

/**
 * `/f/:token`: what viewers, mail programs and pages of other sites open. A GET changes nothing; unknown, expired
 * and withdrawn links have the same answer.
 */
export async function fileRoutes(
  server: Server,
  { pipeline, linkDays, limits }: RouteDependencies,
): Promise<void> {
  const { store, clock, renders, queue } = pipeline;
  const awaitPicture = createPictureWaits(pipeline);

  /** The local file of a link. A file that is missing from the store is made again. */
  async function fetchFile({ namespace, name, kind, render }: OpenedLink): Promise<string> {
    try {
      return await store.fetch(namespace, name);
    } catch (error) {
      if (!hasCode(error, 'stored-file-missing')) throw error;
      const picture = renderPictures.find((each) => each === kind);
      const name = picture === undefined ? 'assemble-video' : 'take-pictures';
      if (picture === undefined) await renders.reopen(render.id);
      else await renders.losePicture(render, picture);
      await queue.add([{ job: { name, render: render.id }, priority: priorities.single }]);
      throw errors.fileMadeAgain({ kind }, { cause: error });
    }
  }

  server.get(
    '/f/:token',
    {
      config: { unknown: 'link-unknown', seenByPeople: true },
      schema: {
        operationId: 'getFile',
        tags: ['Files'],
        summary: 'A video, poster, teaser or its captions',
        description:
          'Supports ranges, so that players can seek. When files are in a bucket, the answer redirects to an address of the bucket that works for an hour; for links that a viewer shared, the API sends the file itself. If a poster or teaser is still being made, the request waits up to ten seconds and then answers 503 with `Retry-After`.',
        security: [],
        params,
        querystring: query,
        response: {
          200: { description: 'The file.', content },
          206: { description: 'The requested range.', content },
          302: z.null().meta({ description: 'Address of the file in the bucket, valid for an hour.' }),
          304: z.null().meta({ description: 'Not modified.' }),
          ...problems(
            'link-unknown',
            'film-in-making',
            'film-not-made',
            'range-invalid',
            'rate-limited',
            'service-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      void reply.headers({ 'x-robots-tag': 'noindex, nofollow', 'cache-control': 'no-store' });
      const link = await openLink(pipeline, request.params.token, { linkDays });
      if (link === undefined) {
        // A link that has ended is no guess: its signature is ours.
        if (!isOurToken(pipeline.hmac, request.params.token)) await limits.countGuess(request, reply);
        throw errors.linkUnknown();
      }
      if (link.coming) await awaitPicture(link);
      const download = request.query.download !== undefined;
      const disposition = download ? 'attachment' : 'inline';
      void reply.header('content-disposition', `${disposition}; filename="${link.downloadName}"`);
      const { namespace, name, contentType } = link;
      const cacheControl = cacheControlOf(link, clock.now());
      const tag = `"${path.parse(name).name}"`;

      // A signed address supports neither "save as" nor HEAD; the server answers those itself.
      const seconds = Math.max(
        1,
        Math.min(signedSeconds, Math.ceil((link.expiresAt.getTime() - clock.now().getTime()) / 1000)),
      );
      // An address of the bucket would outlive a shared link that is withdrawn.
      const address =
        download || link.rights === 'play'
          ? undefined
          : await store.address(namespace, name, { contentType, cacheControl, seconds });
      if (address !== undefined && request.method === 'GET') return reply.redirect(address, 302);
      if (address !== undefined) {
        if (!(await store.has(namespace, name))) throw errors.linkedFileMissing();
        describeFile(reply, link, tag, cacheControl);
        return reply.send('');
      }

      const file = await fetchFile(link);
      describeFile(reply, link, tag, cacheControl);
      if (prepareConditions(request.raw, tag) === 'unchanged') return reply.code(304).send(null);
      return sendFile(request, reply, file);
    },
  );
}
