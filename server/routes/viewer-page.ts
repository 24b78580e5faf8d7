import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { acceptedLanguages, choosePageLanguage, type PageLanguage } from '../../video/story/languages.ts';
import { localeOf, localizeStory } from '../../video/story/localized-story.ts';
import { findTemplate } from '../../video/story/registry.ts';
import { basePath, isOurToken, isShown, readPageToken, renderLinks } from '../../worker/campaigns/links.ts';
import { renderFiles } from '../../worker/core/renders.ts';
import { fetchClip } from '../../worker/viewers/await-clip.ts';
import { remakeView, videoPath } from '../../worker/viewers/shown-render.ts';
import { type OpenedPage, openPage } from '../../worker/viewers/viewer-access.ts';
import type { Viewer } from '../../worker/viewers/viewer.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { notices } from '../page-notices.ts';
import { linkToken } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import { answerFile, withoutLimit } from '../send-file.ts';
import type { Server } from '../server.ts';
import {
  type PageContent,
  type PageFiles,
  pagePolicy,
  playerAssets,
  writeNoPage,
  writePage,
} from '../viewer-page-html.ts';

const htmlType = 'text/html; charset=utf-8';

/** How long browsers keep files whose name never changes. */
const embedSeconds = 600;

const pageParams = z.object({
  token: linkToken.meta({
    description: 'The last part of `links.page` of a finished video. No key is needed.',
    examples: ['mS0yHnC0bqGZxUeJ3sFOpAn5Tz2bGk8WfY4cXvRmQ7Ld'],
  }),
});

const pageQuery = z.object({
  embed: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: '`1` allows other sites to show the page in a frame.', examples: ['1'] }),
  swap: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'Plays without Media Source.', examples: ['1'] }),
});

const fileParams = (description: string, example: string) =>
  z.object({ file: z.string().meta({ description, examples: [example] }) });

const bytes = z.string().meta({ format: 'binary', description: 'The file.' });

const unchanged = z.null().meta({ description: 'Not modified.' });

