import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../errors/messages.ts';
import { sessionHeader } from '../video/story/engine/viewer-protocol.ts';
import { basePath } from '../worker/campaigns/links.ts';
import type { ViewerRights } from '../worker/core/viewers.ts';
import { isOurPass, readPass } from '../worker/viewers/tokens.ts';
import { findAccess, passFor, type ViewerAccess } from '../worker/viewers/viewer-access.ts';
import type { RouteDependencies } from './dependencies.ts';

/** Each session has a cookie of its own: one browser can watch several videos at once. */
const prefix = 'bespoke_viewer_';

/** The oldest of more sessions are removed, before a browser's headers grow too long. */
const mostCookies = 10;

/** Path and security of viewers' cookies. */
export interface CookieTerms {
  /** Of the public address, without a slash at its end; usually empty. */
  readonly basePath: string;
  readonly secure: boolean;
}

/** Passes that a request's cookies carry, by session. */
function readCookies({ headers }: Pick<FastifyRequest, 'headers'>): ReadonlyMap<string, string> {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(
    pairs.flatMap(([name = '', value = '']) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    ),
  );
}

function writeCookie(
  session: string,
  value: string,
  seconds: number,
  { basePath, secure }: CookieTerms,
): string {
  const attributes = [`Path=${basePath}/viewer`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict'];
  return [`${prefix}${session}=${value}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}

/** The `Set-Cookie` header that removes the pass of a session. */
const cookieGone = (session: string, terms: CookieTerms): string => writeCookie(session, '', 0, terms);

/** The `Set-Cookie` headers that give a browser a pass and remove surplus ones. */
function cookiesFor(
  known: ReadonlyMap<string, string>,
  session: string,
  pass: string,
  seconds: number,
  terms: CookieTerms,
): string[] {
  const others = [...known.keys()].filter((each) => each !== session);
  const surplus = others.slice(0, Math.max(0, others.length + 1 - mostCookies));
  return [
    writeCookie(session, pass, seconds, terms),
    ...surplus.map((each) => writeCookie(each, '', 0, terms)),
  ];
}

const minuteMs = 60_000;

/** How long passes work; after that the page opens the session again with its link. */
const passMs = { cookie: 12 * 60 * minuteMs, memory: 15 * minuteMs };

/** Access of viewers. */
export interface ViewerDoor {
  /**
   * The session of a request.
   *
   * @param rights that the route requires.
   * @throws BespokeError `session-missing`, `link-ended`, `rights-missing`, `origin-refused`, `rate-limited`.
   */
  readonly enter: (
    request: FastifyRequest,
    reply: FastifyReply,
    rights?: ViewerRights,
  ) => Promise<ViewerAccess>;
  /** Gives the browser a cookie for a session. */
  readonly giveCookie: (request: FastifyRequest, reply: FastifyReply, access: ViewerAccess) => void;
  /** Removes a session's cookie. */
  readonly takeCookie: (reply: FastifyReply, access: ViewerAccess) => void;
  /** A pass for pages that keep it in memory. */
  readonly passOf: (access: ViewerAccess) => string;
}

const bearerOf = ({ headers: { authorization } }: FastifyRequest): string | undefined =>
  /^bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];

/** The session that a request names, in a header or, where none can be set, in its address. */
function namedSession({ headers, query }: FastifyRequest): string | undefined {
  const header = headers[sessionHeader];
  if (typeof header === 'string') return header;
  if (typeof query !== 'object' || query === null || !('session' in query)) return undefined;
  return typeof query.session === 'string' ? query.session : undefined;
}

/** Whether a page of this server sent a request. Browsers report it, and scripts cannot forge it. */
function isOurs({ headers, host }: FastifyRequest, publicHost: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  return [host, publicHost].includes(new URL(origin).host);
}

/** Checks the pass of a viewer's session: in a cookie on this server's pages, in a header elsewhere. */
export function createViewerDoor({
  pipeline,
  publicUrl,
  linkDays,
  limits,
}: Pick<RouteDependencies, 'pipeline' | 'publicUrl' | 'linkDays' | 'limits'>): ViewerDoor {
  const { hmac, clock } = pipeline;
  const { protocol, host: publicHost } = new URL(publicUrl);
  const cookies: CookieTerms = { basePath: basePath(publicUrl), secure: protocol === 'https:' };

  function passIn(request: FastifyRequest): string | undefined {
    const bearer = bearerOf(request);
    if (bearer !== undefined) return bearer;
    const carried = readCookies(request);
    const named = namedSession(request);
    if (named !== undefined) return carried.get(named);
    // Of two passes that end in the same second the later cookie is newer: browsers send the oldest first.
    const passes = [...carried.values()].reverse().flatMap((text) => {
      const pass = readPass(hmac, text, clock.now());
      return pass === undefined ? [] : [{ text, until: pass.expiresAt.getTime() }];
    });
    return passes.toSorted((a, b) => b.until - a.until)[0]?.text;
  }

  return {
    passOf: (access) => passFor(hmac, access, clock.now(), passMs.memory),

    giveCookie: (request, reply, access) => {
      const pass = passFor(hmac, access, clock.now(), passMs.cookie);
      const known = readCookies(request);
      void reply.header(
        'set-cookie',
        cookiesFor(known, access.session.id, pass, passMs.cookie / 1000, cookies),
      );
    },

    takeCookie: (reply, { session }) => {
      void reply.header('set-cookie', cookieGone(session.id, cookies));
    },

    enter: async (request, reply, rights = 'play') => {
      const changes = request.method !== 'GET' && request.method !== 'HEAD';
      if (changes && bearerOf(request) === undefined && !isOurs(request, publicHost)) {
        throw errors.originRefused();
      }
      const pass = passIn(request);
      const access = pass === undefined ? undefined : await findAccess(pipeline, pass, { linkDays });
      if (access === undefined) {
        if (pass === undefined || !isOurPass(hmac, pass)) await limits.countGuess(request, reply);
        throw errors.sessionMissing();
      }
      await limits.countViewer(request, reply, access.session);
      if (rights === 'owner' && access.session.rights !== 'owner') {
        throw errors.rightsMissing();
      }
      return access;
    },
  };
}
