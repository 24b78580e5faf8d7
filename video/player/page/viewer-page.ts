import type { RemakeView, SessionView } from '../../story/engine/viewer-protocol.ts';
import type { Report } from '../session/event-reporter.ts';
import type { Measuring } from './measuring.ts';
import { mayPass, pause, type ViewerApi, ViewerRefusal } from '../session/viewer-api.ts';
import type { LogEntry } from '../../story/engine/session.ts';
import { Announcer, make, setFilmLanguages } from './dom.ts';
import { drawSorry } from './panels.ts';
import { FilmView } from './film-view.ts';
import type { HostMessage } from './host-port.ts';
import { SettingsStore } from './controls.ts';
import { menuButton } from './layout.ts';
import { words } from './words.ts';

const lookMs = 2_000;

/** Callbacks for a film that is being updated. */
export interface RemakeEvents {
  readonly made: () => void;
  readonly failed: () => void;
}

/** Polls a film that is being updated until it is ready or has failed, or until the watch is stopped. */
class RemakeWatch {
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
      // The network may be unavailable for a while.
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

/** Options of the page. */
export interface ViewerPageParts {
  /** The element whose content the page replaces. */
  readonly root: HTMLElement;
  readonly api: ViewerApi;
  readonly sendToHost: (message: HostMessage) => void;
  /** Plays without Media Source. */
  readonly swap: boolean;
}

/** Signs of a person. */
const touches = ['pointerdown', 'pointermove', 'keydown'] as const;

/** A session that ends so soon after it was opened is not opened again. */
const reopenAfterMs = 2_000;

/** The page behind a viewer's link. */
export class ViewerPage {
  readonly #parts: ViewerPageParts;
  readonly #settings = new SettingsStore();
  readonly #announcer = new Announcer();
  readonly #title = make('h1', { dir: 'auto' });
  readonly #menu = menuButton(() => void this.#openMenu());
  readonly #remaking = make('p', { class: 'remaking', role: 'status' });
  readonly #stage = make('div', { class: 'stage' });
  #watch: RemakeWatch | undefined;
  #film: FilmView | undefined;
  #measuring: Measuring | undefined;
  #isMeasured = false;
  #isTouched = false;
  #usesKeys = false;
  #openedAt = 0;

  constructor(parts: ViewerPageParts) {
    this.#parts = parts;
    parts.root.replaceChildren(
      make('header', { class: 'masthead' }, this.#title, this.#menu),
      this.#remaking,
      this.#stage,
      this.#announcer.element,
    );
    this.#menu.hidden = true;
    parts.root.classList.add('viewer');
    document.addEventListener('keydown', (event) => {
      this.#usesKeys = true;
      if (this.#film?.press(event) === true) event.preventDefault();
    });
    document.addEventListener('pointerdown', () => (this.#usesKeys = false));
    const touched = ({ isTrusted }: Event): void => {
      if (!isTrusted) return;
      this.#isTouched = true;
      this.#report({ type: 'interacted' });
    };
    for (const type of touches) document.addEventListener(type, touched, { passive: true, once: true });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') {
        this.#film?.rest();
        this.#handOver();
      } else this.#film?.wake();
    });
    window.addEventListener('pagehide', () => this.#handOver());
  }

  readonly #report: Report = (happening) => this.#measuring?.report(happening);

  #handOver(): void {
    this.#film?.player.handOver();
    this.#measuring?.handOver();
  }

  /** Counts how the film is watched, where its viewer may be counted. */
  async #measure(view: Pick<SessionView, 'id' | 'measurement'>): Promise<void> {
    const isAllowed = view.measurement === 'allowed';
    if (isAllowed && this.#measuring?.isOf(view) === true) return;
    this.#measuring?.stop();
    this.#measuring = undefined;
    this.#isMeasured = isAllowed;
    if (!isAllowed) return;
    const openedAt = performance.now();
    const { Measuring } = await import('./measuring.ts');
    if (!this.#isMeasured) return;
    this.#measuring = new Measuring(this.#parts.api, view, openedAt, mayPass);
    if (this.#isTouched) this.#report({ type: 'interacted' });
    if (this.#film !== undefined) this.#measuring.follow(this.#film.player);
  }

  /** Opens the link's session and shows its state. */
  async open(): Promise<void> {
    try {
      this.#openedAt = Date.now();
      const view = await this.#parts.api.openSession();
      this.#name(view);
      void this.#measure(view);
      if (view.remake === 'failed') {
        this.#showNotRemade(view);
        return;
      }
      this.#show(view);
      this.#watchRemake(view);
      this.#parts.sendToHost({ type: 'ready' });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Says what film this is, in its own language. */
  #name({ title, language, filmLanguage }: SessionView): void {
    setFilmLanguages({ story: language, film: filmLanguage });
    this.#title.textContent = title;
    this.#title.lang = language;
    document.title = title;
  }

  #show(view: SessionView): void {
    this.#menu.hidden = false;
    this.#film = new FilmView({
      view,
      api: this.#parts.api,
      settings: this.#settings,
      announcer: this.#announcer,
      swap: this.#parts.swap,
      openMenu: () => void this.#openMenu(),
      openTranscript: () => void this.#openTranscript(),
      usesKeys: () => this.#usesKeys,
      applied: (entry) => this.#applied(entry),
      staged: () => {
        if (this.#film?.player.reading === true) void this.#drawReading();
      },
      restart: () => void this.#restart(),
      failed: (error) => this.#fail(error),
      filled: (on) => this.#parts.sendToHost({ type: 'fill', on }),
    });
    this.#measuring?.follow(this.#film.player);
    this.#stage.replaceChildren(this.#film.layout.element);
  }

  /** Shows a notice while the film is being updated. */
  #watchRemake(view: SessionView): void {
    this.#watch?.end();
    const isMaking = view.remake === 'making';
    this.#remaking.textContent = isMaking ? words.remaking : '';
    if (!isMaking) return;
    this.#watch = new RemakeWatch(this.#parts.api, {
      made: () => {
        this.#remaking.textContent = '';
        this.#announcer.say(words.remade);
      },
      failed: () => this.#showNotRemade(view),
    });
  }