/** Pages of videos and what they load. A GET changes and counts nothing. */
export async function viewerPageRoutes(
  server: Server,
  dependencies: RouteDependencies & { readonly viewer: Viewer },
): Promise<void> {
  const { pipeline, publicUrl, linkDays, viewer, limits } = dependencies;
  const { hmac, campaigns, clips, renders, registry, store, clock } = pipeline;
  const { countGuess } = limits;
  const base = basePath(publicUrl);

  /** The story of a video as its viewer gets it, and their locale. */
  async function readShown(render: string) {
    const source = await renders.source(render);
    const template = source && findTemplate(registry, source.terms.template)?.template;
    if (template === undefined || source === undefined) return undefined;
    const locale = localeOf(template, source.record);
    return { locale, own: template.language, story: localizeStory(template, locale) };
  }

  /** The page speaks the language of its film, or else one that the browser asks for. */
  function languageFor(
    shown: Awaited<ReturnType<typeof readShown>>,
    { headers }: FastifyRequest,
  ): PageLanguage {
    return choosePageLanguage([shown?.locale, shown?.own, ...acceptedLanguages(headers['accept-language'])]);
  }

  /** The language of a page whose link has ended: what it showed may still be known. */
  async function languageAfter(token: string, request: FastifyRequest): Promise<PageLanguage> {
    const link = readPageToken(hmac, token);
    const ended = link === undefined ? undefined : await renders.findByLink(link);
    return languageFor(ended && (await readShown(ended.shown?.id ?? ended.id)), request);
  }

  /** The content of a video's page, without a player if nothing is stored that it could play. */
  async function contentOf({ render, link }: OpenedPage, request: FastifyRequest): Promise<PageContent> {
    const shown = await readShown(render.id);
    const language = languageFor(shown, request);
    // Files on the page of a shared link stop working with that link.
    const addresses = renderLinks(hmac, { ...render, link }, { publicUrl, linkDays }, clock.now());
    const campaign = await campaigns.find(render.campaign);
    const image = campaign?.preview === 'personal' && isShown(render) ? addresses?.poster : undefined;
    return {
      title: shown?.story.title ?? notices[language].film,
      language,
      preview: { description: shown?.story.description ?? '', image },
      video: videoPath(render, addresses?.video),
      poster: videoPath(render, addresses?.poster),
      captions: videoPath(render, addresses?.captions),
      remake: remakeView(render).state,
      player: shown && (await filesWith('script', language)),
    };
  }

  /** The style sheet of pages, and a module. */
  async function filesWith(module: 'script' | 'gone', language?: PageLanguage): Promise<PageFiles> {
    const built = await playerAssets();
    const words = language && built.words[language];
    return {
      script: `${base}/player/${built[module]}`,
      words: words && `${base}/player/${words}`,
      style: `${base}/player/${built.style}`,
    };
  }

  /** The origin of signed addresses of a bucket. */
  async function storeOrigin(key = ''): Promise<string | undefined> {
    const answer = { contentType: 'video/mp4', cacheControl: 'no-store', seconds: 1 };
    const address = key === '' ? undefined : await store.address('videos', renderFiles(key).video, answer);
    return address === undefined ? undefined : new URL(address).origin;
  }

  server.get(
    '/v/:token',
    {
      config: { seenByPeople: true },
      schema: {
        operationId: 'getPage',
        tags: ['Viewers'],
        summary: 'The page of a video',
        description:
          'The page on which a viewer watches the video and makes choices. It contains no personal data. Without scripts it shows the plain video.',
        security: [],
        params: pageParams,
        querystring: pageQuery,
        response: {
          200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } },
          302: z.null().meta({ description: 'The address without the marks that a mail program appended.' }),
          404: { description: 'A page for unknown links.', content: { 'text/html': { schema: z.string() } } },
          ...problems('rate-limited', 'service-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const { token } = request.params;
      const [path = '', query] = request.url.split('?');
      if (token !== '' && !path.endsWith(`/${token}`)) {
        const rest = query === undefined ? '' : `?${query}`;
        return reply.header('cache-control', 'no-store').redirect(`${base}/v/${token}${rest}`, 302);
      }
      const embedded = request.query.embed === '1';
      const page = await openPage(pipeline, token, { linkDays });
      if (page === undefined && !isOurToken(hmac, token)) await countGuess(request, reply);
      const { styleSources } = await playerAssets();
      const needs = { styleSources, embedded, storeOrigin: await storeOrigin(page?.render.key) };
      void reply.type(htmlType).headers({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'content-security-policy': pagePolicy(needs),
      });
      if (embedded) void reply.removeHeader('x-frame-options');
      if (page === undefined) {
        const language = await languageAfter(token, request);
        return reply.code(404).send(writeNoPage(await filesWith('gone'), language));
      }
      return reply.send(writePage(await contentOf(page, request)));
    },
  );

  server.get(
    '/player/:file',
    { schema: { hide: true, params: fileParams('A file of the player.', 'bespoke-player.js') } },
    async (request, reply) => {
      const file = (await playerAssets()).files.get(request.params.file);
      if (file === undefined) throw errors.nothingHere();
      return reply
        .headers({
          'content-type': file.type,
          'cache-control': file.immutable ? withoutLimit : `public, max-age=${embedSeconds}`,
          // Pages of other sites load it as a module.
          'access-control-allow-origin': '*',
        })
        .send(file.body);
    },
  );

  /** The file of a shared clip. A missing one is rendered again for the next session that needs it. */
  async function findShared(key: string): Promise<string | undefined> {
    const state = (await clips.states([key])).get(key);
    return state === 'stored' ? fetchClip(pipeline, key) : undefined;
  }

  /** Answers with a public file that any cache may keep. */
  async function answerShared(
    request: FastifyRequest,
    reply: FastifyReply,
    file: string | undefined,
    name: string,
    contentType: string,
  ): Promise<FastifyReply> {
    void reply.headers({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
    if (file === undefined) {
      await countGuess(request, reply);
      throw errors.clipNotShared();
    }
    return answerFile(request, reply, file, {
      contentType,
      cacheControl: withoutLimit,
      tag: name.split('.')[0] ?? '',
    });
  }

  const shared = (mediaType: string) => ({
    200: { description: 'The file.', content: { [mediaType]: { schema: bytes } } },
    206: { description: 'The requested range.', content: { [mediaType]: { schema: bytes } } },
    304: unchanged,
    ...problems('clip-unavailable', 'range-invalid', 'rate-limited', 'service-unavailable'),
  });

  server.get(
    '/c/:file',
    {
      config: { unknown: 'clip-unavailable' },
      schema: {
        operationId: 'getSharedClip',
        tags: ['Viewers'],
        summary: 'A shared clip',
        description: 'May be cached without limit: the same content has the same name.',
        security: [],
        params: fileParams('From the `url` of a clip.', '0f3a….mp4'),
        response: shared('video/mp4'),
      },
    },
    async (request, reply) => {
      const { file } = request.params;
      const key = /^([0-9a-f]{64})\.mp4$/.exec(file)?.[1] ?? '';
      const [clip] = key === '' ? [] : await clips.find([key]);
      const shown = clip?.personal === false ? await findShared(key) : undefined;
      return answerShared(request, reply, shown, file, 'video/mp4');
    },
  );

  server.get(
    '/s/:file',
    {
      config: { unknown: 'clip-unavailable' },
      schema: {
        operationId: 'getSound',
        tags: ['Viewers'],
        summary: 'Music, or a sound of a scene',
        description: 'May be cached without limit. Made at the first request.',
        security: [],
        params: fileParams('From the `url` of a sound.', '1b7c….m4a'),
        querystring: z.object({
          played: z
            .string()
            .max(300)
            .optional()
            .meta({
              description: 'From the `url` of a sound that is trimmed, repeated or faded: how, as JSON.',
              examples: ['{"fps":30,"trim":{"from":1,"to":3}}'],
            }),
        }),
        response: shared('audio/mp4'),
      },
    },
    async (request, reply) => {
      const { file } = request.params;
      const sound = await viewer.sounds.find(file, request.query.played);
      return answerShared(request, reply, sound, file, 'audio/mp4');
    },
  );
}
