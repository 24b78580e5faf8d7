/** A frame as it was painted. */
export interface PaintedFrame {
  readonly clip: number;
  readonly frame: number;
  /** Of the page's clock. */
  readonly atMs: number;
  /** How many frames the element has painted until then, this one included. */
  readonly painted: number;
}

declare global {
  interface Window {
    paintedFrames: PaintedFrame[];
  }
}

/** Runs in a page: reads the mark of every frame that a film paints, as it paints it. */
export function recordFrames(): void {
  window.paintedFrames = [];
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 4;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const read = (video: HTMLVideoElement): number => {
    context?.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 8, 0, 0, 320, 4);
    const data = context?.getImageData(0, 2, 320, 1).data ?? new Uint8ClampedArray();
    let mark = 0;
    for (let bit = 0; bit < 16; bit += 1) if ((data[(bit * 20 + 10) * 4] ?? 0) > 128) mark |= 1 << bit;
    return mark;
  };
  const watch = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback((atMs, { presentedFrames }) => {
      watch(video);
      const mark = read(video);
      window.paintedFrames.push({ clip: mark & 255, frame: mark >> 8, atMs, painted: presentedFrames });
    });
  };
  const find = (): void => {
    const video = document.querySelector('bespoke-media')?.shadowRoot?.querySelector('video');
    if (video === undefined || video === null) setTimeout(find, 5);
    else watch(video);
  };
  find();
}
