import type { AnyRecord } from '../../data/record.ts';
import type { ResolvedImages, Variant } from '../../video/story/bind.ts';
import type { LogEntry } from '../../video/story/engine/session.ts';
import type { CampaignLink } from '../../video/story/engine/graph.ts';
import type { Format } from '../../video/story/format.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Encoding, Priority } from './ports.ts';

/** What a plan depends on besides the record; all that is part of clips' keys is in it. */
export interface PlanTerms {
  /** Names the rest. */
  readonly id: string;
  readonly template: string;
  readonly format: Format;
  readonly encoding: Encoding;
  /** ISO `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly engineVersion: string;
  /** By scene. */
  readonly codeHashes: Readonly<Record<string, string>>;
  /** Scenes that are shown in parts, with the names of their cuts; unset: all that the template cuts. */
  readonly cuts?: Readonly<Record<string, string>>;
  /** Fields that are shown coarser; unset: none. */
  readonly coarser?: readonly string[];
  /** Fields of the record to whose addresses links lead. */
  readonly linkFields?: readonly string[];
  /** The variant of the story that the record was assigned to. */
  readonly variant?: Variant | undefined;
  /** Names the voice of scenes that speak. */
  readonly voice?: string | undefined;
}

/** What a render is made from, kept so that its viewer's path can be bound. */
export interface RenderSource {
  readonly terms: PlanTerms;
  readonly record: AnyRecord;
  readonly images: ResolvedImages;
}

/** The link that an order gave in place of the template's own. It is on the page, not in clips. */
export interface OrderLink {
  readonly to: CampaignLink;
  /** Whether a single order gave it, so that it may tell something of its one customer. */
  readonly personal: boolean;
}

/** What a render's page is made from. */
export interface PageSource extends RenderSource {
  readonly link: OrderLink | undefined;
}

/** The most lines that a log holds. A full log starts again when its session is opened. */
export const longestLog = 2_000;

/** The most sessions by shared links that are kept for one video. The least recently used are removed first. */
export const mostGuests = 100;

/** `owner`: through the video's own link; `play`: through one that its owner shared. */
export type ViewerRights = 'owner' | 'play';

/** The order's link for viewers with these rights: that of a single order is its customer's own. */
export const linkFor = (link: OrderLink | undefined, rights: ViewerRights): CampaignLink | undefined =>
  link !== undefined && (rights === 'owner' || !link.personal) ? link.to : undefined;

/** A viewer's way through a video's story. Its log is all that there is to know about it. */
export interface ViewerSession {
  /** Random, but no secret: passes are signed. */
  readonly id: string;
  readonly render: string;
  readonly rights: ViewerRights;
  /** The random part of the link that it was opened by; without that link it is over. */
  readonly link: string;
  /** Names the story that the log was written with. */
  readonly story: string;
  /** Which of its logs is written now: it rises when the log starts again. */
  readonly run: number;
  readonly createdAt: Date;
}

/** A line of a session's log. */
export interface LoggedEvent {
  /** The player's name for the event; it is in the log once. */
  readonly id: string;
  readonly entry: LogEntry;
  readonly at: Date;
}

/** What a viewer changed of one field of a render's record. */
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
  readonly source: RenderSource;
  /** All changes that hold from now on. */
  readonly changes: readonly RecordChange[];
  /** Clips that the changed record shows nowhere any more. */
  readonly outdated: readonly string[];
  /** The row of the remake; `undefined` where the video stays as it is. */
  readonly remake: string | undefined;
}

/** What became of remakes. */
export interface SettledRemakes {
  /** Renders that could not be made again, each named once. */
  readonly failed: readonly { readonly render: string; readonly code: ErrorCode }[];
  /** Webhook deliveries to queue. */
  readonly owed: readonly string[];
  /** Renders with their new files whose pictures are still to be made. */
  readonly coming: readonly { readonly id: string; readonly priority: Priority }[];
}

/** Viewers: their sessions, what they say about their data, and the links that they share. Every method is one transaction; those about data and links may be repeated without harm. */
export interface Viewers {
  /**
   * Opens a session. An owner continues the one that is open, on whichever device it was started, and
   * whichever link led there; a guest begins a new one. Of more than `mostGuests` of a video the oldest go.
   */
  readonly openSession: (
    wanted: Omit<ViewerSession, 'run' | 'createdAt'>,
  ) => Promise<{ readonly session: ViewerSession; readonly resumed: boolean }>;
  readonly findSession: (id: string) => Promise<ViewerSession | undefined>;
  /** All sessions of a video with all that was ever logged in them. */
  readonly sessionsOf: (
    render: string,
  ) => Promise<readonly { readonly session: ViewerSession; readonly events: readonly LoggedEvent[] }[]>;
  /** Sessions of the owners of these videos, by video; only of those that were opened. */
  readonly ownerSessions: (renders: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** The log since it last started again. */
  readonly log: (session: string) => Promise<readonly LoggedEvent[]>;
  /**
   * Adds lines behind the first `after` of the log `run`. Repeated, after an answer that was lost, it finds
   * them there.
   *
   * @returns false, with nothing added, where the log has other lines there, or is another one.
   */
  readonly append: (
    session: string,
    run: number,
    after: number,
    lines: readonly { readonly id: string; readonly entry: LogEntry }[],
  ) => Promise<boolean>;
  /**
   * Puts other lines in the place of those of the log `run`, for a record that has changed; their events
   * are the same.
   *
   * @returns false, with nothing changed, where the log has other lines by now.
   */
  readonly rewrite: (session: string, run: number, entries: readonly LogEntry[]) => Promise<boolean>;
  /**
   * Starts the log `run` again, for a story that `story` names; nothing where that was done. The newest
   * `longestLog` lines of what was logged are kept.
   */
  readonly restart: (session: string, run: number, story: string) => Promise<void>;
  /** Personal clips that were made for a video, be it for its path or for a viewer's choices. */
  readonly clipsUsed: (render: string) => Promise<readonly string[]>;
  readonly changes: (render: string) => Promise<readonly RecordChange[]>;
  /**
   * Changes the record of a render. Where it is made again, the old files are gone with it; the links lead to the new
   * ones when they are done. An earlier remake that is not done yet is given up.
   *
   * @returns false, with nothing changed and the remake given up, where the record is not `from` any more.
   */
  readonly change: (render: string, changed: ChangedRecord) => Promise<boolean>;
  /**
   * Puts remakes that are done in the place of their renders, and names those that failed. Where it looks at all, it
   * also gives up remakes that a process began and did not finish recording.
   *
   * @param ids of remakes' rows; all where none are given.
   */
  readonly settleRemakes: (ids?: readonly string[]) => Promise<SettledRemakes>;

  /** Variables whose answers may change the record. */
  readonly consents: (render: string) => Promise<readonly string[]>;
  readonly setConsent: (render: string, variable: string, agreed: boolean) => Promise<void>;

  /** The random part of the shared link; `link` is stored if there is none. */
  readonly share: (render: string, link: string) => Promise<string>;
  readonly unshare: (render: string) => Promise<void>;
  readonly sharedLink: (render: string) => Promise<string | undefined>;
}
