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
