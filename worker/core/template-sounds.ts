import { fileURLToPath } from 'node:url';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Media } from './ports.ts';

/** Files of `sounds/` that a template may play: those that it declares, and the whole folder where functions choose. */
export async function soundFilesOf(
  { template, directory }: RegistryEntry,
  { soundFiles }: Pick<Media, 'soundFiles'>,
): Promise<readonly string[]> {
  const { scenes, soundtrack } = template;
  const lists = Object.values(scenes).map(({ sounds }) => sounds);
  const declared = lists.flatMap((sounds) =>
    typeof sounds === 'function'
      ? []
      : sounds.flatMap(({ file }) => (typeof file === 'string' ? [file] : [])),
  );
  if (typeof soundtrack === 'object') declared.push(soundtrack.file);
  const isChosen = [soundtrack, ...lists].some((each) => typeof each === 'function');
  const found = isChosen ? await soundFiles(fileURLToPath(directory)) : [];
  return [...new Set([...declared, ...found])].toSorted();
}
