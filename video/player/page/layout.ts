import type { MediaStore } from 'media-chrome/dist/media-store/media-store.js';
import 'media-chrome/dist/media-captions-button.js';
import 'media-chrome/dist/media-control-bar.js';
import MediaController from 'media-chrome/dist/media-controller.js';
import 'media-chrome/dist/media-mute-button.js';
import 'media-chrome/dist/media-play-button.js';
import 'media-chrome/dist/media-time-range.js';
import 'media-chrome/dist/media-volume-range.js';
import { BespokeMedia, type CaptionTrack, defineBespokeMedia } from '../element/bespoke-media.ts';
import type { Ranges } from '../element/timeline.ts';
import { type Format, frameSize } from '../../story/format.ts';
import { icon, make, icons } from './dom.ts';
import { words } from './words.ts';

type State = Readonly<Record<string, unknown>>;

const changes = [
  ...['play', 'playing', 'pause', 'ended', 'waiting', 'seeking', 'seeked', 'loadedmetadata', 'canplay'],
  ...['timeupdate', 'durationchange', 'progress', 'volumechange', 'ratechange'],
] as const;

/** The volume to use on unmuting if it was turned down to 0. */
const softVolume = 0.25;

const round = (seconds: number): number => Number(seconds.toFixed(3));

const rangesOf = ({ length, start, end }: Ranges): readonly (readonly [number, number])[] =>
  Array.from({ length }, (_, index) => [round(start(index)), round(end(index))]);

const describeTrack = ({ kind, label, language }: CaptionTrack): object => ({ kind, label, language });

function volumeLevel({ muted, volume }: BespokeMedia): string {
  if (muted || volume === 0) return 'off';
  if (volume < 0.5) return 'low';
  return volume < 0.75 ? 'medium' : 'high';
}

/** The state that the controls show, by their names for it. */
const readers: Readonly<Record<string, (media: BespokeMedia) => unknown>> = {
  mediaPaused: ({ paused }) => paused,
  mediaEnded: ({ ended }) => ended,
  mediaLoading: ({ readyState }) => readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
  mediaMuted: ({ muted }) => muted,
  mediaVolume: ({ volume }) => volume,
  mediaVolumeLevel: volumeLevel,
  mediaCurrentTime: ({ currentTime }) => currentTime,
  mediaDuration: ({ duration }) => duration,
  mediaPlaybackRate: ({ playbackRate }) => playbackRate,
  mediaSeekable: ({ seekable }) => rangesOf(seekable)[0],
  mediaBuffered: ({ buffered }) => rangesOf(buffered),
  mediaSubtitlesList: ({ textTracks }) => [...textTracks].map(describeTrack),
  mediaSubtitlesShowing: ({ textTracks }) =>
    [...textTracks].filter(({ mode }) => mode === 'showing').map(describeTrack),
};

/** The controls' requests. */
const requests: Readonly<Record<string, (media: BespokeMedia, detail: unknown) => void>> = {
  mediaplayrequest: (media) => void media.play().catch(() => undefined),
  mediapauserequest: (media) => media.pause(),
  mediamuterequest: (media) => (media.muted = true),
  mediaunmuterequest: (media) => {
    if (media.volume === 0) media.volume = softVolume;
    media.muted = false;
  },
  mediavolumerequest: (media, volume) => {
    if (volume !== 0) media.muted = false;
    media.volume = Number(volume);
  },
  mediaseekrequest: (media, seconds) => (media.currentTime = Number(seconds)),
  mediatogglesubtitlesrequest: ({ textTracks: { captions } }, force) => {
    // Controls that are removed from the page turn captions off; that is not the viewer's setting.
    if (captions !== undefined && typeof force !== 'boolean')
      captions.mode = captions.mode === 'showing' ? 'disabled' : 'showing';
  },
};

/**
 * Connects the control library with the film. The library's own store supports any media element, quality selection
 * and live streams, at several times the size.
 */
function filmStore(media: BespokeMedia): MediaStore {
  let state: State = {};
  let listeners: readonly ((state: State) => void)[] = [];
  const update = (): void => {
    const next = Object.entries(readers).map(([name, read]) => {
      const value = read(media);
      // Lists are created each time and compared by content.
      return [name, String(value) === String(state[name]) ? state[name] : value] as const;
    });
    if (next.every(([name, value]) => name in state && Object.is(value, state[name]))) return;
    state = Object.fromEntries(next);
    for (const listener of listeners) listener(state);
  };
  const listen = (on: 'addEventListener' | 'removeEventListener'): void => {
    for (const type of changes) media[on](type, update);
    for (const type of ['addtrack', 'change']) media.textTracks[on](type, update);
  };
  return {
    dispatch: ({ type, detail }: { readonly type: string; readonly detail?: unknown }) =>
      requests[type]?.(media, detail),
    getState: () => state,
    subscribe: (listener) => {
      if (listeners.length === 0) listen('addEventListener');
      listeners = [...listeners, listener];
      update();
      listener(state);
      return () => {
        listeners = listeners.filter((each) => each !== listener);
        if (listeners.length === 0) listen('removeEventListener');
      };
    },
  };
}

