import { registerRoot } from 'remotion';
import { type DrawnSource, loadRegistry } from '../story/registry.ts';
import { makeStudioRoot, templateAssets } from './make-studio-root.tsx';

/** A template as the bundle has it. */
interface BundledTemplate extends DrawnSource {
  /** The bundler's context of its fixtures' images and of its sounds. */
  readonly files: unknown;
}

/** Registers the compositions of templates with Remotion. The module that calls it is generated for each bundle. */
export async function showTemplates(templates: readonly BundledTemplate[]): Promise<void> {
  registerRoot(makeStudioRoot(await loadRegistry(templates), { assets: templateAssets(templates) }));
}
