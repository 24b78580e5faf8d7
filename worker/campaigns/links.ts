import { errors } from '../../errors/messages.ts';
import { type Hmac, isSigned, sign, signaturePattern } from '../core/hmac.ts';
import { type Render, missingPictures, renderFiles, type RenderFiles } from '../core/renders.ts';
import type { RenderPicture } from '../core/render-schema.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Namespace } from '../core/ports.ts';
import type { ViewerRights } from '../core/viewers.ts';

/** What a link of a video leads to: a file, or the page where it is watched. */
export type LinkKind = keyof RenderFiles | 'page';

/** Where links lead and how long they work. */
export interface LinkOptions {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Days after the video's end. */
  readonly linkDays: number;
}

/** The path of the public address, without a slash at its end; empty where Bespoke has a host of its own. */
export const basePath = (publicUrl: string): string => new URL(publicUrl).pathname.replace(/\/+$/, '');

/** Public addresses of a video; a picture that could not be made has none. */
export type RenderLinks = Readonly<Record<Exclude<LinkKind, RenderPicture>, string>> &
  Partial<Readonly<Record<RenderPicture, string>>>;

/** A file that a link leads to. */
export interface OpenedLink {
  readonly kind: keyof RenderFiles;
  readonly namespace: Namespace;
  readonly name: string;
  readonly contentType: string;
  /** Whether it is about one person, so that no shared cache may keep it. */
  readonly personal: boolean;
  /** `play`: the link was shared, and nothing that it gave may outlive it. */
  readonly rights: ViewerRights;
  /** Whether the link can show another render at any time. */
  readonly lasting: boolean;
  /** A name for saving it that says nothing about anybody. */
  readonly downloadName: string;
  readonly expiresAt: Date;
  /** It is still being made. */
  readonly coming: boolean;
  /** The video whose file it is. */
  readonly render: { readonly id: string; readonly key: string };
}

const kinds = {
  video: { namespace: 'videos', contentType: 'video/mp4', downloadName: 'video.mp4' },
  poster: { namespace: 'posters', contentType: 'image/jpeg', downloadName: 'poster.jpg' },
  teaser: { namespace: 'teasers', contentType: 'image/gif', downloadName: 'teaser.gif' },
  captions: { namespace: 'captions', contentType: 'text/vtt; charset=utf-8', downloadName: 'captions.vtt' },
} as const satisfies Record<
  keyof RenderFiles,
  { namespace: Namespace; contentType: string; downloadName: string }
>;

const linkKinds = [...(Object.keys(kinds) as readonly (keyof RenderFiles)[]), 'page'] as const;

/** 16 random bytes as 22 digits, then a signature. */
const tokenPattern = new RegExp(String.raw`^(?<link>[\w-]{22})${signaturePattern}$`);

const signatureOf = (hmac: Hmac, link: string, kind: LinkKind): string => sign(hmac, 'link', { link, kind });

/** Whether there is a video to show: none while a remake is being made. */
export const isShown = (entry: Render): boolean => entry.key !== undefined && entry.remake === undefined;

/** The end of a video's links; `undefined` before there was anything to show. */
export function linksExpireAt(
  { status, key, remake, shown, endedAt, shownAt = endedAt, linkExpiresAt }: Render,
  linkDays: number,
): Date | undefined {
  const leads = key !== undefined || remake !== undefined || shown !== undefined;
  const shows = status.state === 'done' && leads;
  if (!shows || shownAt === undefined) return undefined;
  return linkExpiresAt ?? new Date(shownAt.getTime() + linkDays * 24 * 60 * 60 * 1000);
}

/** Whether a file of a video is a picture that could not be made. */
const isMissing = ({ warnings, shown }: Pick<Render, 'warnings' | 'shown'>, kind: LinkKind): boolean =>
  missingPictures(shown?.missing ?? warnings).some((picture) => picture === kind);

/** The public addresses of a video; `undefined` before it is done, and once they work no more. */
export function renderLinks(
  hmac: Hmac,
  entry: Render,
  { publicUrl, linkDays }: LinkOptions,
  now: Date,
): RenderLinks | undefined {
  const { link } = entry;
  const expiresAt = linksExpireAt(entry, linkDays);
  if (link === undefined || expiresAt === undefined || expiresAt <= now) return undefined;
  const addressOf = (kind: LinkKind): string =>
    `${publicUrl}/${kind === 'page' ? 'v' : 'f'}/${link}${signatureOf(hmac, link, kind)}`;
  return {
    video: addressOf('video'),
    ...(!isMissing(entry, 'poster') && { poster: addressOf('poster') }),
    ...(!isMissing(entry, 'teaser') && { teaser: addressOf('teaser') }),
    captions: addressOf('captions'),
    page: addressOf('page'),
  };
}