/** A control of the library. */
function control(name: string): HTMLElement {
  const made = document.createElement(name);
  made.setAttribute('notooltip', '');
  return made;
}

/** A button of our own among the controls. */
function iconButton(label: string, path: string, onclick: () => void): HTMLButtonElement {
  return make(
    'button',
    { type: 'button', class: 'control', 'aria-label': label, title: label, onclick },
    icon(path),
  );
}

/** The button that opens the menu. */
export function menuButton(open: () => void): HTMLButtonElement {
  const button = iconButton(words.menu, icons.menu, open);
  button.setAttribute('aria-haspopup', 'dialog');
  button.classList.add('menu-button');
  return button;
}

/** The player's elements, from back to front and from top to bottom. */
export interface PlayerLayout {
  readonly element: HTMLElement;
  readonly picture: HTMLElement;
  readonly media: BespokeMedia;
  readonly spots: HTMLElement;
  readonly captions: HTMLElement;
  /** Covers the whole frame: the poster, the end. */
  readonly cover: HTMLElement;
  readonly notice: HTMLElement;
  readonly back: HTMLButtonElement;
  readonly fullScreen: HTMLButtonElement;
  readonly clock: HTMLElement;
  readonly tray: HTMLElement;
}

/** Callbacks of the player's own buttons. */
export interface LayoutActions {
  readonly back: () => void;
  readonly fullScreen: () => void;
  readonly menu: () => void;
  readonly pictureClicked: () => void;
}

/** Builds the player's elements: frame, controls, and the tray with choices. */
export function buildLayout(format: Format, title: string, actions: LayoutActions): PlayerLayout {
  defineBespokeMedia();
  const media = new BespokeMedia();
  media.setAttribute('slot', 'media');
  const controller = new MediaController();
  controller.mediaStore = filmStore(media);
  for (const name of ['nohotkeys', 'gesturesdisabled', 'noautohide', 'keyboardcontrol'])
    controller.setAttribute(name, '');
  controller.id = 'film';
  // The page's own buttons and keys replace the controller's.
  controller.setAttribute('tabindex', '-1');
  controller.append(media);

  const spots = make('div', { class: 'spots' });
  const captions = make('div', { class: 'captions', hidden: true });
  const notice = make('div', { class: 'notice', hidden: true });
  const cover = make('div', { class: 'cover' });
  const picture = make('div', { class: 'picture' }, controller, captions, spots, notice, cover);
  picture.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('button, a, .cover') === null) actions.pictureClicked();
  });

  const back = iconButton(words.back, icons.back, actions.back);
  const fullScreen = iconButton(words.fullScreen, icons.expand, actions.fullScreen);
  const menu = menuButton(actions.menu);
  const bar = control('media-control-bar');
  // Only the bar dispatches its controls' requests; otherwise each would be handled twice.
  bar.setAttribute('mediacontroller', controller.id);
  bar.setAttribute('aria-label', words.controls);
  bar.setAttribute('role', 'group');
  bar.append(
    back,
    control('media-play-button'),
    control('media-time-range'),
    control('media-mute-button'),
    control('media-volume-range'),
    control('media-captions-button'),
    menu,
    fullScreen,
  );
  const clock = make('div', { class: 'clock', hidden: true });
  const tray = make('div', { class: 'tray' });
  const { width, height } = frameSize(format);
  const ratio = width / height;
  const element = make(
    'section',
    // A tall film on a phone fills it.
    {
      class: ratio < 0.7 ? 'player tall' : 'player',
      tabindex: -1,
      'aria-label': `${words.player}: ${title}`,
    },
    make('div', { class: 'screen' }, picture),
    make('div', { class: 'bar' }, bar),
    make('div', { class: 'decisions' }, clock, tray),
  );
  element.style.setProperty('--ratio', String(ratio));
  return { element, picture, media, spots, captions, cover, notice, back, fullScreen, clock, tray };
}

/** Shows the full-screen state, and the button that leaves it. */
export function drawFullScreen({ element, fullScreen }: PlayerLayout, isOn: boolean): void {
  const label = isOn ? words.leaveFullScreen : words.fullScreen;
  fullScreen.setAttribute('aria-label', label);
  fullScreen.title = label;
  fullScreen.replaceChildren(icon(isOn ? icons.shrink : icons.expand));
  element.classList.toggle('is-full', isOn);
}
