import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Format } from '../../video/story/format.ts';
import type { Still } from '../../video/story/path.ts';
import type { ImageMemory } from './image-memory.ts';
import type { Encoding, Priority } from './ports.ts';
import type { SceneSpeed } from './scene-speed.ts';
import type { ToldClips } from './told-clips.ts';
import type { ClipsDone, VideoPicture, VideoWarning } from './video.ts';
import type { Viewing } from './viewings.ts';

/** A batch of rows rendered with one template into one destination. */
export interface Campaign {
  readonly id: string;
  /** Equal for runs that would do the same work; an unfinished one with the same identity is continued. */
  readonly identity: string;
  readonly template: string;
  readonly format: Format;
  /** ISO `YYYY-MM-DD`; a continued campaign keeps the date it was begun with. */
  readonly asOf: string;
}

/** A clip as it was planned: all that a worker needs to render it. */
export interface ClipDraft {
  readonly key: string;
  readonly template: string;
  readonly scene: string;
  /** Of the code that the key was computed with; a worker with other code must not render it. */
  readonly codeHash: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly format: Format;
  readonly fps: number;
  readonly durationInFrames: number;
  readonly encoding: Encoding;
  readonly personal: boolean;
  /** Pictures to keep of it while it is drawn; not part of its key. */
  readonly stills: readonly Still[];
}

/** A scene node on a video's path and the clip that shows it. */
export interface PathStep {
  readonly node: string;
  readonly clip: string;
}

/** What planning made of a row. */
export type RowPlan =
  | {
      readonly state: 'planned';
      readonly key: string;
      readonly path: readonly PathStep[];
      /** Clips that a viewer may come to besides those of the path; the video waits for them too. */
      readonly beside?: readonly string[];
      readonly mix: string;
      readonly durationInFrames: number;
      readonly personal: boolean;
    }
  | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly state: 'skipped'; readonly key: string; readonly durationInFrames: number }
  /** Of somebody who was erased: nothing of the row is kept but that there was one. */
  | { readonly state: 'erased' }
  /** Of an order that was cancelled before the row was planned. */
  | { readonly state: 'cancelled' };

/** What the ledger returns when rows may have ended. Repeated after a lost answer, it counts no row and names the same campaigns. */
export interface RowsEnded {
  readonly rows: number;
  /** Campaigns that the rows belong to. */
  readonly campaigns: readonly string[];
  /** Those of them that are orders, recorded as a whole, without an open row now. */
  readonly over: readonly string[];
  /** Those of them that are no orders: a film may be remade as their only row, which then bears the same id. */
  readonly remakes: readonly string[];
}

/** A row of a campaign as it is handed in. */
export interface VideoDraft {
  readonly id: string;
  /** 1-based among the rows of the input. */
  readonly row: number;
  /** Safe and unique within the campaign; names the files of this row. */
  readonly fileName: string;
  readonly priority: Priority;
  /** HMAC of the customer's id; unset where the input names nobody. */
  readonly person?: string | undefined;
  /** Random; see `VideoEntry.link`. */
  readonly link: string;
  readonly warnings: readonly VideoWarning[];
  readonly plan: RowPlan;
  /** Of rows that have a video. */
  readonly viewing?: Viewing | undefined;
}

/** How far a row has come. It waits for clips of its video and `beside` it. `ready`: all stored, not yet assembled. */
export type RowState =
  | { readonly state: 'waiting'; readonly path: ClipsDone; readonly beside: ClipsDone }
  | { readonly state: 'ready' }
  | { readonly state: 'done'; readonly clipsRendered: number; readonly clipsReused: number }
  | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly state: 'skipped'; readonly reason: 'unchanged' | 'erased' }
  | { readonly state: 'cancelled' };