/** What a results file says of a video; empty cells where its links work no more. */
export function linkCells(
  hmac: Hmac,
  entry: Render,
  terms: LinkOptions,
  now: Date,
): Partial<Pick<RenderLinks, 'video' | 'poster' | 'teaser' | 'page'>> {
  const addresses = renderLinks(hmac, entry, terms, now);
  if (addresses === undefined) return {};
  const { captions: _, ...cells } = addresses;
  return cells;
}

/** Whether we signed a token: someone who has it was given the link, which may have ended since. */
export const isOurToken = (hmac: Hmac, token: string): boolean => readToken(hmac, token) !== undefined;

/** What a token was signed for, if we did. All kinds are compared, each in constant time. */
function readToken(
  hmac: Hmac,
  token: string,
): { readonly link: string; readonly kind: LinkKind } | undefined {
  const { link = '', signature = '' } = tokenPattern.exec(token)?.groups ?? {};
  if (link === '') return undefined;
  let found: LinkKind | undefined;
  for (const kind of linkKinds) {
    if (isSigned(hmac, 'link', { link, kind }, signature)) found = kind;
  }
  return found && { link, kind: found };
}

/** What names the files of a video that can be shown now. */
function shownKey({ key, remake }: Render): string {
  if (remake?.status.state === 'failed') {
    throw errors.videoNotMade();
  }
  if (key === undefined || remake !== undefined) {
    throw errors.videoInMaking();
  }
  return key;
}

/** The address of the page of a link. @param link its random part. */
export const pageAddress = (
  hmac: Hmac,
  link: string,
  { publicUrl }: Pick<LinkOptions, 'publicUrl'>,
): string => `${publicUrl}/v/${link}${signatureOf(hmac, link, 'page')}`;

/**
 * The video that a link leads to while it works: its own, or one that its owner shared for watching only.
 *
 * @param link its random part.
 */
export async function findLinked(
  { renders, clock }: Pick<Pipeline, 'renders' | 'clock'>,
  link: string,
  { linkDays }: Pick<LinkOptions, 'linkDays'>,
): Promise<
  | {
      readonly entry: Render;
      readonly expiresAt: Date;
      readonly rights: ViewerRights;
    }
  | undefined
> {
  const found = await renders.linked(link);
  if (found === undefined) return undefined;
  const { render: entry, rights } = found;
  const expiresAt = linksExpireAt(entry, linkDays);
  if (expiresAt === undefined || expiresAt <= clock.now()) return undefined;
  return { entry, expiresAt, rights };
}

/**
 * What the last part of a public address leads to. Tokens that we did not sign cost no query. Changes
 * nothing: mail scanners follow links too.
 *
 * @returns `undefined` when it was never given out, was revoked or has expired.
 * @throws BespokeError `film-in-making`, `film-not-made` where it has a remake.
 */
export async function openLink(
  pipeline: Pick<Pipeline, 'hmac' | 'renders' | 'clock'>,
  token: string,
  terms: Pick<LinkOptions, 'linkDays'>,
): Promise<OpenedLink | undefined> {
  const read = readToken(pipeline.hmac, token);
  if (read === undefined || read.kind === 'page') return undefined;
  const found = await findLinked(pipeline, read.link, terms);
  if (found === undefined) return undefined;
  const { entry, expiresAt, rights } = found;
  const { kind } = read;
  const key = shownKey(entry);
  if (isMissing(entry, kind)) return undefined;
  const coming = entry.coming.some((picture) => picture === kind);
  const { id, personal, linkOwner } = entry;
  const name = renderFiles(key)[kind];
  const lasting = linkOwner !== undefined;
  return { kind, ...kinds[kind], name, personal, rights, lasting, expiresAt, coming, render: { id, key } };
}

/** The random part of the link of a page; `undefined` for a token that we did not sign for one. */
export function readPageToken(hmac: Hmac, token: string): string | undefined {
  const read = readToken(hmac, token);
  return read?.kind === 'page' ? read.link : undefined;
}