  #showNotRemade({ rights }: SessionView): void {
    const privacy = (): void => void this.#openPrivacy();
    const tryAgain = (): void => void this.#makeAgain();
    this.#clear();
    this.#watch?.end();
    this.#parts.sendToHost({ type: 'failed', reason: 'broken' });
    const actions = rights === 'owner' ? { tryAgain, privacy } : undefined;
    void import('./not-remade.ts').then(({ drawNotRemade }) => this.#replaceStage(drawNotRemade(actions)));
  }

  async #makeAgain(): Promise<void> {
    try {
      await this.#parts.api.makeAgain();
      await this.open();
    } catch (error) {
      this.#fail(error);
    }
  }

  #applied({ event, to }: LogEntry): void {
    const { sendToHost } = this.#parts;
    if (event.type === 'choose') sendToHost({ type: 'choice', node: event.node, choice: event.choice });
    if (event.type === 'follow') sendToHost({ type: 'follow', node: event.node });
    const { story } = this.#film?.player.view ?? {};
    if (story?.nodes[to]?.type === 'end') sendToHost({ type: 'ended' });
  }

  /** The film has changed: opens it again, and continues if it was playing. */
  async #restart(): Promise<void> {
    const plays = this.#film?.plays === true;
    this.#clear();
    await this.open();
    if (plays) this.#film?.begin();
  }

  #fail(error: unknown): void {
    // The session is over and the link is not: a newer film has its place.
    if (error instanceof ViewerRefusal && error.isOfSession && Date.now() - this.#openedAt > reopenAfterMs) {
      void this.#restart();
      return;
    }
    const isOver = error instanceof ViewerRefusal && error.isOver;
    this.#parts.sendToHost({ type: 'failed', reason: isOver ? 'link-ended' : 'broken' });
    this.#clear();
    this.#replaceStage(drawSorry(isOver, () => void this.open()));
  }

  #clear(): void {
    this.#film?.close();
    this.#film = undefined;
    this.#menu.hidden = true;
    this.#remaking.textContent = '';
  }

  #replaceStage(element: HTMLElement): void {
    this.#stage.replaceChildren(element);
    element.focus();
  }

  async #openMenu(): Promise<void> {
    const { openMenu } = await import('./reading.ts');
    const film = this.#film;
    if (film === undefined) return;
    openMenu(film, this.#settings, {
      transcript: () => void this.#openTranscript(),
      read: () => void this.#read(),
      privacy: () => void this.#openPrivacy(),
      isMeasured: this.#isMeasured,
      allowMeasurement: (on) => this.#allowMeasurement(film.player.view, on),
    });
  }

  async #allowMeasurement({ id }: SessionView, allowed: boolean): Promise<void> {
    if (!allowed) await this.#measure({ id, measurement: 'refused' });
    await this.#parts.api.allowMeasurement({ allowed });
    if (allowed) await this.#measure({ id, measurement: 'allowed' });
  }

  async #openTranscript(): Promise<void> {
    const { openTranscript } = await import('./reading.ts');
    if (this.#film !== undefined) openTranscript(this.#film.player);
  }

  async #openPrivacy(): Promise<void> {
    const { openPrivacy } = await import('./privacy.ts');
    this.#film?.layout.media.pause();
    this.#report({ type: 'privacy-opened' });
    openPrivacy(this.#parts.api, {
      changed: () => void this.#restart(),
      report: this.#report,
      erased: (receipt) => {
        this.#parts.sendToHost({ type: 'failed', reason: 'link-ended' });
        this.#clear();
        this.#watch?.end();
        this.#replaceStage(receipt);
      },
    });
  }

  async #read(): Promise<void> {
    const film = this.#film;
    if (film === undefined) return;
    film.layout.media.pause();
    film.player.reading = true;
    this.#report({ type: 'read' });
    if (!film.player.hasBegun) await film.player.begin(this.#settings.all.timeLimits);
    await this.#drawReading();
  }

  async #drawReading(): Promise<void> {
    const { drawReading } = await import('./reading.ts');
    const film = this.#film;
    if (film?.player.reading !== true) return;
    const { player, offers } = film;
    const reading = drawReading(player, {
      choose: (id) => offers.choose(id),
      answer: (value) => offers.answer(value),
      skip: () => offers.skip(),
      follow: () => offers.follow(),
      goOn: () => player.goOn(),
      again: () => player.again(),
      back: player.canGoBack ? () => player.back() : undefined,
      watch: () => {
        player.reading = false;
        this.#stage.replaceChildren(film.layout.element);
        film.begin();
      },
    });
    player.watching?.read();
    this.#stage.replaceChildren(reading);
    reading.focus();
  }
}
