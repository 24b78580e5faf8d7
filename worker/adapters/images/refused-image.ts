/** Why an image cannot be had, in words that follow “Photo:”. Never repeats its address. */
export class RefusedImage extends Error {
  override readonly name = 'RefusedImage';
  readonly retryable: boolean;

  constructor(reason: string, retryable = false) {
    super(reason);
    this.retryable = retryable;
  }
}
