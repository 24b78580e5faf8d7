import type { Format } from '../../video/story/format.ts';

/** Measured speed of a scene, to forecast from. */
export interface SceneSpeed {
  readonly template: string;
  readonly scene: string;
  readonly format: Format;
  readonly scale: number;
  readonly framesPerSecond: number;
  readonly bytesPerFrame: number;
}
