import type { SceneInputs, Scene } from './scene.ts';
import type { Template } from './template.ts';

/** The shape of a React component, without importing React: contracts must not depend on it. */
type ComponentOf<P> = (props: P) => unknown;

/** One component per scene; each receives that scene's inputs and nothing else. */
export type SceneComponents<T extends { readonly scenes: Readonly<Record<string, Scene>> }> = {
  readonly [K in keyof T['scenes']]: ComponentOf<SceneInputs<T['scenes'][K]>>;
};

/** A template, its folder, and how to load its components. */
export interface RegistryEntry {
  readonly template: Template;
  /** `file:` URL of the template's folder, with a trailing slash. */
  readonly directory: string;
  /** Called by the studio's bundle only. */
  readonly loadComponents: () => Promise<{
    readonly components: Readonly<Record<string, ComponentOf<never>>>;
  }>;
}

export type Registry = readonly RegistryEntry[];

type UnplacedEntry = Omit<RegistryEntry, 'directory'>;

/** A registry line: the contract and a lazy import of the module that exports its components. */
export function entry<T extends Template>(
  template: T,
  loadComponents: () => Promise<{ readonly components: SceneComponents<T> }>,
): UnplacedEntry {
  return { template, loadComponents };
}

/** Lists templates; each one's folder is named after its id and lies beside the registry's module. */
export function defineRegistry(moduleUrl: string, entries: readonly UnplacedEntry[]): Registry {
  return entries.map((each) => ({
    ...each,
    directory: `${moduleUrl.slice(0, moduleUrl.lastIndexOf('/') + 1)}${each.template.id}/`,
  }));
}

/** The entry of a template, or `undefined`. */
export function findTemplate(registry: Registry, id: string): RegistryEntry | undefined {
  return registry.find(({ template }) => template.id === id);
}