/** A recorded row. `key` names its files on the store; failed rows may have none. */
export interface VideoEntry {
  readonly id: string;
  readonly campaign: string;
  readonly row: number;
  readonly fileName: string;
  readonly priority: Priority;
  readonly key: string | undefined;
  readonly path: readonly PathStep[];
  readonly mix: string | undefined;
  readonly durationInFrames: number;
  readonly warnings: readonly VideoWarning[];
  /** HMAC of the customer's id, where the input told one. */
  readonly person: string | undefined;
  /** Whether anything in it derives from a personal field. */
  readonly personal: boolean;
  /** Random; what its public addresses are made from. `undefined` after they were revoked. */
  readonly link: string | undefined;
  readonly endedAt: Date | undefined;
  readonly status: RowState;
  /** Pictures of a done video that are still being made. */
  readonly coming: readonly VideoPicture[];
  /** How far the film is that takes this one's place, since its viewer changed the record; then it has no `key`. */
  readonly remake?: Pick<VideoEntry, 'status' | 'path'> | undefined;
}

/** How far a campaign is, in rows, clips and frames. */
export interface CampaignProgress {
  readonly rows: Readonly<Record<RowState['state'], number>>;
  /** Of the clips that this campaign was the first to want. */
  readonly clips: { readonly wanted: number; readonly stored: number; readonly failed: number };
  readonly frames: { readonly wanted: number; readonly stored: number };
  /** Done rows of which pictures are still being made. */
  readonly coming: number;
}

/**
 * The truth about campaigns, rows and clips, and about who waits for what. Every method is one
 * transaction; those that change state may be repeated without harm. The queue only carries what
 * this says is to be done, and can be refilled from `outstanding` at any time.
 */
export interface Ledger extends ToldClips {
  /**
   * Remembers the fingerprint of the secret on first use.
   *
   * @throws BespokeError `secret-mismatch` when another one is remembered.
   */
  readonly checkSecret: (fingerprint: string) => Promise<void>;
  /** Writes something small, which changes nothing. @throws BespokeError when the tables cannot be written to. */
  readonly probe: () => Promise<void>;

  /** Continues the unfinished campaign of the same identity, or records this one. */
  readonly openCampaign: (
    campaign: Campaign,
  ) => Promise<{ readonly campaign: Campaign; readonly continued: boolean }>;
  readonly finishCampaign: (id: string) => Promise<void>;
  /** Which of these rows the campaign has recorded already. */
  readonly recordedRows: (campaign: string, rows: readonly number[]) => Promise<ReadonlySet<number>>;

  /**
   * Records rows and the clips they want, and who waits for which. A clip that is new or has failed
   * before becomes wanted and is counted as rendered for the first row that wants it, as reused for
   * all others. A row whose clips are all stored is `ready` at once. Rows recorded before are left
   * as they are; rows of an order that was cancelled are recorded as cancelled.
   *
   * @returns what must now be queued: clips not stored, and videos that are ready.
   */
  readonly submit: (
    campaign: string,
    videos: readonly VideoDraft[],
    clips: readonly ClipDraft[],
  ) => Promise<{
    readonly clips: readonly string[];
    readonly videos: readonly string[];
    /** Of `clips`, those that nobody wanted before: the others are hits. */
    readonly begun: readonly string[];
    /** Of `begun`, those that were never recorded before. */
    readonly recorded: readonly string[];
  }>;

