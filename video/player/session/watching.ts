import type { Story } from '../../story/engine/graph.ts';
import type { LogEntry } from '../../story/engine/session.ts';
import type { StoryState } from '../../story/engine/state.ts';
import type { Happening, Report } from './event-reporter.ts';
import type { Offer } from './offer.ts';
import type { FilmFollower, SessionPlayer } from './session-player.ts';

/** What is on screen. */
export interface OnScreen {
  readonly node: string;
  readonly visit: number;
  /** `ref` of its clip. */
  readonly clip: string;
}

/** Frames of a clip that were seen, one after another. */
interface Run extends OnScreen {
  readonly from: number;
  readonly to: number;
  /** Those before this one are reported. */
  readonly reportedTo: number;
}

/* Nothing is imported but types: what the page has loaded already is not to be cut into smaller parts. */

/** A slow browser leaves frames out; a larger gap is a jump. */
const mostLeftOut = 30;

/** Reports which frames were on screen, in as few events as possible. */
class WatchedFrames {
  readonly #report: Report;
  #run: Run | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  /** A frame of a clip is on screen, or stays there. A loop that begins again shows nothing new. */
  see(shown: OnScreen, frame: number): void {
    const run = this.#run;
    const isSame = run?.node === shown.node && run.visit === shown.visit && run.clip === shown.clip;
    if (isSame && frame >= run.from && frame < run.to + mostLeftOut) {
      if (frame >= run.to) this.#run = { ...run, to: frame + 1 };
      return;
    }
    this.flush();
    if (!isSame) this.#report({ type: 'entered', ...shown });
    this.#run = { ...shown, from: frame, to: frame + 1, reportedTo: frame };
  }

  /** Reports the frames that were not reported yet. */
  flush(): void {
    const run = this.#run;
    if (run === undefined || run.to === run.reportedTo) return;
    const { node, visit, clip, to, reportedTo } = run;
    this.#report({ type: 'watched', node, visit, clip, fromFrame: reportedTo, toFrame: to });
    this.#run = { ...run, reportedTo: to };
  }
}

/** The choice that was taken at a node between two states: the names of taken choices are JSON, see `choiceName`. */
function choiceTaken(node: string, before: StoryState, after: StoryState): string | undefined {
  const taken = Object.entries(after.taken).find(([name, times]) => times > (before.taken[name] ?? 0));
  const [of, choice] = taken === undefined ? [] : (JSON.parse(taken[0]) as readonly string[]);
  return of === node ? choice : undefined;
}

/** A story's decisions, as reports have them: what was offered, what was taken, and after how long. */
class Decisions {
  readonly #report: Report;
  readonly #now: () => number;
  readonly #offeredAt = new Map<string, number>();
  readonly #links = new Set<string>();

  /** @param now milliseconds, of any clock. */
  constructor(report: Report, now: () => number) {
    this.#report = report;
    this.#now = now;
  }

  /** Something is offered at a node. */
  offered({ choices, form, link }: Offer, { node, visit }: Pick<OnScreen, 'node' | 'visit'>): void {
    const name = `${node} ${visit}`;
    const decides = form !== undefined || choices.some(({ enabled }) => enabled);
    if (decides && !this.#offeredAt.has(name)) {
      this.#offeredAt.set(name, this.#now());
      this.#report({ type: 'offered', node, visit });
    }
    if (link !== undefined && !this.#links.has(node)) {
      this.#links.add(node);
      this.#report({ type: 'link-shown', node });
    }
  }

  /** An event of the story took place. */
  applied(story: Story, { event, to }: LogEntry, before: StoryState | undefined, after: StoryState): void {
    if ('node' in event && before !== undefined) {
      const decision = this.#decisionOf(story, event, before, after);
      if (decision !== undefined) this.#report(decision);
    }
    const wasOver = before !== undefined && story.nodes[before.node]?.type === 'end';
    if (!wasOver && story.nodes[to]?.type === 'end')
      this.#report({ type: 'ended', node: before?.node ?? to });
  }

