import type { SkipReason } from '../../data/csv/write-tables.ts';
import { errorCatalogue, type ErrorCode } from '../../errors/catalogue.ts';
import type { Mix, PathStills } from '../../video/story/path.ts';
import type { SceneCue } from '../../video/story/scene.ts';
import type { ClipDraft, RowsEnded } from './clips.ts';
import type { Proof } from './cuts.ts';
import type { Priority } from './ports.ts';
import {
  renderPictures,
  type RenderPicture,
  type RenderStatus,
  type RenderWarning,
} from './render-schema.ts';
import type { PageSource, RenderSource, ViewerRights } from './viewers.ts';

/** A scene node on a video's path and the clip that shows it. */
export interface PathStep {
  readonly node: string;
  readonly clip: string;
}

/** What joining the clips of a path needs besides them, as it was planned: later code of the template changes nothing. */
export interface AssemblyPlan {
  /** Whose folder holds the sounds. */
  readonly template: string;
  readonly sound: Mix;
  readonly captions: readonly SceneCue[];
  readonly stills: PathStills;
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
      readonly assembly: AssemblyPlan;
      readonly durationInFrames: number;
      readonly personal: boolean;
    }
  | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** Of someone who was erased: nothing of the row is kept but that there was one. */
  | { readonly state: 'erased' }
  /** Of someone who is held out to be compared with. */
  | { readonly state: 'held-out' }
  /** Of a campaign that was cancelled before the row was planned. */
  | { readonly state: 'cancelled' };

/** A row of a campaign as it is handed in. */
export interface NewRender {
  readonly id: string;
  /** 1-based among the rows of the input. */
  readonly row: number;
  /** Safe and unique within the campaign; names the files of this row. */
  readonly fileName: string;
  readonly priority: Priority;
  /** HMAC of the customer's id; unset where the input names nobody. */
  readonly person?: string | undefined;
  /** The client's own id for that customer. */
  readonly customerId?: string | undefined;
  /** Random; see `Render.link`. */
  readonly link: string;
  /** Whose link it takes when it is done; unset: one of its own. */
  readonly linkOwner?: string | undefined;
  readonly warnings: readonly RenderWarning[];
  readonly plan: RowPlan;
  /** Names of the audience segments that its record is in; unset where it was not planned. */
  readonly segments?: readonly string[] | undefined;
  /** Name of the variant of the story that it was assigned to. */
  readonly variant?: string | undefined;
  /** What it is made from, of rows that have a video. */
  readonly source?: RenderSource | undefined;
  /** Of parts of cut scenes, to be made when it is done. */
  readonly proofs?: readonly Proof[] | undefined;
}

/** How far a row has come. It waits for clips of its video and `beside` it. `ready`: all stored, not yet assembled. */
export type RenderState =
  | { readonly state: 'waiting'; readonly path: ClipsDone; readonly beside: ClipsDone }
  | { readonly state: 'ready' }
  | { readonly state: 'done'; readonly clipsRendered: number; readonly clipsReused: number }
  | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly state: 'skipped'; readonly reason: SkipReason }
  | { readonly state: 'cancelled' };

/** A recorded row. `key` names its files on the store; failed rows may have none. */
export interface Render {
  readonly id: string;
  readonly campaign: string;
  readonly row: number;
  readonly fileName: string;
  readonly priority: Priority;
  readonly key: string | undefined;
  readonly path: readonly PathStep[];
  readonly mix: string | undefined;
  readonly durationInFrames: number;
  readonly warnings: readonly RenderWarning[];
  /** HMAC of the customer's id, where the input had one. */
  readonly person: string | undefined;
  /** Whether anything in it derives from a personal field. */
  readonly personal: boolean;
  /** The client's own id for that customer. */
  readonly customerId?: string | undefined;
  /** Random; what its public addresses are made from. `undefined` after they were revoked. */
  readonly link: string | undefined;
  /** When the link ends, where someone has said so. */
  readonly linkExpiresAt?: Date | undefined;
  /** Whose link it is, where it stays when a newer order replaces the render. */
  readonly linkOwner?: string | undefined;
  /** Since when the link shows this render. */
  readonly shownAt?: Date | undefined;
  /** What its link shows, where that is another render: a newer one, or one of an equal record. Then it has no `key`. */
  readonly shown?:
    | {
        readonly id: string;
        readonly key: string | undefined;
        /** About pictures that could not be made. */
        readonly missing: readonly RenderWarning[];
      }
    | undefined;
  /**
   * Names of the audience segments that its record was in when it was ordered, also of one that is held out. What its
   * viewer changes later does not change them, so that groups of a campaign stay as they were drawn. Unset where it was
   * never planned, and after an erasure or deletion.
   */
  readonly segments: readonly string[] | undefined;
  /** Name of the variant of the story that it was assigned to, where its campaign compares several. */
  readonly variant: string | undefined;
  readonly endedAt: Date | undefined;
  readonly status: RenderState;
  /** Pictures of a done video that are still being made. */
  readonly coming: readonly RenderPicture[];
  /** How far it is made again, since its viewer changed the record or a cut was withdrawn; then it has no `key`. */
  readonly remake?: Pick<Render, 'status' | 'path'> | undefined;
}

