import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../core/keyring.ts';

/** What a pass says: whose it is, by which link, and how long. */
export interface Pass {
  readonly session: string;
  /** Tells the link that the session was opened by from any other, without naming it. */
  readonly linkTag: string;
  readonly expiresAt: Date;
}

/** Session, link and second of its end, then a signature of 16 bytes. */
const passPattern =
  /^(?<session>[\w-]{22})(?<linkTag>[0-9a-f]{16})(?<seconds>[0-9a-f]{8})(?<signature>[\w-]{22})$/;

/** Another link of the same video has another tag, so passes of a link that was withdrawn are none. */
export const linkTagOf = (keyring: Keyring, link: string): string => keyring('pass-link', link).slice(0, 16);

const signatureOf = (keyring: Keyring, signed: string): string =>
  Buffer.from(keyring('pass', signed), 'hex').subarray(0, 16).toString('base64url');

/** A text that stands for a session until it expires; whoever has it acts for its viewer. */
export function writePass(keyring: Keyring, { session, linkTag, expiresAt }: Pass): string {
  const seconds = Math.floor(expiresAt.getTime() / 1000);
  const signed = `${session}${linkTag}${seconds.toString(16).padStart(8, '0')}`;
  return signed + signatureOf(keyring, signed);
}

/** @returns `undefined` for a text that we did not sign, or that has expired. */
export function readPass(keyring: Keyring, text: string, now: Date): Pass | undefined {
  const { session, linkTag, seconds, signature } = passPattern.exec(text)?.groups ?? {};
  if (session === undefined || linkTag === undefined || seconds === undefined || signature === undefined)
    return undefined;
  const expected = signatureOf(keyring, session + linkTag + seconds);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return undefined;
  const expiresAt = new Date(Number.parseInt(seconds, 16) * 1000);
  return expiresAt <= now ? undefined : { session, linkTag, expiresAt };
}
