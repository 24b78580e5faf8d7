import type { Campaign, CampaignSource } from './campaigns.ts';
import type { RowsEnded } from './clips.ts';
import type { Namespace } from './ports.ts';

/**
 * Whose data is meant: a customer, by the HMAC of their id, or, where nobody said who it is, the one
 * whom a video shows.
 */
export type Subject = { readonly person: string } | { readonly render: string };

/** A file on the store that is to go. */
export interface Removal {
  readonly namespace: Namespace;
  readonly name: string;
  /** Until then a job that was running may put the file there once more. */
  readonly watchUntil: Date;
}

/** What was taken out of the tables. Counts alone: nothing of this says of whom. */
export interface ErasedCounts {
  /** Renders that are `skipped`, reason `erased`, from now on. */
  readonly videos: number;
  /** Records that single renders were ordered with. */
  readonly records: number;
  readonly clips: number;
  /** Remembered addresses of pictures. */
  readonly images: number;
  readonly webhooks: number;
  /** Sessions of those who watched, and what they did there. */
  readonly sessions: number;
  readonly events: number;
  readonly idempotencyKeys: number;
  readonly conversions: number;
}

/** What an erasure leaves to be done. */
export interface Erased {
  readonly counts: ErasedCounts;
  /** Rows that had not ended before. */
  readonly ended: RowsEnded;
  /** Work that nothing needs any more and that may be in the queue. */
  readonly clips: readonly string[];
  readonly renders: readonly string[];
}

/** A video of a person, and where its record is. */
export interface PersonRender {
  readonly id: string;
  readonly campaign: string;
  readonly row: number;
}

/**
 * What is kept about people, across campaigns. Every method is one transaction and may be
 * repeated without harm.
 */
export interface People {
  /** Which of these are on the suppression list, since they were erased. */
  readonly suppressed: (people: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly isAnyoneSuppressed: () => Promise<boolean>;
  /** From now on no row of this person is planned, whatever is being planned already. */
  readonly suppress: (person: string) => Promise<void>;
  /** Lets a person who was erased come back. @returns whether they were suppressed. */
  readonly unsuppress: (person: string) => Promise<boolean>;

  /** The person of a video, if its input named one; that of a single render before its row is recorded, too. */
  readonly personOf: (render: string) => Promise<string | undefined>;
  /** Recorded rows, oldest first; not those of remakes. */
  readonly renders: (subject: Subject) => Promise<readonly PersonRender[]>;
  /** Single renders, recorded or not. */
  readonly singleRenders: (subject: Subject) => Promise<readonly Campaign[]>;
  /**
   * Campaigns some of whose rows are not recorded yet, or never will be, since they failed or were cancelled before:
   * only their files say who is in them.
   */
  readonly unreadCampaigns: () => Promise<readonly Campaign[]>;
  /** Rows of a campaign that were erased. */
  readonly erasedRows: (campaign: string) => Promise<readonly number[]>;

  /**
   * Exchanges what a campaign is made from, and has the file that it was made from removed with what else
   * is handed in.
   *
   * @returns false when the source is not `from`: someone else was faster.
   */
  readonly exchangeSource: (
    campaign: string,
    from: CampaignSource,
    to: CampaignSource,
    imageKeys: readonly string[],
  ) => Promise<boolean>;
  /**
   * Takes everything about a person out of the tables, and notes the files that only they needed. What
   * others need too, such as the clip of someone of the same name, stays until they go.
   *
   * @param imageKeys of the addresses of pictures that their records named.
   */
  readonly erase: (subject: Subject, imageKeys: readonly string[]) => Promise<Erased>;

  /** Files to be removed that nobody needs again since. */
  readonly removals: (limit: number) => Promise<readonly Removal[]>;
  /** Forgets files that are removed, but for those that are still watched. */
  readonly removed: (files: readonly Removal[]) => Promise<void>;
}
