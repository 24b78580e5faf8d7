/** Why a request to an address that comes from outside had no answer. */
export type OutboundFailureKind =
  /** The address is not a web address. */
  | 'address-invalid'
  /** The address contains a user name or a password. */
  | 'credentials'
  | 'not-https'
  /** The address leads into a network that is not public. */
  | 'not-public'
  | 'too-large'
  | 'timed-out'
  | 'unknown-host'
  | 'unreachable';

const reasons: Readonly<Record<OutboundFailureKind, string>> = {
  'address-invalid': 'its address is not a web address',
  credentials: 'its address contains a user name or a password',
  'not-https': 'its address does not start with https',
  'not-public': 'its address leads into a network that is not public',
  'too-large': 'the answer is too large',
  'timed-out': 'the server took too long',
  'unknown-host': 'no server has this name',
  unreachable: 'the server could not be reached',
};

/** A request that was refused or had no answer. The reason follows the name of what was requested. */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure';
  readonly kind: OutboundFailureKind;

  constructor(kind: OutboundFailureKind, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }

  /** For people, without any part of the address: it may name a person. */
  get reason(): string {
    return reasons[this.kind];
  }
}

/** What a request is aborted with when its time is up. */
export const timedOut = (): OutboundFailure => new OutboundFailure('timed-out');
