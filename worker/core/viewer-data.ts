import type { ErrorCode } from '../../errors/catalogue.ts';
import type { AnyRecord } from '../../data/record.ts';
import type { Priority } from './ports.ts';
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
  /** What the change was made of. */
  readonly from: { readonly record: AnyRecord; readonly changes: readonly RecordChange[] };
  readonly viewing: Viewing;
  /** All changes that hold from now on. */
  readonly changes: readonly RecordChange[];
  /** Clips that the changed record shows nowhere any more. */
  readonly outdated: readonly string[];
  /** The row that the new film is being made as; `undefined` where the film stays as it is. */
  readonly remake: string | undefined;
}

/** What became of films that were being made anew. */
export interface SettledRemakes {
  /** Films that could not be made, each told once. */
  readonly failed: readonly { readonly film: string; readonly code: ErrorCode }[];
  /** Webhook deliveries to queue. */
  readonly owed: readonly string[];
  /** Films in their places whose pictures are still to be made. */
  readonly coming: readonly { readonly id: string; readonly priority: Priority }[];
}

/** The identity of the campaign, of the same id, whose only row a film is made anew as. */
export const remakeIdentity = (id: string): string => `remake ${id}`;

/** What viewers say about their data. Every method is one transaction and may be repeated without harm. */
export interface ViewerData {
  /** Personal clips that were made for a video, be it for its path or for a viewer's walk. */
  readonly clipsUsed: (video: string) => Promise<readonly string[]>;
  readonly changes: (video: string) => Promise<readonly RecordChange[]>;
  /**
   * Changes the record of a video. Where the film is made anew, the old one is gone with it; the links lead
   * to the new one when it is done. An earlier remake that is not done yet is given up.
   *
   * @returns false, with nothing changed and the remake given up, where the record is not `from` any more.
   */
  readonly change: (video: string, changed: ChangedRecord) => Promise<boolean>;
  /**
   * Puts remakes that are done in the place of their films, and tells of those that failed. Where it looks
   * at all, it also gives up rows whose film was never told of them, because a process ended in between.
   *
   * @param ids of rows that films are made as; all where none are given.
   */
  readonly settleRemakes: (ids?: readonly string[]) => Promise<SettledRemakes>;

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
