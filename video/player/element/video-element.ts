/** A muted `<video>` for the film's frames. Sound and choices are separate, so it must not play elsewhere without them. */
export function createVideoElement(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  // A managed source opens only if remote playback is disabled.
  video.disableRemotePlayback = true;
  video.disablePictureInPicture = true;
  return video;
}

/**
 * Calls back with the media time of each painted frame. In browsers that do not report frames, and in hidden pages,
 * where nothing is painted, it uses the element's clock at each `timeupdate`.
 *
 * @returns a function that stops it.
 */
export function watchFrames(video: HTMLVideoElement, seen: (seconds: number) => void): () => void {
  let over = false;
  const exact = 'requestVideoFrameCallback' in video;
  const onTime = (): void => {
    if (!exact || document.hidden) seen(video.currentTime);
  };
  video.addEventListener('timeupdate', onTime);
  const next = (): void => {
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (over) return;
      next();
      seen(mediaTime);
    });
  };
  if (exact) next();
  return () => {
    over = true;
    video.removeEventListener('timeupdate', onTime);
  };
}

/** Finds a four-letter box type in bytes. */
function find(bytes: Uint8Array, letters: string): number {
  const codes = [...letters].map((letter) => letter.charCodeAt(0));
  return bytes.findIndex((_, at) => codes.every((code, offset) => bytes[at + offset] === code));
}

/**
 * The MIME type of a clip, with its codec, for Media Source. All clips of a film share it.
 *
 * @returns `undefined` if the bytes hold no AVC configuration (yet).
 */
export function clipType(bytes: Uint8Array): string | undefined {
  const at = find(bytes.subarray(0, 4096), 'avcC');
  if (at < 0 || bytes.length < at + 8) return undefined;
  // After the version: profile, compatibility and level, as RFC 6381 requires.
  const digits = [...bytes.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `video/mp4; codecs="avc1.${digits.join('')}"`;
}
