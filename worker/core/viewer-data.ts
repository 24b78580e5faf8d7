import type { Viewing } from './viewings.ts';

/** What a viewer changed of one field of the record that their film is made from. */
export interface RecordChange {
  /** The record's field. */
  readonly name: string;
  /** `answered`: by an answer that they let change the record. */
  readonly kind: 'corrected' | 'withheld' | 'answered';
  /** What the sender said, to go back to. */
  readonly original: unknown;
}

/** A changed record, and what follows from it. */
export interface ChangedRecord {
  readonly viewing: Viewing;
  /** All changes that hold from now on. */
  readonly changes: readonly RecordChange[];
  /** Clips that the changed record shows nowhere any more. */
  readonly outdated: readonly string[];
  /** The row that the new film is being made as; `undefined` where the film stays as it is. */
  readonly remake: string | undefined;
}

/** What viewers say about their data. Every method is one transaction and may be repeated without harm. */
export interface ViewerData {
  /** Personal clips that were made for a video, be it for its path or for a viewer's walk. */
  readonly clipsUsed: (video: string) => Promise<readonly string[]>;
  readonly changes: (video: string) => Promise<readonly RecordChange[]>;
  /**
   * Changes the record of a video. Its film stays until the new one is done, which then has its links; an
   * earlier remake that is not done yet is given up.
   */
  readonly change: (video: string, changed: ChangedRecord) => Promise<void>;
  /** Puts remakes that are done in the place of their films. @param id of one, or all. */
  readonly adopt: (id?: string) => Promise<void>;

  /** Variables whose answers may change the record. */
  readonly consents: (video: string) => Promise<readonly string[]>;
  readonly setConsent: (video: string, variable: string, agreed: boolean) => Promise<void>;

  /** The random part of the link that is shared; `link` becomes it where there is none. */
  readonly share: (video: string, link: string) => Promise<string>;
  readonly unshare: (video: string) => Promise<void>;
  readonly sharedLink: (video: string) => Promise<string | undefined>;
  /** The video that a shared link leads to. */
  readonly sharedVideo: (link: string) => Promise<string | undefined>;
}
