import type { MediaStore } from 'media-chrome/dist/media-store/media-store.js';
import type { BespokeMedia } from '../element/bespoke-media.ts';
import type { CaptionTrack } from '../element/text-tracks.ts';
import type { Ranges } from '../element/walk-clock.ts';

type State = Readonly<Record<string, unknown>>;

const changes = [
  ...['play', 'playing', 'pause', 'ended', 'waiting', 'seeking', 'seeked', 'loadedmetadata', 'canplay'],
  ...['timeupdate', 'durationchange', 'progress', 'volumechange', 'ratechange'],
] as const;

/** Volume that a sound has which was turned off by its volume. */
const softVolume = 0.25;

const round = (seconds: number): number => Number(seconds.toFixed(3));

const rangesOf = ({ length, start, end }: Ranges): readonly (readonly [number, number])[] =>
  Array.from({ length }, (_, index) => [round(start(index)), round(end(index))]);

const tell = ({ kind, label, language }: CaptionTrack): object => ({ kind, label, language });

function volumeLevel({ muted, volume }: BespokeMedia): string {
  if (muted || volume === 0) return 'off';
  if (volume < 0.5) return 'low';
  return volume < 0.75 ? 'medium' : 'high';
}

/** What the controls show, by the names that they know it by. */
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
  mediaSubtitlesList: ({ textTracks }) => [...textTracks].map(tell),
  mediaSubtitlesShowing: ({ textTracks }) =>
    [...textTracks].filter(({ mode }) => mode === 'showing').map(tell),
};

/** What the controls ask for. */
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
    // Controls that leave the page turn captions off; that is not what the viewer has set.
    if (captions !== undefined && typeof force !== 'boolean')
      captions.mode = captions.mode === 'showing' ? 'disabled' : 'showing';
  },
};

/**
 * Stands between the control library and the film. The library's own store can do with any media element,
 * casting and live streams included, at several times the size.
 */
export function filmStore(media: BespokeMedia): MediaStore {
  let state: State = {};
  let told: readonly ((state: State) => void)[] = [];
  const update = (): void => {
    const next = Object.entries(readers).map(([name, read]) => {
      const value = read(media);
      // Lists are made anew each time, and are compared by what is in them.
      return [name, String(value) === String(state[name]) ? state[name] : value] as const;
    });
    if (next.every(([name, value]) => name in state && Object.is(value, state[name]))) return;
    state = Object.fromEntries(next);
    for (const tell of told) tell(state);
  };
  const listen = (on: 'addEventListener' | 'removeEventListener'): void => {
    for (const type of changes) media[on](type, update);
    for (const type of ['addtrack', 'change']) media.textTracks[on](type, update);
  };
  return {
    dispatch: ({ type, detail }: { readonly type: string; readonly detail?: unknown }) =>
      requests[type]?.(media, detail),
    getState: () => state,
    subscribe: (tell) => {
      if (told.length === 0) listen('addEventListener');
      told = [...told, tell];
      update();
      tell(state);
      return () => {
        told = told.filter((each) => each !== tell);
        if (told.length === 0) listen('removeEventListener');
      };
    },
  };
}