  /**
   * Wants clips for the viewer of a video, each with the urgency that it has now or had before. One that is
   * stored stays so; one that has failed is tried again. A video's wishes are few: the oldest are forgotten.
   *
   * @returns what must now be queued: those that are not stored.
   */
  readonly wish: (
    video: string,
    wishes: readonly { readonly clip: ClipDraft; readonly priority: Priority }[],
  ) => Promise<readonly { readonly key: string; readonly priority: Priority }[]>;
  /** How far clips are; those that nobody ever wanted are left out. */
  readonly clipStates: (
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, 'wanted' | 'stored' | 'failed'>>;

  /** A clip that somebody still waits for; `undefined` when it is stored, failed or unwanted. */
  readonly wantedClip: (key: string) => Promise<ClipDraft | undefined>;
  /** Marks a clip stored and releases, exactly once, the videos that waited for nothing else. */
  readonly completeClip: (
    key: string,
    made: { readonly bytes: number | undefined; readonly renderMs: number | undefined },
  ) => Promise<{ readonly released: readonly { readonly id: string; readonly priority: Priority }[] }>;
  /** Marks a clip failed and fails every video that waits for it. */
  readonly failClip: (key: string, code: ErrorCode, message: string) => Promise<RowsEnded>;
  /** Wants stored clips again whose files are gone; the videos wait again. */
  readonly reviveClips: (video: string, keys: readonly string[]) => Promise<void>;

  readonly video: (id: string) => Promise<VideoEntry | undefined>;
  /** The same with the drafts of the clips on its path, in no order. */
  readonly videoWithClips: (
    id: string,
  ) => Promise<{ readonly video: VideoEntry; readonly clips: readonly ClipDraft[] } | undefined>;
  /** The drafts of clips, in the order of `keys`; unknown keys are left out. */
  readonly clips: (keys: readonly string[]) => Promise<readonly ClipDraft[]>;
  /** The row that a public address belongs to. */
  readonly videoByLink: (link: string) => Promise<VideoEntry | undefined>;
  /** Gives a row other public addresses, or none; the earlier ones, shared ones too, are dead at once. */
  readonly relinkVideo: (id: string, link: string | undefined) => Promise<void>;
  /** @param coming pictures that `takePictures` has yet to make. */
  readonly completeVideo: (id: string, coming?: readonly VideoPicture[]) => Promise<RowsEnded>;
  /**
   * Records that pictures of a video are stored, or with warnings that they cannot be made. Changes nothing
   * where the video has another key by now.
   */
  readonly endPictures: (
    video: { readonly id: string; readonly key: string },
    pictures: readonly VideoPicture[],
    warnings?: readonly VideoWarning[],
  ) => Promise<void>;
  /** Records that a picture of a done video is gone from the store and is to be made again. */
  readonly losePicture: (
    video: { readonly id: string; readonly key: string },
    picture: VideoPicture,
  ) => Promise<void>;
  /** Records a picture that is about to be taken from a clip. @returns whether there still is such a clip. */
  readonly addStill: (clip: string, still: Still) => Promise<boolean>;
  /** Makes a done video ready again whose files are gone. */
  readonly reopenVideo: (id: string) => Promise<void>;
  /** Whether a finished video is still to be reported to the licence service; true once for each. */
  readonly claimReport: (id: string) => Promise<boolean>;
  readonly failVideo: (id: string, code: ErrorCode, message: string) => Promise<RowsEnded>;
  /** Cancels all rows of a campaign that have not ended. */
  readonly cancelCampaign: (id: string) => Promise<void>;

  readonly progress: (campaign: string) => Promise<CampaignProgress>;
  /** How many of a campaign's waiting rows have some of their clips. Looks at each of them: for people, not for loops. */
  readonly begunRows: (campaign: string) => Promise<number>;
  /** Recorded rows in the input's order, after row `after`; of all states where none is given. */
  readonly rows: (
    campaign: string,
    after: number,
    limit: number,
    states?: readonly RowState['state'][],
  ) => Promise<readonly VideoEntry[]>;
  /**
   * Done rows in the order in which they were done, after a place that the page before gave. A row whose end is
   * recorded at the same moment as another's may be missing, so look at `rows` when all have ended.
   */
  readonly doneRows: (
    campaign: string,
    after: number,
    limit: number,
  ) => Promise<{ readonly rows: readonly VideoEntry[]; readonly last: number }>;

  /** Which of these clips are stored. */
  readonly storedClips: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly sceneSpeeds: (template: string) => Promise<readonly SceneSpeed[]>;

  readonly images: (urlKeys: readonly string[]) => Promise<readonly ImageMemory[]>;
  readonly rememberImages: (images: readonly ImageMemory[]) => Promise<void>;

  /**
   * Everything that should be in the queue, in pages: wanted clips that somebody waits for, those of the
   * first rows first within a page; ready videos; done ones with pictures to come.
   */
  readonly outstanding: (
    after: string | undefined,
    limit: number,
  ) => Promise<{
    readonly clips: readonly { readonly key: string; readonly priority: Priority }[];
    readonly videos: readonly { readonly id: string; readonly priority: Priority }[];
    readonly pictures: readonly { readonly id: string; readonly priority: Priority }[];
    readonly next: string | undefined;
  }>;

  readonly close: () => Promise<void>;
}
