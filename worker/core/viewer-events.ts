import type { Format } from '../../video/story/format.ts';
import type { ViewerEvent } from '../../video/story/engine/viewer-protocol.ts';
import type { ViewerRights } from './viewers.ts';
import type { ViewedEvents } from './webhooks.ts';

/** Why a page is taken for one that a machine has opened. */
export type MachineReason = 'prefetch' | 'user-agent' | 'automated' | 'impossible-timing';

type Kept<E> = E extends ViewerEvent
  ? Omit<E, 'clip' | 'seq' | 'ms'> & {
      /** Key of a clip that many may see; unset for a personal one. */
      readonly clip?: string | undefined;
      /** Length of the clip in frames. */
      readonly clipFrames?: number | undefined;
    }
  : never;

/** What an event says. Nothing in it says who watched: a clip is named only where others see it too. */
export type EventContent =
  | Kept<ViewerEvent>
  /** The server's own: what asked for the page was a machine. */
  | { readonly type: 'machine'; readonly reason: MachineReason };

/** An event of a page. */
export interface PageEvent {
  /** Counts the events of the page; below 0 for the server's own. */
  readonly seq: number;
  /** Milliseconds since the page was opened. */
  readonly ms: number;
  readonly content: EventContent;
}

export type Device = 'phone' | 'tablet' | 'desktop';

/** One opening of a page, with what is known of it. */
export interface PageView {
  /** The page's own random name. */
  readonly page: string;
  readonly openedAt: Date;
  readonly device: Device;
  readonly events: readonly PageEvent[];
}

/** Who watches a video: its owner, or one guest by a shared link. Named by their session. */
export interface CountedViewer {
  readonly session: string;
  readonly campaign: string;
  readonly render: string;
  readonly rights: ViewerRights;
  readonly template: string;
  readonly format: Format;
  readonly fps: number;
  /** Of the video as someone who only watches sees it. */
  readonly filmFrames: number;
  /** Names of the audience segments that the render's record was in. */
  readonly segments: readonly string[];
  readonly variant: string | undefined;
}

/** A clip that events may name. */
export interface NamedClip {
  readonly key: string;
  readonly personal: boolean;
  readonly scene: string;
  readonly durationInFrames: number;
}

/** Most pages of one viewer. */
export const mostPages = 200;

/** What a viewer adds to a campaign's figures, by the name of the figure. */
export type Contribution = ReadonlyMap<string, number>;

/** A viewer and all that is known of how they watched. */
export interface Watching {
  readonly viewer: CountedViewer;
  readonly pages: readonly PageView[];
}

/** Some viewers of a campaign. */
export interface WatchingPage {
  readonly watching: readonly Watching[];
  /** The last of them, to continue from; `undefined` at the end. */
  readonly next: string | undefined;
}

/** What counting a viewer says. */
export interface Counted {
  readonly figures: Contribution;
  /** When and on what a person first opened a page of theirs; unset where none has. */
  readonly first: FirstOpening | undefined;
}

/** The first opening of a page by a person. */
export interface FirstOpening {
  /** In UTC, ISO `YYYY-MM-DD`. */
  readonly day: string;
  readonly device: Device;
}

/** Says what a viewer adds to figures. It depends on nothing else. */
export type Contribute = (watching: Watching) => Counted;

/** How films are watched. Every method is one transaction and may be repeated without harm. */
export interface ViewerEvents {
  /**
   * Adds events of one page; those that are known already change nothing.
   *
   * @param viewer whose render is still there; `fps` is that of the template.
   * @returns how many of them are kept. None are where the viewer does not want it, or has opened too many pages.
   */
  readonly add: (
    viewer: Pick<CountedViewer, 'session' | 'render' | 'rights' | 'fps'>,
    page: PageView,
  ) => Promise<number>;
  /** What the events of a page may be about: the template of the render, and those of the clips that there are. */
  readonly subjects: (
    render: string,
    clips: readonly string[],
  ) => Promise<{ readonly template: string; readonly clips: readonly NamedClip[] } | undefined>;
  /** Whether the viewer of a session has refused to be counted. */
  readonly isRefused: (session: string) => Promise<boolean>;
  /** Sets whether a viewer may be counted. With `false` all that is known of how they watched is deleted, and they are in no figure any more. */
  readonly allow: (
    viewer: Pick<CountedViewer, 'session' | 'render'>,
    allowed: boolean,
    contribute: Contribute,
  ) => Promise<void>;
  /**
   * Brings figures up to date with events that came since.
   *
   * @param most viewers at once.
   * @returns how many viewers were counted; 0 when nothing is left to do.
   */
  readonly count: (contribute: Contribute, most: number, campaign?: string) => Promise<number>;
  /** All figures of a campaign, as far as they are counted. */
  readonly figures: (campaign: string) => Promise<Contribution>;
  /**
   * How many videos of a campaign were ever done, also those that were erased or deleted since, as far as
   * `Conversions.compare` has taken them into account.
   */
  readonly videos: (campaign: string) => Promise<number>;
  /** Viewers of a campaign, by session. @param after the session before the first. */
  readonly list: (campaign: string, after: string | undefined, limit: number) => Promise<WatchingPage>;
  /** Events of one viewer, with their pages. @param viewed which of them; pages without any are left out. */
  readonly eventsOf: (viewed: ViewedEvents) => Promise<Watching | undefined>;
  /** All that is known of how some videos were watched. */
  readonly watchingOf: (renders: readonly string[]) => Promise<readonly Watching[]>;
}
