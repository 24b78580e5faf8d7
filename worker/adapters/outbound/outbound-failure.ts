/** Why a request to an address that somebody else gave us had no answer. */
export type OutboundFailureKind =
  /** The address is none of the web. */
  | 'address-invalid'
  /** The address holds a user name or a password. */
  | 'credentials'
  | 'not-https'
  /** It leads into a network that is not public. */
  | 'not-public'
  | 'too-large'
  | 'timed-out'
  | 'unknown-host'
  | 'unreachable';

/** A request that was refused or had no answer. The message holds no part of the address. */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure';
  readonly kind: OutboundFailureKind;

  constructor(kind: OutboundFailureKind, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }
}

/** What a request is aborted with when its time is up. */
export const timedOut = (): OutboundFailure => new OutboundFailure('timed-out');
