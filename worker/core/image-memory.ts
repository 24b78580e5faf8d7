/** What is remembered of a remote picture. Addressed by an HMAC of its URL. */
export interface ImageMemory {
  readonly urlKey: string;
  /** Hash of the decoded pixels, or `undefined` when it could not be had. */
  readonly hash: string | undefined;
  readonly reason: string | undefined;
  readonly fetchedAt: Date;
}
