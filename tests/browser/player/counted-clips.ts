import { access, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { ClipEncoder } from '../../../worker/adapters/render/clip-encoder.ts';
import type { Pipeline } from '../../../worker/core/pipeline.ts';

/** Bits of a frame's mark: eight for the clip, eight for the frame, from the left, lowest first. */
const bits = 16;

/** Of frames, in pixels. */
export interface CountedSize {
  readonly width: number;
  readonly height: number;
}

/** A grey frame under a row of black and white squares that encode clip and frame. */
function drawFrame(clip: number, frame: number, { width, height }: CountedSize): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height, 96);
  const mark = clip | (frame << 8);
  for (let y = 0; y < height / 4; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const bit = Math.floor((x * bits) / width);
      pixels[y * width + x] = (mark >> bit) & 1 ? 255 : 0;
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace('srgb')
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** What the stubs drew. */
export interface CountedClips {
  /** The scene's name and its inputs, by the number that its frames carry. */
  readonly names: ReadonlyMap<number, string>;
  readonly exchange: (pipeline: Pipeline) => Pipeline;
}

/**
 * Draws clips whose frames carry their numbers, instead of scenes.
 *
 * @param pass what happens before a clip is drawn, by its name.
 */
export function countClips(pass: (name: string) => Promise<void>, size: CountedSize): CountedClips {
  const names = new Map<number, string>();
  const write = (file: string): Promise<void> => writeFile(file, 'made');
  return {
    names,
    exchange: (pipeline) => ({
      ...pipeline,
      renderer: {
        codeHash: async (template, scene) => JSON.stringify([template, scene]),
        engineVersion: async () => 'counted',
        renderClip: async ({ scene, inputs, fps, durationInFrames, encoding }, file) => {
          const name = [scene, ...Object.values(inputs).map(String)].join(' ');
          await pass(name);
          const clip = names.size + 1;
          names.set(clip, name);
          const encoder = new ClipEncoder(encoding, fps, file);
          for (let frame = 0; frame < durationInFrames; frame += 1)
            await encoder.write(await drawFrame(clip, frame, size));
          await encoder.finish();
        },
        reportVideo: undefined,
        renderStill: (_clip, _frame, file) => write(file),
        drawFrames: () => Promise.resolve(),
        close: async () => undefined,
      },
      media: {
        ...pipeline.media,
        mix: (_mix, _directory, file) => write(file),
        assemble: async (clips, _mix, file) => {
          // As joining does: a clip that is gone shows when it is opened.
          await Promise.all(clips.map((clip) => access(clip)));
          await write(file);
        },
        collectStills: () => ({
          take: () => undefined,
          write: async (_still, file) => writeFile(file, await drawFrame(0, 0, size)),
        }),
        teaser: (_strips, _rate, file) => write(file),
      },
    }),
  };
}
