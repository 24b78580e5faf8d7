/** Node's codes of certificates that were refused, by what is wrong with them. */
const troubles: Readonly<Record<string, 'authority' | 'name' | 'time'>> = {
  CERT_HAS_EXPIRED: 'time',
  CERT_NOT_YET_VALID: 'time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  SELF_SIGNED_CERT_IN_CHAIN: 'authority',
  UNABLE_TO_GET_ISSUER_CERT: 'authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'authority',
};

/** Why the certificate of a server was refused. */
export interface CertificateTrouble {
  readonly kind: 'authority' | 'name' | 'time';
  /** Node's code. */
  readonly why: string;
}

/** Whether a connection failed because of the server's certificate, and why. Looks through the causes of an error. */
export function findCertificateTrouble(error: unknown): CertificateTrouble | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const why = 'code' in each && typeof each.code === 'string' ? each.code : '';
    const kind = Object.hasOwn(troubles, why) ? troubles[why] : undefined;
    if (kind !== undefined) return { kind, why };
  }
  return undefined;
}
