/**
 * Calls back with the media time of each painted frame, where the browser tells; else, and where a page is
 * hidden and nothing is painted, with the element's clock as often as it is told.
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
