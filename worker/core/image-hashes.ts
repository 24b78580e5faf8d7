import { imageInput } from '../../video/story/scene.ts';

/** Hashes of the stored pictures that a scene's inputs name, at any depth. */
export function imageHashes(inputs: unknown): readonly string[] {
  if (typeof inputs !== 'object' || inputs === null) return [];
  const image = imageInput.safeParse(inputs);
  if (image.success) return image.data.kind === 'stored' ? [image.data.hash] : [];
  return [...new Set(Object.values(inputs).flatMap(imageHashes))];
}
