import { fileURLToPath } from 'node:url';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Pipeline } from './pipeline.ts';
import type { PlanContext } from './plan-video.ts';
import type { Encoding } from './ports.ts';

/** Collects, once per run, the code, sounds and engine that every key of a template depends on. */
export async function createPlanContext(
  { renderer, media }: Pick<Pipeline, 'renderer' | 'media'>,
  { template, directory }: RegistryEntry,
  choice: { readonly format: Format; readonly encoding: Encoding; readonly asOf: string },
): Promise<PlanContext> {
  const sounds = new Set(
    Object.values(template.scenes).flatMap((scene) => scene.sounds.map(({ file }) => file)),
  );
  if (template.soundtrack !== undefined) sounds.add(template.soundtrack.file);
  const folder = fileURLToPath(directory);
  const [engineVersion, codeHashes, soundHashes] = await Promise.all([
    renderer.engineVersion(),
    Promise.all(
      Object.keys(template.scenes).map(
        async (scene) => [scene, await renderer.codeHash(template.id, scene)] as const,
      ),
    ),
    Promise.all([...sounds].sort().map(async (file) => [file, await media.soundHash(folder, file)] as const)),
  ]);
  return {
    template,
    ...choice,
    engineVersion,
    codeHashes: new Map(codeHashes),
    soundHashes: new Map(soundHashes),
  };
}
