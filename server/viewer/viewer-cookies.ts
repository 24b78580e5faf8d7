import type { FastifyRequest } from 'fastify';

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
export function readCookies({ headers }: Pick<FastifyRequest, 'headers'>): ReadonlyMap<string, string> {
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
export const cookieGone = (session: string, terms: CookieTerms): string => writeCookie(session, '', 0, terms);

/** The `Set-Cookie` headers that give a browser a pass and remove surplus ones. */
export function cookiesFor(
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
