import { offeredAtEnd } from '../session/offer.ts';
import { SessionPlayer } from '../session/session-player.ts';
import type { ViewerApi } from '../session/viewer-api.ts';
import type { LogEntry } from '../../story/engine/session.ts';
import type { SessionView, ClipView } from '../../story/engine/viewer-protocol.ts';
import type { Announcer } from './dom.ts';
import { drawLink } from './choice-tray.ts';
import { drawBeginning, drawEnd, Notices } from './panels.ts';
import { FullScreen, keyAction, type KeyAction, type SettingsStore } from './controls.ts';
import { OfferView } from './offer-view.ts';
import { buildLayout, drawFullScreen, type PlayerLayout } from './layout.ts';
import { words } from './words.ts';
import { filmWords, make } from './dom.ts';

/** The caption at a frame of a clip. */
function cueAt(view: ClipView | undefined, frame: number): string | undefined {
  return view?.cues.find(({ fromFrame, toFrame }) => frame >= fromFrame && frame < toFrame)?.text;
}

/** The label of the choice that a line of the log took. */
function chosenLabel(entry: LogEntry): string | undefined {
  return entry.event.type === 'choose' ? entry.says : undefined;
}

/** Shows or hides a caption over the film. */
function drawCaption(captions: HTMLElement, text: string | undefined): void {
  captions.hidden = text === undefined;
  if (text !== undefined && captions.textContent !== text)
    captions.replaceChildren(make('span', filmWords(), text));
}

/** Options and callbacks of a film's view. */
export interface FilmViewParts {
  readonly view: SessionView;
  readonly api: ViewerApi;
  readonly settings: SettingsStore;
  readonly announcer: Announcer;
  readonly swap: boolean;
  readonly openMenu: () => void;
  readonly openTranscript: () => void;
  readonly usesKeys: () => boolean;
  readonly applied: (entry: LogEntry) => void;
  /** Anything else has changed. */
  readonly staged: () => void;
  readonly restart: () => void;
  readonly failed: (error: unknown) => void;
  /** The player starts or stops filling the page because it cannot go full screen. */
  readonly filled: (on: boolean) => void;
}

/** A film with its buttons: the view of a session while watching. */
export class FilmView {
  readonly layout: PlayerLayout;
  readonly player: SessionPlayer;
  readonly #parts: FilmViewParts;
  readonly #offerView: OfferView;
  readonly #fullScreen: FullScreen;
  readonly #notices: Notices;
  /** Whether it was paused because nobody could see it. */
  #rests = false;

