import { fileURLToPath } from 'node:url';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Pipeline } from './pipeline.ts';
import type { PlanContext } from './plan-video.ts';
import type { Encoding } from './ports.ts';

async function hashSound(
  media: Pipeline['media'],
  { template, directory }: RegistryEntry,
  file: string,
): Promise<readonly [file: string, hash: string]> {
  try {
    return [file, await media.soundHash(fileURLToPath(directory), file)];
  } catch (cause) {
    const message = `The sound "${file}" of template ${template.id} cannot be read; it belongs into the template's folder "sounds".`;
    throw new BespokeError('template-invalid', message, { cause });
  }
}

/**
 * Collects, once per run, the code, sounds and engine that every key of a template depends on.
 *
 * @throws BespokeError `template-invalid` when a sound that the template names is not there.
 */
export async function createPlanContext(
  { renderer, media }: Pick<Pipeline, 'renderer' | 'media'>,
  entry: RegistryEntry,
  choice: { readonly format: Format; readonly encoding: Encoding; readonly asOf: string },
): Promise<PlanContext> {
  const { template } = entry;
  const sounds = new Set(
    Object.values(template.scenes).flatMap((scene) => scene.sounds.map(({ file }) => file)),
  );
  if (template.soundtrack !== undefined) sounds.add(template.soundtrack.file);
  const [engineVersion, codeHashes, soundHashes] = await Promise.all([
    renderer.engineVersion(),
    Promise.all(
      Object.keys(template.scenes).map(
        async (scene) => [scene, await renderer.codeHash(template.id, scene)] as const,
      ),
    ),
    Promise.all([...sounds].sort().map((file) => hashSound(media, entry, file))),
  ]);
  return {
    template,
    ...choice,
    engineVersion,
    codeHashes: new Map(codeHashes),
    soundHashes: new Map(soundHashes),
  };
}
