import type { AnyRecord } from '../../data/record.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import type { LogEntry } from '../../video/story/engine/session.ts';
import type { Format } from '../../video/story/format.ts';
import type { Encoding } from './ports.ts';

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
}

/** What a video is made from, kept so that its viewer's walk can be bound. */
export interface Viewing {
  readonly terms: PlanTerms;
  readonly record: AnyRecord;
  readonly images: ResolvedImages;
}

/** The most lines that a log holds. A full log starts again when its session is opened. */
export const longestLog = 2_000;

/** The most sessions by shared links that are kept for one video. The least recently used are removed first. */
export const mostGuests = 100;

/** `owner`: through the video's own link; `play`: through one that its owner shared. */
export type ViewerRights = 'owner' | 'play';

/** A viewer's way through a video's story. Its log is all that there is to know about it. */
export interface ViewerSession {
  /** Random, but no secret: passes are signed. */
  readonly id: string;
  readonly video: string;
  readonly rights: ViewerRights;
  /** The random part of the link that it was opened by; without that link it is over. */
  readonly link: string;
  /** Names the story that the log was written with. */
  readonly story: string;
  /** Which of its logs is written now: it rises when the log begins anew. */
  readonly run: number;
  readonly createdAt: Date;
  /** When another one took its place. */
  readonly endedAt: Date | undefined;
}

/** A line of a session's log. */
export interface LoggedEvent {
  /** The player's name for the event; it is in the log once. */
  readonly id: string;
  readonly entry: LogEntry;
  readonly at: Date;
}

/** What videos are made from, and the sessions of those who watch them. Every method is one transaction. */
export interface Viewings {
  /** What a video is made from; `undefined` for one that has none, or is unknown. */
  readonly find: (video: string) => Promise<Viewing | undefined>;

  /**
   * Opens a session. An owner goes on with the one that is open, whichever device it was begun on and
   * whichever link led there; a guest begins a new one. Of more than `mostGuests` of a video the oldest go.
   */
  readonly open: (
    wish: Omit<ViewerSession, 'run' | 'createdAt' | 'endedAt'>,
  ) => Promise<{ readonly session: ViewerSession; readonly resumed: boolean }>;
  readonly session: (id: string) => Promise<ViewerSession | undefined>;
  /** All sessions of a video with all that was ever logged in them. */
  readonly ofVideo: (
    video: string,
  ) => Promise<readonly { readonly session: ViewerSession; readonly events: readonly LoggedEvent[] }[]>;
  /** The log since it last began anew. */
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
   * Begins the log `run` anew, for a story that `story` names; nothing where that was done. The newest
   * `longestLog` lines of what was logged are kept.
   */
  readonly restart: (session: string, run: number, story: string) => Promise<void>;
}