/** A render as its jobs know it. */
export interface RenderInWork extends Pick<Render, 'coming' | 'priority' | 'linkOwner'> {
  readonly state: RenderState['state'];
  /** Unset where it was never planned, or has nothing to show any more. */
  readonly planned: PlannedRender | undefined;
  /** Ids of open proofs of its parts. */
  readonly proofs: readonly string[];
}

/** A recorded row with all that making its files needs. */
export interface PlannedRender extends AssemblyPlan, Pick<Render, 'id' | 'campaign' | 'path'> {
  readonly key: string;
  readonly mix: string;
  /** Whether components play something in clips of the path. */
  readonly hasClipSound: boolean;
}

/** Which renders to list. What is not set does not matter. */
export interface RenderFilter {
  readonly states?: readonly RenderState['state'][] | undefined;
  readonly campaign?: string | undefined;
  /** The client's own id for the order. */
  readonly externalId?: string | undefined;
  readonly linkKey?: string | undefined;
  /** HMAC of a customer's id. */
  readonly person?: string | undefined;
  /** Values that its order's metadata has. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Ordered at this moment or later. */
  readonly since?: Date | undefined;
  /** Ordered before. */
  readonly before?: Date | undefined;
}

/** A render and the id of its campaign; without an entry while the row of a single render is not recorded. */
export interface FoundRender {
  readonly campaign: string;
  readonly entry: Render | undefined;
  /** Continues the list after it. */
  readonly cursor: string;
}

/**
 * Renders: the rows of campaigns, each with its one video. Every method is one transaction; those that change state
 * may be repeated without harm. The queue only carries what the tables say is to be done, and can be refilled
 * from `outstanding` at any time.
 */
export interface Renders {
  /** Which of these rows the campaign has recorded already. */
  readonly recordedRows: (campaign: string, rows: readonly number[]) => Promise<ReadonlySet<number>>;
  /**
   * Records rows and the clips they want, and who waits for which. A clip that is new or has failed
   * before becomes wanted and is counted as rendered for the first row that wants it, as reused for
   * all others. A row whose clips are all stored is `ready` at once. Rows recorded before are left
   * as they are; rows of a campaign that was cancelled are recorded as cancelled, and
   * those of one that was stopped are not recorded.
   *
   * @returns what must now be queued: clips not stored, and videos that are ready.
   */
  readonly record: (
    campaign: string,
    renders: readonly NewRender[],
    clips: readonly ClipDraft[],
  ) => Promise<{
    readonly clips: readonly string[];
    readonly renders: readonly string[];
    /** Of `clips`, those that nobody wanted before: the others are hits. */
    readonly begun: readonly string[];
    /** Of `begun`, those that were never recorded before. */
    readonly recorded: readonly string[];
  }>;

  readonly find: (id: string) => Promise<Render | undefined>;
  /** What its jobs need of a render. */
  readonly findPlanned: (id: string) => Promise<RenderInWork | undefined>;
  /** The one that a public address belongs to. */
  readonly findByLink: (link: string) => Promise<Render | undefined>;
  /** The same, also by a link that a viewer shared, and what the link allows. */
  readonly linked: (
    link: string,
  ) => Promise<{ readonly render: Render; readonly rights: ViewerRights } | undefined>;
  /** Gives it other public addresses, or none; the earlier ones, shared ones too, are dead at once. */
  readonly relink: (id: string, link: string | undefined) => Promise<void>;
  /** The same for all renders of a campaign, whatever their links show. */
  readonly relinkCampaign: (campaign: string, what: 'renew' | 'withdraw') => Promise<void>;
  /** Sets when links end; `undefined`: as the deployment says. */
  readonly expireLinks: (
    which: { readonly render: string } | { readonly campaign: string },
    at: Date | undefined,
  ) => Promise<void>;
  /**
   * Gives the link of a render an owner, so that another render can take it.
   *
   * @returns the owner; `undefined` for a render that is unknown or was erased.
   */
  readonly keepLink: (id: string) => Promise<string | undefined>;
  /**
   * Renders of all campaigns, the newest orders first and their rows in the input's order, after a cursor of an
   * earlier page.
   *
   * @throws BespokeError `request-invalid` for an invalid cursor.
   */
  readonly search: (
    filter: RenderFilter,
    cursor: string | undefined,
    limit: number,
  ) => Promise<{ readonly found: readonly FoundRender[]; readonly next: string | undefined }>;
  /** What it is made from; `undefined` for one that has none, or is unknown. */
  readonly source: (id: string) => Promise<PageSource | undefined>;
  /** Recorded rows in the input's order, after row `after`; of all states where none is given. */
  readonly list: (
    campaign: string,
    after: number,
    limit: number,
    states?: readonly RenderState['state'][],
  ) => Promise<readonly Render[]>;
  /**
   * Done rows in the order in which they were done, after a place that the page before gave. A row whose end is
   * recorded at the same moment as another's may be missing, so look at `list` when all have ended.
   */
  readonly listDone: (
    campaign: string,
    after: number,
    limit: number,
  ) => Promise<{ readonly rows: readonly Render[]; readonly last: number }>;

