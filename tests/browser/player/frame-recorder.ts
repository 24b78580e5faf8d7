/** A frame as it was painted. */
export interface PaintedFrame {
  readonly clip: number;
  readonly frame: number;
  /** Of the page's clock. */
  readonly atMs: number;
  /** How many frames the screen has shown until then, this one included. */
  readonly painted: number;
}

declare global {
  interface Window {
    paintedFrames: PaintedFrame[];
  }
}

/**
 * Runs in a page: reads the mark of every frame that a film shows, as it is painted. Of two elements that
 * take turns only the one on screen counts, with what it shows when it is over and when it comes on.
 */
export function recordFrames(): void {
  window.paintedFrames = [];
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 4;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const read = (video: HTMLVideoElement): { clip: number; frame: number } => {
    context?.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 8, 0, 0, 320, 4);
    const data = context?.getImageData(0, 2, 320, 1).data ?? new Uint8ClampedArray();
    let mark = 0;
    for (let bit = 0; bit < 16; bit += 1) if ((data[(bit * 20 + 10) * 4] ?? 0) > 128) mark |= 1 << bit;
    return { clip: mark & 255, frame: mark >> 8 };
  };
  /** Frames that each element has painted, visible or not, as reported. */
  const reported = new Map<EventTarget, number>();
  let onScreen: HTMLVideoElement | undefined;
  /** What has to be added to an element's count to count what was seen. */
  let others = 0;
  const note = (video: HTMLVideoElement, atMs: number, painted: number): void => {
    window.paintedFrames.push({ ...read(video), atMs, painted });
  };
  const watch = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback((atMs, { presentedFrames }) => {
      watch(video);
      reported.set(video, presentedFrames);
      if (video === onScreen) note(video, atMs, others + presentedFrames);
    });
  };
  const takeTurns = (stage: ShadowRoot): void => {
    stage.addEventListener(
      'ended',
      ({ target }) => {
        const last = window.paintedFrames.at(-1);
        if (target !== onScreen || onScreen === undefined || last === undefined) return;
        note(onScreen, performance.now(), last.painted + read(onScreen).frame - last.frame);
      },
      true,
    );
    new MutationObserver(() => {
      const video = stage.querySelector<HTMLVideoElement>('video.on-screen');
      if (video === null || video === onScreen) return;
      onScreen = video;
      const painted = (window.paintedFrames.at(-1)?.painted ?? 0) + 1;
      others = painted - (reported.get(video) ?? 0);
      note(video, performance.now(), painted);
    }).observe(stage, { subtree: true, attributeFilter: ['class'] });
  };
  const find = (): void => {
    const stage = document.querySelector('bespoke-media')?.shadowRoot;
    const videos = [...(stage?.querySelectorAll('video') ?? [])];
    if (stage === undefined || stage === null || videos.length === 0) {
      setTimeout(find, 5);
      return;
    }
    for (const video of videos) watch(video);
    [onScreen] = videos;
    if (videos.length > 1) takeTurns(stage);
  };
  find();
}
