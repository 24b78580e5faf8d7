import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { excerptOf } from '../../video/story/excerpt.ts';
import type { Template } from '../../video/story/template.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { parseWav, sampleRate } from '../../worker/adapters/media/wav.ts';
import { makeClip, neverAborted, type RenderingDesk, small } from './render-project.ts';

export const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0);

/**
 * Draws scenes one after another at full size.
 *
 * @returns a hash for each frame, and the samples of the left channel.
 */
export async function drawScenes(
  { renderer, file }: RenderingDesk,
  { id, scenes, formats, fps }: Template,
  shown: readonly Pick<BoundScene, 'scene' | 'inputs' | 'durationInFrames'>[],
  name: string,
) {
  const frames: string[] = [];
  const sound: number[] = [];
  for (const bound of shown) {
    const { scene, inputs, durationInFrames } = bound;
    const first = frames.length;
    const clip = makeClip({
      ...{ template: id, scene, inputs, durationInFrames, format: formats[0], fps },
      excerpt: excerptOf(scenes, scene, bound),
      encoding: { ...small, scale: 1 },
    });
    const target = file(`${name}-${scene}.mp4`);
    const played = await renderer.renderClip(clip, target, neverAborted, (frame, jpeg) => {
      frames[first + frame] = createHash('sha1').update(jpeg).digest('hex');
    });
    if (played === undefined) throw new Error('It plays nothing.');
    // Remotion's mixer adds some samples at the end, which are cut off when the path is mixed.
    const samples = (durationInFrames * sampleRate) / fps;
    const left = parseWav(await readFile(played))?.left.subarray(0, samples) ?? [];
    for (const sample of left) sound.push(sample);
  }
  return { frames, sound };
}
