import type { SessionView } from '../../story/engine/viewer-protocol.ts';
import { EventReporter, type Happening } from '../session/event-reporter.ts';
import type { SessionPlayer } from '../session/session-player.ts';
import type { ViewerApi } from '../session/viewer-api.ts';
import { Watching } from '../session/watching.ts';

/* What counts how the film is watched. It is loaded when the page can be used already. */

/** The kind of device, by its pointer and its screen. */
function deviceOf(): 'phone' | 'tablet' | 'desktop' {
  if (!matchMedia('(pointer: coarse)').matches) return 'desktop';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}

/** Reports what happens on one opening of the page. */
export class Measuring {
  readonly #session: string;
  readonly #reporter: EventReporter;
  #isTouched = false;

  /**
   * @param openedAt when the page was opened, by `performance.now()`.
   * @param mayPass whether sending again may help after an error.
   */
  constructor(
    api: ViewerApi,
    { id }: Pick<SessionView, 'id'>,
    openedAt: number,
    mayPass: (error: unknown) => boolean,
  ) {
    this.#session = id;
    this.#reporter = new EventReporter({
      send: (report, keepalive) => api.reportEvents(report, keepalive),
      page: { page: crypto.randomUUID(), device: deviceOf(), automated: navigator.webdriver },
      now: () => performance.now() - openedAt,
      mayPass,
    });
    this.report({ type: 'opened' });
  }

  /** Whether it reports to a session. */
  isOf({ id }: Pick<SessionView, 'id'>): boolean {
    return id === this.#session;
  }

  report(happening: Happening): void {
    if (happening.type === 'interacted') {
      if (this.#isTouched) return;
      this.#isTouched = true;
    }
    this.#reporter.add(happening);
  }

  /** Follows a film. */
  follow(player: SessionPlayer): void {
    player.watching ??= new Watching(player, (happening) => this.report(happening));
  }

  handOver(): void {
    this.#reporter.handOver();
  }

  stop(): void {
    this.#reporter.stop();
  }
}
