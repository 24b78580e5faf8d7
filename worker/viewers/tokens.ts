import { type Hmac, isSigned, sign, signaturePattern } from '../core/hmac.ts';
import type { ViewerRights } from '../core/viewers.ts';

/** What a pass says: whose it is, by which link, and how long. */
export interface Pass {
  readonly session: string;
  readonly rights: ViewerRights;
  /** The random part of the link that the session was opened by; it opens nothing without its signature. */
  readonly link: string;
  readonly expiresAt: Date;
}

/** Rights, session, link and second of its end, then a signature. */
const passPattern = new RegExp(
  String.raw`^(?<letter>[op])(?<session>[\w-]{22})(?<link>[\w-]{22})(?<seconds>[0-9a-f]{8})${signaturePattern}$`,
);

const letters = { owner: 'o', play: 'p' } as const satisfies Record<ViewerRights, string>;

/** A text that names a session until it expires; anyone who has it acts for its viewer. */
export function writePass(hmac: Hmac, { session, rights, link, expiresAt }: Pass): string {
  const seconds = Math.floor(expiresAt.getTime() / 1000);
  const signed = `${letters[rights]}${session}${link}${seconds.toString(16).padStart(8, '0')}`;
  return signed + sign(hmac, 'pass', signed);
}

/** A pass that may have expired. @returns `undefined` for a text that we did not sign. */
export function readEarlierPass(hmac: Hmac, text: string): Pass | undefined {
  const { letter, session, link, seconds, signature } = passPattern.exec(text)?.groups ?? {};
  if (session === undefined || link === undefined || seconds === undefined || signature === undefined)
    return undefined;
  if (!isSigned(hmac, 'pass', `${letter}${session}${link}${seconds}`, signature)) return undefined;
  const expiresAt = new Date(Number.parseInt(seconds, 16) * 1000);
  return { session, rights: letter === 'o' ? 'owner' : 'play', link, expiresAt };
}

/** @returns `undefined` for a text that we did not sign, or that has expired. */
export function readPass(hmac: Hmac, text: string, now: Date): Pass | undefined {
  const pass = readEarlierPass(hmac, text);
  return pass === undefined || pass.expiresAt <= now ? undefined : pass;
}

/** Whether we signed a pass: someone who has it was given one, which may have ended since. */
export const isOurPass = (hmac: Hmac, text: string): boolean => readEarlierPass(hmac, text) !== undefined;

/** A clip's key, then a signature. */
const refPattern = new RegExp(`^(?<key>[0-9a-f]{64})${signaturePattern}$`);

/** The name under which viewers by one link, and by no other, ask for a clip. @param link its random part. */
export function writeClipRef(hmac: Hmac, key: string, link: string): string {
  return key + sign(hmac, 'clip-ref', { key, link });
}

/** The key of a clip whose name was signed for this link; `undefined` for anything else. */
export function readClipRef(hmac: Hmac, ref: string, link: string): string | undefined {
  const { key, signature } = refPattern.exec(ref)?.groups ?? {};
  if (key === undefined || signature === undefined) return undefined;
  return isSigned(hmac, 'clip-ref', { key, link }, signature) ? key : undefined;
}
