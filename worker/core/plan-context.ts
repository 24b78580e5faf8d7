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

/** The code, sounds and engine that every key of a template depends on. */
export type TemplateCode = Pick<PlanContext, 'engineVersion' | 'codeHashes' | 'soundHashes'>;

async function readTemplateCode(
  { renderer, media }: Pick<Pipeline, 'renderer' | 'media'>,
  entry: RegistryEntry,
): Promise<TemplateCode> {
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
  return { engineVersion, codeHashes: new Map(codeHashes), soundHashes: new Map(soundHashes) };
}

/**
 * Reads a template's code when it is first asked for and remembers it: code that changes while a
 * process runs is not drawn by it either.
 *
 * @returns a function that throws as `createPlanContext` does, and then tries again the next time.
 */
export function rememberTemplateCode(
  pipeline: Pick<Pipeline, 'renderer' | 'media'>,
): (entry: RegistryEntry) => Promise<TemplateCode> {
  const known = new Map<string, Promise<TemplateCode>>();
  return (entry) => {
    const { id } = entry.template;
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    const read = readTemplateCode(pipeline, entry);
    known.set(id, read);
    read.catch(() => known.delete(id));
    return read;
  };
}

/**
 * Collects, once per run, what every key of a template depends on.
 *
 * @throws BespokeError `template-invalid` when a sound that the template names is not there.
 */
export async function createPlanContext(
  pipeline: Pick<Pipeline, 'renderer' | 'media'>,
  entry: RegistryEntry,
  choice: { readonly format: Format; readonly encoding: Encoding; readonly asOf: string },
): Promise<PlanContext> {
  return { template: entry.template, ...choice, ...(await readTemplateCode(pipeline, entry)) };
}