  constructor(parts: FilmViewParts) {
    const { view, api, settings, announcer, swap } = parts;
    this.#parts = parts;
    this.layout = buildLayout(view.format, view.title, {
      back: () => this.player.back(),
      fullScreen: () => void this.#fullScreen.toggle(),
      menu: parts.openMenu,
      pictureClicked: () => this.#togglePlay(),
    });
    const { media } = this.layout;
    media.muted = settings.all.muted;
    media.volume = settings.all.volume;
    media.textTracks.offer(words.captions, view.filmLanguage, settings.all.captions);
    media.addEventListener('volumechange', () => settings.set({ muted: media.muted, volume: media.volume }));
    media.textTracks.addEventListener('change', () => {
      settings.set({ captions: media.textTracks.captions?.mode === 'showing' });
      this.#drawCaption();
    });
    this.#notices = new Notices(this.layout.notice, announcer);
    this.#fullScreen = new FullScreen(
      this.layout.element,
      (isOn) => drawFullScreen(this.layout, isOn),
      parts.filled,
    );
    this.player = new SessionPlayer({
      view,
      api,
      media,
      swap,
      listener: {
        applied: (entry) => this.#applied(entry),
        staged: () => this.#staged(),
        frame: () => this.#frame(),
        moved: () => this.#moved(),
        restart: parts.restart,
        stuck: (isStuck) => this.#notices.stuck(isStuck),
        failed: parts.failed,
      },
    });
    this.#offerView = new OfferView(
      this.layout,
      this.player,
      announcer,
      () => this.setLimits(false),
      parts.usesKeys,
    );
    this.#drawBeginning();
    this.#staged();
  }

  get offers(): OfferView {
    return this.#offerView;
  }

  /** Whether it plays, or is paused only while its tab is hidden. */
  get plays(): boolean {
    return this.#rests || !this.layout.media.paused;
  }

  begin(): void {
    this.layout.cover.replaceChildren();
    this.layout.element.focus({ preventScroll: true });
    void this.#play(this.player.begin(this.#parts.settings.all.timeLimits));
    if (document.visibilityState === 'hidden') this.rest();
  }

  /** Pauses a film that nobody sees, and with it the time of its decisions. */
  rest(): void {
    const { media } = this.layout;
    if (media.paused) return;
    this.#rests = true;
    media.pause();
  }

  /** Continues what `rest` has paused. */
  wake(): void {
    if (!this.#rests) return;
    this.#rests = false;
    void this.#play(this.layout.media.play());
  }

  /** If the browser refuses to play, the button is shown. */
  async #play(playing: Promise<void>): Promise<void> {
    try {
      await playing;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#drawBeginning();
    }
  }

  /** Turns time limits on or off, for this film and those to come. */
  setLimits(on: boolean): void {
    const { settings, announcer } = this.#parts;
    settings.set({ timeLimits: on });
    this.player.setLimits(on);
    announcer.say(on ? words.timeLimitsOn : words.timeLimitsOff);
    this.#offerView.update();
  }

  /** @returns whether the key did something. */
  press(event: KeyboardEvent): boolean {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    const typing =
      target instanceof Element &&
      target.closest('input, textarea, select, dialog, media-time-range, media-volume-range') !== null;
    const onButton =
      target instanceof Element &&
      target.closest('button, a, media-play-button, media-mute-button, media-captions-button') !== null;
    const pressed = { key, modified: ctrlKey || metaKey || altKey, typing, onButton };
    const action = keyAction(pressed, this.player.offer().choices, this.#parts.settings.all.shortcuts);
    if (action === undefined || !this.player.hasBegun) return false;
    this.#do(action);
    return true;
  }

  close(): void {
    this.player.close();
    this.#notices.close();
    this.layout.element.remove();
  }

  #do(action: KeyAction): void {
    const { media } = this.layout;
    switch (action.do) {
      case 'choose':
        this.player.choose(action.choice);
        break;
      case 'toggle-play':
        this.#togglePlay();
        break;
      case 'toggle-mute':
        media.muted = !media.muted;
        break;
      case 'toggle-captions':
        if (media.textTracks.captions !== undefined)
          media.textTracks.captions.mode =
            media.textTracks.captions.mode === 'showing' ? 'disabled' : 'showing';
        break;
      case 'toggle-full-screen':
        void this.#fullScreen.toggle();
        break;
      case 'back':
        this.player.back();
        break;
      default:
        action satisfies never;
    }
  }

  #togglePlay(): void {
    const { media } = this.layout;
    if (media.paused) void media.play();
    else media.pause();
  }

  #drawBeginning(): void {
    const { view } = this.#parts;
    const begun = this.player.hasBegun;
    this.layout.cover.replaceChildren(
      ...drawBeginning(view.title, view.poster, {
        begin: () => this.begin(),
        startAgain: begun
          ? () => {
              this.begin();
              this.player.again();
            }
          : undefined,
      }),
    );
  }

  #applied(entry: LogEntry): void {
    const chosen = chosenLabel(entry);
    if (chosen !== undefined) this.#parts.announcer.say(words.youChose(chosen));
    this.#parts.applied(entry);
  }

  #frame(): void {
    this.#offerView.update();
    this.#drawCaption();
  }

  #staged(): void {
    const { player, layout } = this;
    layout.back.disabled = !player.canGoBack;
    layout.element.classList.toggle('is-over', player.isOver);
    if (player.isOver && !player.reading) {
      layout.cover.replaceChildren(
        ...drawEnd({
          again: () => player.again(),
          back: player.canGoBack ? () => player.back() : undefined,
          transcript: this.#parts.openTranscript,
          link: this.#lastLink(),
        }),
      );
      if (this.#parts.usesKeys()) layout.cover.querySelector('button')?.focus({ preventScroll: true });
    } else if (player.hasBegun && layout.cover.querySelector('.end-actions') !== null) {
      layout.cover.replaceChildren();
      layout.element.focus({ preventScroll: true });
      void layout.media.play();
    }
    this.#offerView.update();
    this.#drawCaption();
    this.#notices.wait(player.playback.wait);
    this.#parts.staged();
  }

  #lastLink(): HTMLElement | undefined {
    const { state, context } = this.player.session;
    const link = state && offeredAtEnd(context, state);
    return link && drawLink(link, () => this.player.follow());
  }

  #moved(): void {
    this.#notices.show(words.movedOn);
    this.#staged();
  }

  #drawCaption(): void {
    const { captions, media } = this.layout;
    const { playback, cache } = this.player;
    const { shot } = playback;
    const shows = media.textTracks.captions?.mode === 'showing' && !this.player.isOver;
    const text = shows && shot !== undefined ? cueAt(cache.view(shot.name), shot.frame) : undefined;
    drawCaption(captions, text);
  }
}
