import { randomBytes } from 'node:crypto';
import { errors } from '../../errors/messages.ts';
import type { Hmac } from '../core/hmac.ts';
import type { Render } from '../core/renders.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { ViewerRights, ViewerSession } from '../core/viewers.ts';
import { findLinked, readPageToken, type LinkOptions } from '../campaigns/links.ts';
import { readEarlierPass, readPass, writePass, type Pass } from './tokens.ts';

type AccessPipeline = Pick<Pipeline, 'hmac' | 'renders' | 'viewers' | 'clock'>;

/** What a link of a page gives access to. */
export interface OpenedPage {
  readonly render: Render;
  readonly rights: ViewerRights;
  /** The random part of the link. */
  readonly link: string;
  /** When the link ends. */
  readonly expiresAt: Date;
}

/** A session of someone who may watch now. */
export interface ViewerAccess extends Omit<OpenedPage, 'link'> {
  readonly session: ViewerSession;
}

/**
 * What the last part of a page's address gives access to. Changes nothing, and tokens that we did not sign
 * cost no query.
 *
 * @returns `undefined` when it was never given out, was withdrawn or has expired.
 */
export async function openPage(
  pipeline: AccessPipeline,
  token: string,
  terms: Pick<LinkOptions, 'linkDays'>,
): Promise<OpenedPage | undefined> {
  const link = readPageToken(pipeline.hmac, token);
  if (link === undefined) return undefined;
  const found = await findLinked(pipeline, link, terms);
  return found && { render: found.entry, rights: found.rights, link, expiresAt: found.expiresAt };
}

/** A session in which nothing has happened, so that nothing of it is recorded yet. */
const newSession = (id: string, { render, rights, link }: OpenedPage, now: Date): ViewerSession => ({
  id,
  render: render.id,
  rights,
  link,
  story: '',
  run: 0,
  createdAt: now,
});

const isOf = (session: ViewerSession, { link, rights }: Pass, render: Render): boolean =>
  session.link === link && session.rights === rights && session.render === render.id;

/** The session of an earlier pass, where the same link opened it and still shows the same render. */
async function findContinued(
  { hmac, viewers, clock }: AccessPipeline,
  page: OpenedPage,
  earlier: string,
): Promise<ViewerSession | undefined> {
  const pass = readEarlierPass(hmac, earlier);
  if (pass === undefined || pass.link !== page.link || pass.rights !== page.rights) return undefined;
  const session = (await viewers.findSession(pass.session)) ?? newSession(pass.session, page, clock.now());
  return isOf(session, pass, page.render) ? session : undefined;
}

/**
 * Opens the session of a page. Its owner continues where they were, and so does a guest who shows a pass that they
 * had. Of a guest nothing is recorded before something happened, so that opening a link leaves nothing behind.
 *
 * @param story names the story as it is now.
 * @param earlier a pass of the session to continue, which may have expired.
 */
export async function openSession(
  pipeline: AccessPipeline,
  page: OpenedPage,
  story: string,
  earlier: string | undefined,
): Promise<ViewerAccess> {
  const { viewers, clock } = pipeline;
  const { render, rights, link, expiresAt } = page;
  const id = randomBytes(16).toString('base64url');
  const session =
    rights === 'owner'
      ? (await viewers.openSession({ id, render: render.id, rights, link, story })).session
      : ((earlier === undefined ? undefined : await findContinued(pipeline, page, earlier)) ??
        newSession(id, page, clock.now()));
  return { session, render, rights, expiresAt };
}

/** A pass for a session that works for so long, but no longer than its link. */
export function passFor(hmac: Hmac, access: ViewerAccess, now: Date, forMs: number): string {
  const { session, expiresAt } = access;
  return writePass(hmac, {
    session: session.id,
    rights: session.rights,
    link: session.link,
    expiresAt: new Date(Math.min(now.getTime() + forMs, expiresAt.getTime())),
  });
}

/**
 * Who watches, by their pass. Asked for at each request: a link that was withdrawn ends what it began.
 *
 * @returns `undefined` for a text that is no pass, or one of a session that is gone or whose render was replaced.
 * @throws BespokeError `link-ended` when the link was withdrawn or has expired.
 */
export async function findAccess(
  pipeline: AccessPipeline,
  text: string,
  terms: Pick<LinkOptions, 'linkDays'>,
): Promise<ViewerAccess | undefined> {
  const { hmac, clock, viewers } = pipeline;
  const pass = readPass(hmac, text, clock.now());
  if (pass === undefined) return undefined;
  const { rights, link } = pass;
  const [recorded, found] = await Promise.all([
    viewers.findSession(pass.session),
    findLinked(pipeline, link, terms),
  ]);
  if (recorded === undefined && rights === 'owner') return undefined;
  if (found?.rights === rights) {
    const { entry: render, expiresAt } = found;
    const session = recorded ?? newSession(pass.session, { render, rights, link, expiresAt }, clock.now());
    if (isOf(session, pass, render)) return { session, render, rights, expiresAt };
    // The link shows a newer render: the page opens a session of that.
    if (session.render !== render.id) return undefined;
  }
  throw errors.linkEnded();
}
