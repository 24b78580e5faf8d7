import type { BespokeMedia } from '../element/bespoke-media.ts';
import { Music, SceneSounds } from '../element/sound.ts';
import type { Value } from '../../story/engine/condition.ts';
import type { Refusal, SessionEvent } from '../../story/engine/take.ts';
import { hasView } from '../../story/engine/graph.ts';
import type { LogEntry } from '../../story/engine/session.ts';
import type { EventsAppended, SessionView } from '../../story/engine/viewer-protocol.ts';
import { startStory, type StoryState } from '../../story/engine/state.ts';
import { frameSize } from '../../story/format.ts';
import { clipsAhead, ClipCache } from './clip-cache.ts';
import { PlaybackController } from './playback.ts';
import { EventQueue } from './event-queue.ts';
import { mayPass, pause, type ViewerApi } from './viewer-api.ts';
import { noOffer, offerAt, type Offer } from './offer.ts';
import { ViewerSession } from './viewer-session.ts';

/** Callbacks of a player. */
export interface SessionListener {
  /** An event of the viewer or of the film was applied. */
  readonly applied: (entry: LogEntry) => void;
  /** The node on screen, or the reason for waiting, has changed. */
  readonly staged: () => void;
  /** A frame was painted, or time passed while one stays. */
  readonly frame: () => void;
  /** Another device or tab has continued this session. */
  readonly moved: () => void;
  /** The film has changed: the session must be opened again. */
  readonly restart: () => void;
  readonly stuck: (isStuck: boolean) => void;
  /** The player cannot continue. */
  readonly failed: (error: unknown) => void;
}

/** What follows how a film is watched. */
export interface FilmFollower {
  /** The viewer starts the film, or continues it. */
  readonly started: () => void;
  /** A frame was painted. */
  readonly see: () => void;
  /** The viewer sees an offer. */
  readonly offered: (offer: Offer) => void;
  /** The current node is shown as a text. */
  readonly read: () => void;
  /** An event of the story took place. */
  readonly applied: (entry: LogEntry, before: StoryState | undefined, after: StoryState) => void;
  /** Reports what was not reported yet. */
  readonly flush: () => void;
}

/** Options of a player. */
export interface SessionPlayerOptions {
  readonly view: SessionView;
  readonly api: ViewerApi;
  readonly media: BespokeMedia;
  readonly listener: SessionListener;
  /** Plays without Media Source. */
  readonly swap?: boolean;
}

/** Plays a session: takes the viewer's actions and provides the current offer. */
export class SessionPlayer {
  readonly view: SessionView;
  readonly media: BespokeMedia;
  readonly #listener: SessionListener;
  readonly #session: ViewerSession;
  readonly #cache: ClipCache;
  readonly #sounds: SceneSounds;
  readonly #queue: EventQueue;
  readonly #playback: PlaybackController;
  /** Loaded after the page can be used; nothing that matters happens before. */
  watching: FilmFollower | undefined;
  /** Whether the viewer reads instead of watching. */
  reading = false;

