import { z } from 'zod';
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

/** A template whose contract could not be loaded. */
export interface BrokenTemplate {
  readonly id: string;
  /** As in `RegistryEntry`. */
  readonly directory: string;
  /** What was thrown. */
  readonly cause: unknown;
  /** In one sentence, without the place. */
  readonly reason: string;
  /** Relative to the folder that contains `templates/`, where it is known. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

/** The templates that work. Those that could not be loaded are in `broken`; one affects no other. */
export type Registry = readonly RegistryEntry[] & { readonly broken?: readonly BrokenTemplate[] };

/** One line of a registry. */
interface Line extends Pick<RegistryEntry, 'loadComponents'> {
  readonly id: string;
  readonly load: () => Promise<Template>;
}

/**
 * A registry line.
 *
 * @param id the name of the template's folder, and its id.
 * @param load imports the contract when the registry is read, so that a module that cannot be imported affects no
 * other template.
 * @param loadComponents imports the module that exports the components of its scenes.
 */
export function entry<T extends Template>(
  id: string,
  load: () => Promise<T>,
  loadComponents: () => Promise<{ readonly components: SceneComponents<T> }>,
): Line {
  return { id, load, loadComponents };
}

async function loadContract({ id, load }: Line, earlier: readonly Line[]): Promise<Template> {
  if (earlier.some((line) => line.id === id)) throw new Error('The registry names it twice.');
  const template: Partial<Template> | undefined = await load();
  if (template?.id === undefined) throw new Error('Its module does not export the template.');
  if (template.id !== id) {
    throw new Error(`Its id is "${template.id}", but the registry and its folder call it "${id}".`);
  }
  return template as Template;
}

const plainErrors: ReadonlySet<string> = new Set(['Error', 'BespokeError']);

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    const [issue] = cause.issues;
    return `${issue?.message ?? cause.message}, at "${issue?.path.join('.') ?? ''}".`;
  }
  if (!(cause instanceof Error)) return `It throws ${String(cause)}.`;
  const kind = plainErrors.has(cause.name) ? '' : `${cause.name}: `;
  return `${kind}${cause.message}`.split('\n')[0] ?? '';
}

/**
 * Loads templates one by one; each one's folder is named after its id and is beside the registry's module. A template
 * that cannot be loaded is left out and listed as broken.
 */
export async function defineRegistry(moduleUrl: string, lines: readonly Line[]): Promise<Registry> {
  const entries: RegistryEntry[] = [];
  const broken: BrokenTemplate[] = [];
  for (const [index, line] of lines.entries()) {
    const directory = `${moduleUrl.slice(0, moduleUrl.lastIndexOf('/') + 1)}${line.id}/`;
    try {
      const template = await loadContract(line, lines.slice(0, index));
      entries.push({ template, directory, loadComponents: line.loadComponents });
    } catch (cause) {
      broken.push({ id: line.id, directory, cause, reason: reasonOf(cause) });
    }
  }
  return Object.assign(entries, { broken });
}

/** The entry of a template, or `undefined`. */
export function findTemplate(registry: Registry, id: string): RegistryEntry | undefined {
  return registry.find(({ template }) => template.id === id);
}
