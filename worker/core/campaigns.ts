import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Conventions } from '../../data/csv/conventions.ts';
import type { ColumnOverride } from '../../data/csv/map-columns.ts';
import type { SavedMapping } from '../../data/csv/saved-mapping.ts';
import type { AnyRecord } from '../../data/record.ts';
import type { SuspectPolicy } from '../../data/suspects.ts';
import type { Holdout } from './holdout.ts';
import type { Variants } from './variants.ts';
import type { Variant } from '../../video/story/bind.ts';
import type { CampaignLink } from '../../video/story/engine/graph.ts';
import type { Format } from '../../video/story/format.ts';
import type { Priority, Encoding, Job } from './ports.ts';
import type { RenderState } from './renders.ts';

/** How many days conversions count, where nobody says it, and at most. */
export const usualDays = 30;
export const mostDays = 365;

/** How the result of a campaign is judged: fixed by its order, before anyone can know the result. */
export interface Measure {
  /** How long conversions count, from the order on. */
  readonly days: number;
  /** Share of the customers who act without a video, as it is expected. */
  readonly baseRate?: number | undefined;
}

/** What a campaign's rows are made from. */
export type CampaignSource =
  | {
      readonly kind: 'record';
      /** As the client sent it, already found good; checked again when it is planned. */
      readonly record: AnyRecord;
      /** What its viewer chooses, in order; unset: nothing. */
      readonly path?: readonly string[] | undefined;
      readonly coarser?: readonly string[] | undefined;
      /** As the client wrote them. */
      readonly settings?: AnyRecord | undefined;
      readonly suspects?: SuspectPolicy | undefined;
      /** Of the render that it is a change of. */
      readonly variant?: Variant | undefined;
    }
  /** What was watched in this session of a viewer. */
  | { readonly kind: 'session'; readonly session: string }
  | {
      readonly kind: 'csv';
      /** In the store's namespace `inputs`. */
      readonly file: string;
      /** As the client named it; messages repeat it, no path is built from it. */
      readonly fileName: string;
      readonly map: readonly ColumnOverride[];
      readonly mapping?: SavedMapping | undefined;
      /** `null`: no column is the id. Unset: the likeliest one is. */
      readonly idColumn?: string | null | undefined;
      /** How its columns write what countries read differently, as it was found when the file came. */
      readonly conventions?: Conventions | undefined;
      /** Fields that are shown coarser; see `Template.coarser`. */
      readonly coarser?: readonly string[] | undefined;
      /** As the client wrote them. */
      readonly settings?: AnyRecord | undefined;
      readonly suspects?: SuspectPolicy | undefined;
      readonly holdout?: Holdout | undefined;
      readonly variants?: Variants | undefined;
      readonly measure?: Measure | undefined;
      /** Rows whose cells were taken out of the file, since their person was erased. */
      readonly erasedRows?: readonly number[] | undefined;
    }
  /** Of someone who was erased. */
  | { readonly kind: 'erased' };

/** `personal`: the poster, which may show the customer's name, is part of what chat and mail programs preview. */
export type LinkPreview = 'neutral' | 'personal';

/**
 * Renders that are ordered together: of one record (`render`) or of a file of rows (`campaign`). A single render and
 * its campaign have the same id.
 */
export interface NewCampaign {
  readonly id: string;
  readonly template: string;
  readonly format: Format;
  /** ISO `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly kind: 'render' | 'campaign';
  readonly quality: Quality;
  readonly priority: Priority;
  readonly source: CampaignSource;
  /** HMAC of the id of the customer whom a single render is about, where the client said it. */
  readonly person?: string | undefined;
  /** That id, for the client's answers. */
  readonly customerId?: string | undefined;
  /** The client's own id for the order. */
  readonly externalId?: string | undefined;
  /** Names the links of its customers: an order with the same key replaces what they show. */
  readonly linkKey?: string | undefined;
  /** Whose link a single render takes; see `NewRender.linkOwner`. */
  readonly linkOwner?: string | undefined;
  /** What previews of its pages show; unset: nothing personal. */
  readonly preview?: LinkPreview | undefined;
  /** In place of the template's own links. */
  readonly link?: CampaignLink | undefined;
  /** Rows of the source: accepted = done + failed + cancelled + still queued. */
  readonly rows: number;
  /** Called when the campaign has ended. */
  readonly webhookUrl: string | undefined;
  /** Whether webhooks are also called when a row is done or has failed. */
  readonly rowEvents?: boolean | undefined;
  /** Whether webhooks also get what viewers do on their pages. */
  readonly viewerEvents?: boolean | undefined;
  /** The client's own words, given back with every answer; never read by us. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/**
 * How far a campaign is. `planning`: its rows are being recorded. `rendering`: all rows are recorded,
 * some have not ended. `failed`: its source turned out to be unusable as a whole.
 */
export type CampaignState =
  | { readonly state: 'planning' }
  | { readonly state: 'rendering' }
  | { readonly state: 'finished'; readonly at: Date }
  | { readonly state: 'cancelled'; readonly at: Date }
  | { readonly state: 'failed'; readonly at: Date; readonly code: ErrorCode; readonly message: string };

/** The campaign of a row, of the same id, that takes the place of another one, since its record was changed. */
export interface Remake extends Pick<
  NewCampaign,
  'id' | 'template' | 'format' | 'asOf' | 'quality' | 'priority'
> {
  readonly of: string;
}

/** A campaign as it is recorded. */
export interface Campaign extends NewCampaign {
  readonly status: CampaignState;
  /** Whether it is being cancelled. It is `cancelled` as soon as no row is open. */
  readonly cancelling: boolean;
}

/** What makes a repeated request the same request. */
export interface Idempotency {
  /** The client's `Idempotency-Key`, within the API key that it came with. */
  readonly key: string;
  readonly apiKey: string;
  /** HMAC of the request. */
  readonly fingerprint: string;
}

/** What became of placing a campaign. */
export type Placed =
  | { readonly outcome: 'placed' | 'repeated'; readonly campaign: Campaign }
  /** The same key came with another body before. */
  | { readonly outcome: 'conflict' };

/** How far a campaign is, in rows, clips and frames. */
export interface CampaignProgress {
  readonly rows: Readonly<Record<RenderState['state'], number>>;
  /** Of the clips that this campaign was the first to want. */
  readonly clips: { readonly wanted: number; readonly stored: number; readonly failed: number };
  readonly frames: { readonly wanted: number; readonly stored: number };
  /** Waiting rows that have some of their clips. */
  readonly started: number;
  /** Done rows of which pictures are still being made. */
  readonly coming: number;
}

/**
 * Campaigns. Every method is one transaction and may be repeated without harm. Remakes are opened here; nothing else
 * finds, lists or changes them.
 */
export interface Campaigns {
  /**
   * Records a campaign, in state `planning`. An idempotency key is remembered for seven days; of requests with one key that race, one is placed.
   */
  readonly place: (campaign: NewCampaign, idempotency: Idempotency | undefined) => Promise<Placed>;
  /**
   * Places a single render, made from what the newest order of its link's owner says.
   *
   * @param newest that order, as `newestOf` returned it.
   * @returns `undefined`, with nothing placed, where there is a newer one by now.
   */
  readonly placeAfter: (
    campaign: NewCampaign & { readonly linkOwner: string },
    newest: string | undefined,
    idempotency: Idempotency | undefined,
  ) => Promise<Placed | undefined>;
  /** The render of the newest order whose link has this owner, whether its row is recorded yet or not. */
  readonly newestOf: (owner: string, standing?: boolean) => Promise<string | undefined>;
  readonly find: (id: string) => Promise<Campaign | undefined>;
  readonly findAll: (ids: readonly string[]) => Promise<readonly Campaign[]>;
  /** Newest first, after a cursor that the page before gave. */
  readonly list: (
    kind: NewCampaign['kind'],
    cursor: string | undefined,
    limit: number,
  ) => Promise<{ readonly campaigns: readonly Campaign[]; readonly next: string | undefined }>;

