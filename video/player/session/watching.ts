import { choicesOf, type Story } from '../../story/engine/graph.ts';
import { member } from '../../story/engine/condition.ts';
import type { LogEntry } from '../../story/engine/session.ts';
import { choiceName, type StoryState } from '../../story/engine/state.ts';
import type { Happening, Report } from './event-reporter.ts';
import type { Offer } from './offer.ts';

/** What is on screen. */
export interface OnScreen {
  readonly node: string;
  readonly visit: number;
  /** `ref` of its clip. */
  readonly clip: string;
}

interface Run extends OnScreen {
  readonly from: number;
  readonly to: number;
}

/** A slow browser leaves frames out; a larger gap is a jump. */
const mostLeftOut = 30;

/** Reports which frames were on screen, in as few events as possible. */
export class WatchedFrames {
  readonly #report: Report;
  #run: Run | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  /** A frame of a clip is on screen, or stays there. */
  see(shown: OnScreen, frame: number): void {
    const run = this.#run;
    const isSame = run?.node === shown.node && run.visit === shown.visit && run.clip === shown.clip;
    if (!isSame) {
      this.flush();
      this.#report({ type: 'entered', ...shown });
      this.#run = { ...shown, from: frame, to: frame + 1 };
      return;
    }
    if (frame >= run.from && frame < run.to + mostLeftOut) {
      if (frame >= run.to) this.#run = { ...run, to: frame + 1 };
      return;
    }
    this.flush();
    this.#run = { ...shown, from: frame, to: frame + 1 };
  }

  /** Reports the frames that were not reported yet. */
  flush(): void {
    const run = this.#run;
    if (run === undefined || run.to === run.from) return;
    const { from, to, ...shown } = run;
    this.#report({ type: 'watched', ...shown, fromFrame: from, toFrame: to });
    this.#run = { ...run, from: to };
  }
}

/** The choice that was taken at a node between two states. */
function choiceTaken(story: Story, node: string, before: StoryState, after: StoryState): string | undefined {
  const of = member(story.nodes, node);
  const times = ({ taken }: StoryState, id: string): number => member(taken, choiceName(node, id)) ?? 0;
  return of === undefined
    ? undefined
    : choicesOf(of).find(({ id }) => times(after, id) > times(before, id))?.id;
}

/** A story's decisions, as reports have them: what was offered, what was taken, and after how long. */
export class Decisions {
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
    const wasOver = before !== undefined && member(story.nodes, before.node)?.type === 'end';
    if (!wasOver && member(story.nodes, to)?.type === 'end')
      this.#report({ type: 'ended', node: before?.node ?? to });
  }

  #decisionOf(
    story: Story,
    event: Extract<LogEntry['event'], { readonly node: string }>,
    before: StoryState,
    after: StoryState,
  ): Happening | undefined {
    const { node } = event;
    const visit = member(before.visits, node) ?? 1;
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
        if (member(story.nodes, node)?.type === 'form') return { type: 'answered', ...at, by: 'timer' };
        const by = event.type === 'expire' ? 'timer' : 'default';
        // A choice that was picked before the scene's end was reported then.
        const choice = before.pick === undefined ? choiceTaken(story, node, before, after) : undefined;
        return choice === undefined ? undefined : { type: 'chosen', ...at, choice, by };
      }
      default:
        return event satisfies never;
    }
  }
}