  #decisionOf(
    story: Story,
    event: Extract<LogEntry['event'], { readonly node: string }>,
    before: StoryState,
    after: StoryState,
  ): Happening | undefined {
    const { node } = event;
    const visit = before.visits[node] ?? 1;
    const since = this.#offeredAt.get(`${node} ${visit}`);
    const at = { node, visit, afterMs: since === undefined ? 0 : Math.round(this.#now() - since) };
    switch (event.type) {
      case 'choose':
        return { type: 'chosen', ...at, choice: event.choice, by: 'viewer' };
      case 'answer':
        return { type: 'answered', ...at, by: 'viewer' };
      case 'skip':
        return { type: 'answered', ...at, by: 'skip' };
      case 'follow':
        return { type: 'link-followed', node };
      case 'expire':
      case 'ended': {
        if (story.nodes[node]?.type === 'form') return { type: 'answered', ...at, by: 'timer' };
        const by = event.type === 'expire' ? 'timer' : 'default';
        // A choice that was picked before the scene's end was reported then.
        const choice = before.pick === undefined ? choiceTaken(node, before, after) : undefined;
        return choice === undefined ? undefined : { type: 'chosen', ...at, choice, by };
      }
      default:
        return event satisfies never;
    }
  }
}

/** Follows how a film is watched. */
export class Watching implements FilmFollower {
  readonly #player: SessionPlayer;
  readonly #report: Report;
  readonly #frames: WatchedFrames;
  readonly #decisions: Decisions;
  #isPaused = false;
  /** Where the viewer was before they moved to another frame. */
  #soughtFrom: { readonly node: string; readonly frame: number } | undefined;

  constructor(player: SessionPlayer, report: Report) {
    this.#player = player;
    this.#report = report;
    this.#frames = new WatchedFrames(report);
    this.#decisions = new Decisions(report, () => performance.now());
    const { media } = player;
    media.addEventListener('pause', () => {
      this.flush();
      this.#isPaused = !media.ended;
      if (this.#isPaused) this.#reportAt('paused');
    });
    media.addEventListener('play', () => {
      if (this.#isPaused) this.#reportAt('continued');
      this.#isPaused = false;
    });
    const isCaptioned = (): boolean => media.textTracks.captions?.mode === 'showing';
    let before = isCaptioned();
    media.textTracks.addEventListener('change', () => {
      const on = isCaptioned();
      if (on !== before) report({ type: 'captions', on });
      before = on;
    });
    media.addEventListener('viewer-seeking', () => {
      const { shot } = player.playback;
      if (shot !== undefined) this.#soughtFrom = { node: this.#here.node, frame: shot.frame };
    });
  }

  get #here(): { readonly node: string; readonly visit: number } {
    const { node, visit = 1 } = this.#player.session.here;
    return { node, visit };
  }

  /** The viewer starts the film, or continues it. */
  started(): void {
    this.#report({ type: 'started', resumed: this.#player.hasBegun });
  }

  /** A frame was painted. */
  see(): void {
    const { playback, cache } = this.#player;
    const { shot } = playback;
    const clip = shot === undefined ? undefined : cache.view(shot.name)?.ref;
    if (shot === undefined || clip === undefined || !playback.isOnScreen) return;
    const from = this.#soughtFrom;
    if (from !== undefined && from.frame !== shot.frame) {
      this.#soughtFrom = undefined;
      this.flush();
      this.#report({ type: 'sought', node: from.node, fromFrame: from.frame, toFrame: shot.frame });
    }
    this.#frames.see({ ...this.#here, clip }, shot.frame);
  }

  /** Reports the frames that were not reported yet. */
  flush(): void {
    this.#frames.flush();
  }

  /** The viewer sees an offer. */
  offered(offer: Offer): void {
    if (this.#player.hasBegun) this.#decisions.offered(offer, this.#here);
  }

  /** The current node is shown as a text. */
  read(): void {
    if (this.#player.hasBegun && !this.#player.isOver) this.#report({ type: 'entered', ...this.#here });
    this.offered(this.#player.offer());
  }

  /** An event of the story took place. */
  applied(entry: LogEntry, before: StoryState | undefined, after: StoryState): void {
    this.#decisions.applied(this.#player.view.story, entry, before, after);
  }

  #reportAt(type: 'paused' | 'continued'): void {
    const { shot } = this.#player.playback;
    if (shot !== undefined) this.#report({ type, node: this.#here.node, frame: shot.frame });
  }
}