  /**
   * From `planning` to `rendering`: every row is recorded. Rejects when rows are missing, since a campaign
   * that ended without them would not be accounted for.
   */
  readonly planned: (id: string) => Promise<void>;
  /**
   * The source cannot be read as a whole: ends a campaign that is being planned, and fails its recorded
   * rows that have not ended. Rows that were never recorded count as failed with it. A campaign whose
   * rows are all recorded continues; one that was cancelled ends as `cancelled`, its rows with it.
   *
   * @returns the deliveries to queue.
   */
  readonly fail: (id: string, code: ErrorCode, message: string) => Promise<readonly string[]>;
  /**
   * Ends a campaign that is being planned or rendered, and fails its rows that have not ended and those that were not
   * recorded. One that has ended or is being cancelled continues as it is.
   *
   * @returns the deliveries to queue.
   */
  readonly stop: (id: string, code: ErrorCode, message: string) => Promise<readonly string[]>;
  /** Cancels the rows that have not ended; rows recorded from now on are cancelled at once. */
  readonly cancel: (id: string) => Promise<void>;
  /**
   * Forgets the failed rows of an ended campaign and goes back to `planning`, which records them again, with
   * those that a failed campaign never recorded.
   *
   * @param render only this one, whether it has failed or was cancelled.
   * @returns how many; 0 changes nothing.
   */
  readonly retry: (id: string, render?: string) => Promise<number>;
  /**
   * Ends those of these campaigns that are recorded as a whole and have no open row, exactly once, and
   * records the webhook delivery that each of them owes. A campaign whose cancelling left nothing
   * cancelled is `finished`. Costs one look into the tables while rows are open.
   *
   * @returns the deliveries of these campaigns that nobody has attempted; the queue carries each once.
   */
  readonly settle: (ids: readonly string[]) => Promise<readonly string[]>;

  /** Campaigns that are to be planned, and those that `settle` may have missed; oldest first. */
  readonly unsettled: (
    after: string | undefined,
    limit: number,
  ) => Promise<{ readonly campaigns: readonly Campaign[]; readonly next: string | undefined }>;

  /** How far campaigns are, in the order of their ids here. Looks at each of their rows. */
  readonly progress: (campaigns: readonly string[]) => Promise<readonly CampaignProgress[]>;

  /** Opens a remake, whose row is to be recorded at once. */
  readonly openRemake: (remake: Remake) => Promise<void>;
}

/**
 * Draft keeps fps and frame counts and draws a third of the width and height, so that timing can be
 * judged; both sides stay even at every format.
 */
export const qualities = {
  draft: { scale: 1 / 3, crf: 24, preset: 'veryfast', jpegQuality: 80 },
  standard: { scale: 1, crf: 20, preset: 'veryfast', jpegQuality: 90 },
  high: { scale: 1, crf: 16, preset: 'medium', jpegQuality: 97 },
} as const satisfies Readonly<Record<string, Encoding>>;

export type Quality = keyof typeof qualities;

/** The job that records a campaign's rows. */
export function planJob({ id, kind }: Pick<NewCampaign, 'id' | 'kind'>): Job {
  switch (kind) {
    case 'render':
      return { name: 'plan-render', campaign: id };
    case 'campaign':
      return { name: 'plan-campaign', campaign: id };
    default:
      return kind satisfies never;
  }
}
