/** Why a remote file cannot be had. */
export interface FetchRefusal {
  readonly ok: false;
  readonly reason: string;
  readonly retryable: boolean;
}

/** A remote picture, fetched, checked and decoded, or the reason why it cannot be had. */
export type FetchedImage =
  | {
      readonly ok: true;
      readonly hash: string;
      readonly file: string;
      /** Whether the file is a PNG with transparent parts; a JPEG otherwise. */
      readonly transparent?: boolean;
      /** Why hardly anything of it would be seen, as a predicate. */
      readonly faint?: string | undefined;
    }
  | FetchRefusal;

/** The way to pictures that records name by URL. */
export interface ImageSource {
  /**
   * Fetches, decodes and normalizes into the file `scratch`; never throws for a bad image.
   *
   * @param ground `#rrggbb`, drawn under what is transparent. Unset: it stays transparent.
   */
  readonly fetch: (
    url: string,
    scratch: string,
    signal: AbortSignal,
    ground?: string,
  ) => Promise<FetchedImage>;
}

/** The way to recordings that records name by URL. */
export interface AudioSource {
  /**
   * Fetches and decodes a recording, and writes it to the file `scratch` as `Media.levelSpeech` does; never throws for
   * a bad one.
   *
   * @returns its hash, which says also how long it is.
   */
  readonly fetch: (
    url: string,
    scratch: string,
    signal: AbortSignal,
  ) => Promise<{ readonly ok: true; readonly hash: string; readonly file: string } | FetchRefusal>;
}