  constructor({ view, api, media, listener, swap = false }: SessionPlayerOptions) {
    this.view = view;
    this.media = media;
    this.#listener = listener;
    const fetchMedia = (url: string, signal?: AbortSignal): Promise<Response> => api.fetchMedia(url, signal);
    this.#session = new ViewerSession(view, {
      applied: (entry, before) => {
        const { state } = this.#session;
        if (state !== undefined) this.watching?.applied(entry, before, state);
        listener.applied(entry);
      },
      moved: listener.moved,
      send: (event) => this.#queue.add(event),
    });
    this.#cache = new ClipCache(view.clips, {
      fetch: fetchMedia,
      pause,
      changed: () => this.#update(),
      gone: () => this.#queue.ask(),
    });
    this.#sounds = new SceneSounds(media, async (url) => (await fetchMedia(url)).arrayBuffer());
    this.#queue = new EventQueue(
      {
        send: (append, keepalive) => api.appendEvents(append, keepalive),
        newId: () => crypto.randomUUID(),
        pause,
        answered: (answer) => this.#answered(answer),
        stuck: listener.stuck,
        refused: listener.failed,
        mayPass,
      },
      view.log.length,
      view.run,
    );
    this.#playback = new PlaybackController({
      session: this.#session,
      media,
      cache: this.#cache,
      sounds: this.#sounds,
      music: view.music && new Music(media, view.music),
      fps: view.fps,
      frame: () => {
        this.watching?.see();
        listener.frame();
      },
      staged: listener.staged,
    });
    media.open(
      view.fps,
      frameSize(view.format),
      {
        painted: (painted) => this.#playback.painted(painted),
        ranOut: () => this.#playback.ranOut(),
        failed: listener.failed,
        again: () => this.again(),
      },
      swap,
    );
    const state = this.#session.state ?? startStory(this.#session.context);
    this.#cache.want(clipsAhead(this.#session.context, state));
  }

  get session(): ViewerSession {
    return this.#session;
  }

  get cache(): ClipCache {
    return this.#cache;
  }

  get playback(): PlaybackController {
    return this.#playback;
  }

  get hasBegun(): boolean {
    return this.#session.state !== undefined;
  }

  get isOver(): boolean {
    const { node } = this.#session;
    return node !== undefined && !hasView(node);
  }

  /** Events that the server has not taken yet. */
  get unsent(): number {
    return this.#queue.length;
  }

  /** Starts or continues; must be called in a user gesture, so that sound is allowed. */
  async begin(limits: boolean): Promise<void> {
    this.#sounds.open();
    this.watching?.started();
    if (!this.hasBegun) this.#session.apply({ type: 'start' });
    // Only now clips that are missing are ordered: many pages are opened by machines.
    else this.#queue.ask();
    if (this.#session.limits !== limits) this.#session.apply({ type: 'time-limits', on: limits });
    this.#update();
    if (!this.reading) await this.media.play();
  }

  /** What the viewer can do now. */
  offer(): Offer {
    const { state, context, limits } = this.#session;
    if (state === undefined || (!this.reading && !this.#playback.isOnScreen)) return noOffer;
    const frame = this.#playback.nodeFrame;
    return offerAt(context, state, { frame, limits, format: this.view.format, reading: this.reading });
  }

  choose(id: string): Refusal | undefined {
    const offered = this.offer().choices.find(({ choice }) => choice.id === id);
    const says = offered?.choice.label;
    return this.#act({ type: 'choose', choice: id, ...(says !== undefined && { says }), ...this.#moment() });
  }

  answer(value: Value): Refusal | undefined {
    return this.#act({ type: 'answer', value, ...this.#moment() });
  }

  skip(): Refusal | undefined {
    return this.#act({ type: 'skip', ...this.#moment() });
  }

  /** The viewer follows the link, and comes back to the film where they left it. */
  follow(): void {
    // Nothing is drawn anew: the link that was clicked must stay where it is.
    this.#session.apply({ type: 'follow', ...this.#session.here });
    if (!this.reading) this.media.pause();
  }

  back(): Refusal | undefined {
    return this.#act({ type: 'back' });
  }

  get canGoBack(): boolean {
    return this.#session.state?.decided !== undefined;
  }

  setLimits(on: boolean): void {
    if (this.hasBegun && this.#session.limits !== on) this.#act({ type: 'time-limits', on });
  }

  /** Goes back to the beginning by undoing each step, so that the log stays complete. */
  again(): void {
    while (this.#session.canUndo && this.#session.apply({ type: 'undo' }) === undefined);
    this.#update();
    this.#listener.staged();
    if (!this.reading) void this.media.play();
  }

  /** A reader has finished a scene. */
  goOn(): Refusal | undefined {
    return this.#act({ type: 'ended', ...this.#session.here });
  }

  /** Continues watching after reading. */
  resume(): void {
    this.#update();
  }

  /** The page is closing: sends events that the server does not have yet, if possible. */
  handOver(): void {
    this.watching?.flush();
    this.#queue.handOver();
  }

  close(): void {
    this.watching?.flush();
    this.#queue.stop();
    this.#playback.close();
    this.media.pause();
  }

  #act(event: SessionEvent): Refusal | undefined {
    const refusal = this.#session.apply(event);
    if (refusal === undefined) {
      this.#update();
      this.#listener.staged();
    }
    return refusal;
  }

  #moment(): ViewerSession['here'] & { readonly frame: number } {
    const { node, here } = this.#session;
    const appearsAtFrame = node !== undefined && 'decision' in node ? node.decision?.appearsAtFrame : 0;
    return { ...here, frame: this.reading ? (appearsAtFrame ?? 0) : this.#playback.nodeFrame };
  }

  #update(): void {
    if (this.#session.state === undefined) return;
    if (this.reading) this.#cache.want(clipsAhead(this.#session.context, this.#session.state));
    else this.#playback.update();
  }

  #answered(answer: EventsAppended): void {
    const isFull = answer.outcome === 'refused' && answer.refusal.reason === 'log-full';
    if (answer.outcome === 'restart' || isFull) {
      this.#listener.restart();
      return;
    }
    if (answer.outcome !== 'appended') this.#queue.reset(this.#session.catchUp(answer, this.#queue.lines));
    this.#cache.learn(answer.clips);
  }
}
