import type { RemakeView } from '../../story/engine/known.ts';
import { pause } from '../walk/pause.ts';
import type { ViewerApi } from '../walk/viewer-api.ts';

const lookMs = 2_000;

/** Whom a watch tells what became of a film that is made anew. */
export interface RemakeEvents {
  readonly made: () => void;
  readonly failed: () => void;
}

/** Asks how far a film is that is made anew, until it is there or could not be made, or the watch is ended. */
export class RemakeWatch {
  readonly #api: ViewerApi;
  readonly #events: RemakeEvents;
  #isOver = false;

  constructor(api: ViewerApi, events: RemakeEvents) {
    this.#api = api;
    this.#events = events;
    void this.#run();
  }

  end(): void {
    this.#isOver = true;
  }

  async #run(): Promise<void> {
    for (;;) {
      await pause(lookMs);
      if (this.#isOver) return;
      // The network may be away for a while.
      const { state } = await this.#api.remake().catch((): RemakeView => ({ state: 'making' }));
      if (this.#isOver) return;
      if (state === 'making') continue;
      this.#isOver = true;
      if (state === 'none') this.#events.made();
      else this.#events.failed();
      return;
    }
  }
}
