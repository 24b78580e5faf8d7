import type { ClipBytes } from '../element/timeline.ts';
import { type ClipView, type ClipViews, clipName } from '../../story/engine/viewer-protocol.ts';
import { hasView } from '../../story/engine/graph.ts';
import { leaveForm, lookAhead } from '../../story/engine/take.ts';
import { nodeOf, type StoryState, type StoryContext } from '../../story/engine/state.ts';

/** A clip being fetched. */
class ClipLoad implements ClipBytes {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #state: 'loading' | 'whole' | 'failed' = 'loading';
  #waiters: (() => void)[] = [];

  get chunks(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#chunks;
  }

  get whole(): boolean {
    return this.#state === 'whole';
  }

  get failed(): boolean {
    return this.#state === 'failed';
  }

  /** The part of the clip that has arrived, from 0 to 1; 0 while its length is unknown. */
  get share(): number {
    if (this.whole) return 1;
    return this.lengthInBytes === undefined ? 0 : this.byteLength / this.lengthInBytes;
  }

  /** From the server's `content-length`. */
  lengthInBytes: number | undefined;

  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  async more(): Promise<void> {
    if (this.#state === 'loading') await new Promise<void>((resolve) => this.#waiters.push(resolve));
    if (this.#state === 'failed') throw new Error('The clip did not arrive.');
  }

  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunks.push(chunk);
    this.#wake();
  }

  end(state: 'whole' | 'failed'): void {
    this.#state = state;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

/** The cache's dependencies and callbacks. */
export interface ClipCacheOptions {
  readonly fetch: (url: string, signal: AbortSignal) => Promise<Response>;
  readonly pause: (ms: number) => Promise<void>;
  /** A clip has arrived, or is unavailable. */
  readonly changed: () => void;
  /** A clip that was stored is gone; the server's current answer says where it is rendered again. */
  readonly gone: () => void;
}

/** Clips fetched at a time: the next clip should not share the bandwidth with many. */
const atATime = 2;
/** Bytes of clips that are kept although they are not wanted. */
const keptBytes = 60_000_000;
const mostTries = 8;
const mostRefusals = 3;

/** Fetches clips, the likeliest first, and caches them. */
export class ClipCache {
  readonly #parts: ClipCacheOptions;
  readonly #loads = new Map<string, ClipLoad>();
  readonly #aborts = new Map<string, AbortController>();
  #views: ClipViews;
  #wanted: readonly string[] = [];
  /** How often the server refused a clip. */
  readonly #refusals = new Map<string, number>();

  constructor(views: ClipViews, parts: ClipCacheOptions) {
    this.#views = views;
    this.#parts = parts;
  }

  /** The server's description of a clip. */
  view(name: string): ClipView | undefined {
    return Object.hasOwn(this.#views, name) ? this.#views[name] : undefined;
  }

  /** The bytes that have arrived; `undefined` if the clip was not requested yet. */
  load(name: string): ClipLoad | undefined {
    return this.#loads.get(name);
  }

  /** Whether the server has refused the clip so often that it is given up. */
  isGone(name: string): boolean {
    return (this.#refusals.get(name) ?? 0) >= mostRefusals;
  }

  /** Adds the server's descriptions of more clips. */
  learn(views: ClipViews): void {
    this.#views = { ...this.#views, ...views };
    this.#fetchNext();
    this.#parts.changed();
  }

  /** Drops all clips and starts with these descriptions. */
  restart(views: ClipViews): void {
    for (const abort of this.#aborts.values()) abort.abort();
    this.#aborts.clear();
    this.#loads.clear();
    this.#refusals.clear();
    this.#views = views;
    this.#wanted = [];
  }

  /** Sets which clips come next, the likeliest first. Clips that are no longer wanted may be dropped. */
  want(names: readonly string[]): void {
    this.#wanted = names;
    const [first] = names;
    // The clip that the viewer waits for gets the whole bandwidth.
    if (first !== undefined && this.#loads.get(first)?.whole !== true) {
      for (const [name, abort] of this.#aborts) {
        if (names.includes(name)) continue;
        abort.abort();
        this.#aborts.delete(name);
        this.#loads.delete(name);
      }
    }
    this.#makeRoom();
    this.#fetchNext();
  }

  #makeRoom(): void {
    let bytes = 0;
    for (const [name, load] of [...this.#loads].reverse()) {
      bytes += load.byteLength;
      if (bytes > keptBytes && load.whole && !this.#wanted.includes(name)) this.#loads.delete(name);
    }
  }

  #fetchNext(): void {
    for (const name of this.#wanted) {
      if (this.#aborts.size >= atATime) return;
      const view = this.view(name);
      const load = this.#loads.get(name);
      if (view === undefined || this.isGone(name) || (load !== undefined && !load.failed)) continue;
      void this.#fetch(name, view.url);
    }
  }

  async #fetch(name: string, url: string): Promise<void> {
    const load = new ClipLoad();
    const abort = new AbortController();
    this.#loads.set(name, load);
    this.#aborts.set(name, abort);
    try {
      const response = await this.#untilReady(url, abort.signal);
      const body = response?.body ?? undefined;
      if (response === undefined || body === undefined) {
        this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1);
        if (this.view(name)?.state === 'stored') this.#parts.gone();
        load.end('failed');
      } else {
        const length = Number(response.headers.get('content-length'));
        if (length > 0) load.lengthInBytes = length;
        for (const reader = body.getReader(); ;) {
          const { done, value } = await reader.read();
          if (done) break;
          load.add(value);
        }
        load.end('whole');
      }
    } catch {
      load.end('failed');
    }
    if (this.#aborts.get(name) === abort) this.#aborts.delete(name);
    if (abort.signal.aborted) return;
    if (load.failed) {
      // It is requested again while it is wanted; the network may be unavailable for a while.
      await this.#parts.pause(2_000);
    }
    this.#fetchNext();
    this.#parts.changed();
  }

  /** Repeats the request until the clip is rendered. @returns `undefined` if it is unavailable. */
  async #untilReady(url: string, signal: AbortSignal): Promise<Response | undefined> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const response = await this.#parts.fetch(url, signal);
      if (response.status === 200) return response;
      if (response.status !== 202 && response.status !== 429 && response.status < 500) return undefined;
      const seconds = Number(response.headers.get('retry-after') ?? '1');
      await this.#parts.pause(1_000 * Math.min(10, Number.isFinite(seconds) ? seconds : 1));
      if (signal.aborted) return undefined;
    }
    return undefined;
  }
}

/** Most clips to fetch ahead. */
const most = 8;

/** The clips of the current node: its own, then its generic one. */
export function clipsHere(context: StoryContext, state: StoryState): readonly string[] {
  const node = nodeOf(context.story, state.node);
  if (!hasView(node)) return [];
  const own = clipName(context.story, state.node, state.variables);
  return node.generic === undefined
    ? [own]
    : [own, clipName(context.story, state.node, state.variables, 'generic')];
}

/** States that may come next. After a form only what follows without an answer is known. */
function statesAhead(context: StoryContext, state: StoryState): readonly StoryState[] {
  const node = nodeOf(context.story, state.node);
  if (hasView(node) && node.type === 'form')
    return [leaveForm(context, state, node, node.question.otherwise)];
  return lookAhead(context, state).map((next) => next.state);
}

/**
 * Names of the clips to fetch, the likeliest first: those of the current node, of the nodes that may come next, and
 * of those after the likeliest one.
 *
 * @throws StoryFault if the story is wrong.
 */
export function clipsAhead(context: StoryContext, state: StoryState): readonly string[] {
  const next = statesAhead(context, state);
  const [likeliest] = next;
  const afterNext = likeliest === undefined ? [] : statesAhead(context, likeliest).slice(0, 2);
  const names = [state, ...next, ...afterNext].flatMap((each) => clipsHere(context, each));
  return [...new Set(names)].slice(0, most);
}
