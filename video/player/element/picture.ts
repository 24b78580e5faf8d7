/** A `<video>` that shows the film's picture. Sound and choices are beside it, so it goes nowhere without them. */
export function createPictureVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  // A managed source opens only where playing elsewhere is out of the question.
  video.disableRemotePlayback = true;
  video.disablePictureInPicture = true;
  return video;
}

/**
 * Calls back with the media time of each painted frame. Browsers that do not report frames, and hidden pages,
 * where nothing is painted, give the element's clock instead, at each `timeupdate`.
 *
 * @returns what ends it.
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

/** Finds four letters in bytes. */
function find(bytes: Uint8Array, letters: string): number {
  const codes = [...letters].map((letter) => letter.charCodeAt(0));
  return bytes.findIndex((_, at) => codes.every((code, offset) => bytes[at + offset] === code));
}

/**
 * The MIME type of a clip, with its codec, for Media Source. All clips of a film share it.
 *
 * @returns `undefined` where the bytes hold no AVC configuration (yet).
 */
export function clipType(bytes: Uint8Array): string | undefined {
  const at = find(bytes.subarray(0, 4096), 'avcC');
  if (at < 0 || bytes.length < at + 8) return undefined;
  // Behind the version: profile, compatibility and level, as RFC 6381 wants them.
  const digits = [...bytes.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `video/mp4; codecs="avc1.${digits.join('')}"`;
}
