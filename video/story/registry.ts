import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import type { SceneInputs, Scene } from './scene.ts';
import type { HeardSound } from './sounds.ts';
import type { SpokenLine } from './speech.ts';
import type { Template } from './template.ts';

/** The shape of a React component, without importing React: contracts must not depend on it. */
type ComponentOf<P> = (props: P) => unknown;

/** One component per scene; each receives that scene's inputs, what it says if it speaks, its recordings if it plays any, and nothing else. */
export type SceneComponents<T extends { readonly scenes: Readonly<Record<string, Scene>> }> = {
  readonly [K in keyof T['scenes']]: ComponentOf<
    SceneInputs<T['scenes'][K]> & {
      readonly spoken?: readonly SpokenLine[];
      readonly heard?: readonly HeardSound[];
    }
  >;
};

/** A template and its folder. */
export interface RegistryEntry {
  readonly template: Template;
  /** `file:` URL of the template's folder, with a trailing slash. */
  readonly directory: string;
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
export type Registry<E extends RegistryEntry = RegistryEntry> = readonly E[] & {
  readonly broken?: readonly BrokenTemplate[];
};

/** A folder that holds a template. */
export interface TemplateSource {
  /** The folder's name, and the template's id. */
  readonly id: string;
  /** As in `RegistryEntry`. */
  readonly directory: string;
  /** Imports the module of the contract. */
  readonly load: () => Promise<unknown>;
}

/** What draws a template's scenes, in the bundle. */
export interface DrawnSource extends TemplateSource {
  readonly loadComponents: () => Promise<{
    readonly components: Readonly<Record<string, ComponentOf<never>>>;
    /** The template's own presentations of transitions, by name. */
    readonly presentations?: Readonly<Record<string, (props: never) => unknown>>;
  }>;
}

const isTemplate = (value: unknown): value is Template =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'record', 'scenes', 'story'].every((name) => name in value);

/** The one template that a module exports, by whatever name. */
function contractIn(module: unknown, id: string): Template {
  const exported = new Set(Object.values(module as object).filter(isTemplate));
  const [template, ...others] = exported;
  if (template === undefined) {
    throw new Error('Its module exports no template. Export what defineTemplate returns.');
  }
  if (others.length > 0) {
    const ids = [...exported].map((each) => each.id).join(', ');
    throw new Error(`Its module exports ${exported.size} templates (${ids}). Give each a folder of its own.`);
  }
  if (template.id !== id) {
    throw new Error(`Its id is "${template.id}", but its folder is called "${id}".`);
  }
  return template;
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

/** The path of a `file:` URL, for messages. */
const pathOf = (directory: string): string => decodeURI(directory.replace(/^file:\/\/|\/$/g, ''));

/**
 * Loads templates one by one. One that cannot be loaded is left out and listed as broken, and so are folders that hold
 * templates with the same id.
 */
export async function loadRegistry<S extends TemplateSource>(
  sources: readonly S[],
): Promise<Registry<S & RegistryEntry>> {
  const entries: (S & RegistryEntry)[] = [];
  const broken: BrokenTemplate[] = [];
  for (const source of sources) {
    const { id, directory } = source;
    const twins = sources.filter((each) => each.id === id);
    try {
      if (twins.length > 1)
        throw errors.templateTwice({ id, folders: twins.map((each) => pathOf(each.directory)) });
      entries.push({ ...source, template: contractIn(await source.load(), id) });
    } catch (cause) {
      if (broken.some((each) => each.id === id)) continue;
      broken.push({ id, directory, cause, reason: reasonOf(cause) });
    }
  }
  return Object.assign(entries, { broken });
}

/** The entry of a template, or `undefined`. */
export function findTemplate<E extends RegistryEntry>(registry: Registry<E>, id: string): E | undefined {
  return registry.find(({ template }) => template.id === id);
}
