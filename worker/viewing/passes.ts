import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../core/keyring.ts';
import type { ViewerRights } from '../core/viewers.ts';

/** What a pass says: whose it is, by which link, and how long. */
export interface Pass {
  readonly session: string;
  readonly rights: ViewerRights;
  /** The random part of the link that the session was opened by; it opens nothing without its signature. */
  readonly link: string;
  readonly expiresAt: Date;
}

/** Rights, session, link and second of its end, then a signature of 16 bytes. */
const passPattern =
  /^(?<letter>[op])(?<session>[\w-]{22})(?<link>[\w-]{22})(?<seconds>[0-9a-f]{8})(?<signature>[\w-]{22})$/;

const letters = { owner: 'o', play: 'p' } as const satisfies Record<ViewerRights, string>;

const signatureOf = (keyring: Keyring, signed: string): string =>
  Buffer.from(keyring('pass', signed), 'hex').subarray(0, 16).toString('base64url');

/** A text that stands for a session until it expires; whoever has it acts for its viewer. */
export function writePass(keyring: Keyring, { session, rights, link, expiresAt }: Pass): string {
  const seconds = Math.floor(expiresAt.getTime() / 1000);
  const signed = `${letters[rights]}${session}${link}${seconds.toString(16).padStart(8, '0')}`;
  return signed + signatureOf(keyring, signed);
}

/** @returns `undefined` for a text that we did not sign, or that has expired. */
export function readPass(keyring: Keyring, text: string, now: Date): Pass | undefined {
  const { letter, session, link, seconds, signature } = passPattern.exec(text)?.groups ?? {};
  if (session === undefined || link === undefined || seconds === undefined || signature === undefined)
    return undefined;
  const expected = signatureOf(keyring, `${letter}${session}${link}${seconds}`);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return undefined;
  const expiresAt = new Date(Number.parseInt(seconds, 16) * 1000);
  return expiresAt <= now
    ? undefined
    : { session, rights: letter === 'o' ? 'owner' : 'play', link, expiresAt };
}
