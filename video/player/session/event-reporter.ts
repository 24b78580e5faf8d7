import type { ReportEvents, ViewerEvent } from '../../story/engine/viewer-protocol.ts';

type WithoutPlace<E> = E extends ViewerEvent ? Omit<E, 'seq' | 'ms'> : never;

/** What happened on the page, before it is numbered. */
export type Happening = WithoutPlace<ViewerEvent>;

/** Takes what happened on the page. */
export type Report = (happening: Happening) => void;

/** The reporter's dependencies. */
export interface EventReporterParts {
  /** @param keepalive whether the page is closing. */
  readonly send: (report: ReportEvents, keepalive: boolean) => Promise<unknown>;
  readonly page: Pick<ReportEvents, 'page' | 'device' | 'automated'>;
  /** Milliseconds since the page was opened. */
  readonly now: () => number;
  /** Whether sending again may help after an error. */
  readonly mayPass: (error: unknown) => boolean;
}

const sendEveryMs = 5_000;
/** Most events that wait. Of a film that is watched without a network for an hour the rest is not counted. */
const mostWaiting = 2_000;
/** Most events that the server takes in one request. */
const mostAtOnce = 200;
/** Browsers send at most 64 KiB after a page has closed. */
const mostAtClose = 150;
/** Most events that the server takes of one page. */
const mostOfPage = 5_000;

/**
 * Reports what happens on the page. Unlike the story's events nothing depends on it: what cannot be sent is lost. The
 * server recognizes events that are sent again.
 */
export class EventReporter {
  readonly #parts: EventReporterParts;
  #waiting: readonly ViewerEvent[] = [];
  #seq = 0;
  #isSending = false;
  #isOver = false;
  #timer: number | undefined;

  constructor(parts: EventReporterParts) {
    this.#parts = parts;
  }

  /** Reports an event soon. */
  add(happening: Happening): void {
    if (this.#isOver || this.#seq >= mostOfPage || this.#waiting.length >= mostWaiting) return;
    const ms = Math.round(this.#parts.now());
    this.#waiting = [...this.#waiting, { ...happening, seq: this.#seq, ms }];
    this.#seq += 1;
    this.#timer ??= window.setTimeout(() => void this.#flush(), sendEveryMs);
  }

  /** Sends what waits while the page is closing. */
  handOver(): void {
    if (this.#waiting.length === 0 || this.#isOver) return;
    this.#parts.send(this.#nextReport(mostAtClose), true).catch(() => undefined);
  }

  /** Reports nothing from now on. */
  stop(): void {
    this.#isOver = true;
    this.#waiting = [];
    window.clearTimeout(this.#timer);
  }

  #nextReport(most: number): ReportEvents {
    return {
      ...this.#parts.page,
      ms: Math.round(this.#parts.now()),
      events: this.#waiting.slice(0, most),
    };
  }

  async #flush(): Promise<void> {
    if (this.#isSending || this.#isOver) return;
    this.#isSending = true;
    this.#timer = undefined;
    const report = this.#nextReport(mostAtOnce);
    try {
      await this.#parts.send(report, false);
      const last = report.events.at(-1)?.seq ?? -1;
      this.#waiting = this.#waiting.filter(({ seq }) => seq > last);
    } catch (error) {
      if (!this.#parts.mayPass(error)) this.stop();
    }
    this.#isSending = false;
    if (this.#waiting.length > 0 && !this.#isOver)
      this.#timer ??= window.setTimeout(() => void this.#flush(), sendEveryMs);
  }
}