  /**
   * Ends a ready one. One whose link has an owner takes the place of what that link shows, in this transaction, unless a
   * newer order has it; what is replaced is emptied. Repeated after a lost answer, it counts no row and names the same campaigns; so does `fail`.
   *
   * @param coming pictures that `takePictures` has yet to make.
   */
  readonly complete: (id: string, coming?: readonly RenderPicture[]) => Promise<RowsEnded>;
  readonly fail: (id: string, code: ErrorCode, message: string) => Promise<RowsEnded>;
  /**
   * Deletes the video of one that is done or has failed: what it is made from, its files, its link and shared links, and
   * what its viewers did. What others need too stays. Its row stays, as `skipped`, with whose it was.
   *
   * @returns false for one in another state.
   */
  readonly delete: (id: string) => Promise<boolean>;
  /**
   * Plans one again that waits, is ready or is done, from the record that it has. The files of a done one are gone at once.
   *
   * @param terms names what it was planned with.
   * @returns what must now be queued, and whether it ended; `undefined`, with nothing changed, where it was planned again
   * since, or while its viewer's change is being made.
   */
  readonly replan: (
    id: string,
    terms: string,
    draft: Pick<NewRender, 'plan' | 'source'>,
    clips: readonly ClipDraft[],
  ) => Promise<
    { readonly clips: readonly string[]; readonly ready: boolean; readonly ended: RowsEnded } | undefined
  >;
  /** Makes a done one ready again whose files are gone. */
  readonly reopen: (id: string) => Promise<void>;
  /** Whether a finished one is still to be reported to the licence service; true once for each. */
  readonly claimReport: (id: string) => Promise<boolean>;
  /**
   * Records that pictures of a video are stored, or with warnings that they cannot be made. Changes nothing
   * where the video has another key by now.
   */
  readonly endPictures: (
    render: { readonly id: string; readonly key: string },
    pictures: readonly RenderPicture[],
    warnings?: readonly RenderWarning[],
  ) => Promise<void>;
  /** Records that a picture of a done video is gone from the store and is to be made again. */
  readonly losePicture: (
    render: { readonly id: string; readonly key: string },
    picture: RenderPicture,
  ) => Promise<void>;

  /**
   * Everything that should be in the queue, in pages: wanted clips that someone waits for, those of the
   * first rows first within a page; ready videos; done ones with pictures to come.
   */
  readonly outstanding: (
    after: string | undefined,
    limit: number,
  ) => Promise<{
    readonly clips: readonly { readonly key: string; readonly priority: Priority }[];
    readonly renders: readonly { readonly id: string; readonly priority: Priority }[];
    readonly pictures: readonly { readonly id: string; readonly priority: Priority }[];
    readonly next: string | undefined;
  }>;
}

/** File names in the store's namespaces. */
export interface RenderFiles {
  readonly video: string;
  readonly poster: string;
  readonly teaser: string;
  readonly captions: string;
}

/** How many clips are stored. */
export interface ClipsDone {
  readonly done: number;
  readonly total: number;
}

/** Pictures of a video that could not be made. */
export function missingPictures(warnings: readonly RenderWarning[]): readonly RenderPicture[] {
  return renderPictures.filter((picture) =>
    warnings.some(({ code, field }) => code === 'picture-unavailable' && field === picture),
  );
}

/** The names of a render's files in their namespaces. */
export function renderFiles(key: string): RenderFiles {
  return { video: `${key}.mp4`, poster: `${key}.jpg`, teaser: `${key}.gif`, captions: `${key}.vtt` };
}

/** The public status of a recorded row; of one that has a remake, the status of that. */
export function renderStatus(entry: Render, fps: number): RenderStatus {
  const { status, path } = entry.remake ?? entry;
  switch (status.state) {
    case 'waiting': {
      const { path: own, beside } = status;
      if (own.done + beside.done === 0) return { state: 'queued' };
      return { state: 'rendering', ...own, ...(beside.done < beside.total && { beside }) };
    }
    case 'ready': {
      const total = new Set(path.map(({ clip }) => clip)).size;
      return { state: 'rendering', done: total, total };
    }
    case 'done':
      return {
        state: status.state,
        durationInSeconds: entry.durationInFrames / fps,
        clipsRendered: status.clipsRendered,
        clipsReused: status.clipsReused,
        warnings: [...entry.warnings],
        coming: [...entry.coming],
      };
    case 'failed':
      return { ...status, retryable: errorCatalogue[status.code].retryable };
    case 'skipped':
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}

/** The name of an erased row's files, of which there are none. No id of a customer gives this one. */
export const erasedFileName = (row: number): string => `erased~${row}`;

/** A row of someone who was erased: nothing but that there was one. */
export function erasedRender({
  id,
  row,
  priority,
  link,
}: Pick<NewRender, 'id' | 'row' | 'priority' | 'link'>): NewRender {
  const fileName = erasedFileName(row);
  return { id, row, priority, link, fileName, warnings: [], plan: { state: 'erased' } };
}
