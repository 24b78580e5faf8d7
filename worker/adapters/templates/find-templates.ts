import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';
import type { BrokenTemplate, Registry } from '../../../video/story/registry.ts';
import { packageFolder } from '../package-folder.ts';

/** A template's folder. */
export interface NamedFolder {
  /** The folder's name, and the template's id. */
  readonly id: string;
  /** Absolute, without symbolic links. */
  readonly folder: string;
}

/** A folder that holds a template; all paths are absolute. */
export interface TemplateFolder extends NamedFolder {
  /** The module of the contract, whether it is there or not. */
  readonly contract: string;
  /** The module with the components of the scenes; `undefined` if there is none. */
  readonly components: string | undefined;
}

/** The templates in use. */
export interface FoundTemplates {
  /** Absolute folders that hold one folder for each template. */
  readonly roots: readonly string[];
  readonly templates: readonly TemplateFolder[];
}

const programRoot = fileURLToPath(new URL('../../../', import.meta.url));
const shipped = path.join(programRoot, 'templates');

/** The first of these files that is in a folder. */
const fileIn = (folder: string, names: readonly string[]): string | undefined =>
  names.map((name) => path.join(folder, name)).find((file) => existsSync(file));

/** A template that one folder holds, by convention: `template.ts` and `components.ts(x)`, or both in `template.tsx`. */
export function templateIn(folder: string, id: string): TemplateFolder | undefined {
  const contract = fileIn(folder, ['template.ts', 'template.tsx']);
  const components = fileIn(folder, ['components.tsx', 'components.ts']);
  if (contract === undefined && components === undefined) return undefined;
  return {
    ...{ id, folder, contract: contract ?? path.join(folder, 'template.ts') },
    components: components ?? (contract?.endsWith('x') === true ? contract : undefined),
  };
}

/** The templates in the folders of a folder, by name. */
export function templatesIn(root: string): readonly TemplateFolder[] {
  return readdirSync(root)
    .filter((name) => !/^[._]|^node_modules$/.test(name))
    .filter((name) => statSync(path.join(root, name), { throwIfNoEntry: false })?.isDirectory() === true)
    .sort()
    .flatMap((name) => templateIn(realpathSync(path.join(root, name)), name) ?? []);
}

/** Where templates were found that a registry lists, or lists as broken. */
export const foldersOf = (listed: Registry | readonly BrokenTemplate[]): readonly NamedFolder[] =>
  listed.map((each) => ({
    id: 'template' in each ? each.template.id : each.id,
    folder: path.resolve(fileURLToPath(each.directory)),
  }));

const isFolder = (folder: string): boolean =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;

/** What is read of a project's `package.json`. */
const manifestSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  devDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  bespoke: z.unknown().optional(),
});
const settingsSchema = z.object({ templates: z.array(z.string().min(1)).min(1).optional() });

/** The folders that a `package.json` names, or `undefined` if it belongs to no project with templates. */
function rootsOf(project: string): readonly string[] | undefined {
  const file = path.join(project, 'package.json');
  if (!existsSync(file)) return undefined;
  let manifest: z.infer<typeof manifestSchema>;
  try {
    manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // It says nothing about templates.
    return undefined;
  }
  const own = path.join(project, 'templates');
  if (manifest.bespoke !== undefined) {
    const settings = settingsSchema.safeParse(manifest.bespoke);
    if (!settings.success) throw errors.templateSettingsInvalid({ file });
    const { templates } = settings.data;
    if (templates !== undefined) return templates.map((named) => rootNamed(named, project, file));
  }
  if (!isFolder(own)) return undefined;
  const depends = 'bespoke' in { ...manifest.dependencies, ...manifest.devDependencies };
  return depends || templatesIn(own).length > 0 ? [own] : undefined;
}

/** A folder, or the templates of a package. */
function rootNamed(named: string, project: string, file: string): string {
  if (/^\.{1,2}(?:[\\/]|$)/.test(named) || path.isAbsolute(named)) return path.resolve(project, named);
  if (named === 'bespoke') return shipped;
  const folder = packageFolder(named, project);
  if (folder === undefined) throw errors.templatePackageMissing({ name: named, file });
  return path.join(folder, 'templates');
}

/** The roots of the nearest project that has templates, from a folder upwards; else those beside it, without a project. */
function projectRoots(from: string): readonly string[] | undefined {
  let roots: readonly string[] | undefined;
  nearest(from, (folder) => (roots = rootsOf(folder)) !== undefined);
  const beside = path.join(from, 'templates');
  return roots ?? (isFolder(beside) && templatesIn(beside).length > 0 ? [beside] : undefined);
}

/**
 * Finds the templates in use: those of the folder `BESPOKE_TEMPLATES`, or else of the project around the working
 * directory, or else the ones that are shipped. A project is a folder with a `package.json`: its templates are in
 * `templates/`, or where `"bespoke": { "templates": […] }` says, in folders and packages. Outside of projects, `templates/`
 * of the working directory is enough.
 *
 * @throws BespokeError `templates-missing` naming the folder or the package.
 */
export function findTemplates(
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): FoundTemplates {
  const { BESPOKE_TEMPLATES: configured = '' } = environment;
  const roots =
    configured === '' ? projectRoots(workingDirectory) : [path.resolve(workingDirectory, configured)];
  if (roots === undefined) return { roots: [shipped], templates: templatesIn(shipped) };
  const missing = roots.find((root) => !isFolder(root));
  if (missing !== undefined) throw errors.templatesFolderMissing({ folder: missing });
  const templates = roots.flatMap(templatesIn);
  if (templates.length === 0) throw errors.templatesFolderEmpty({ folders: roots });
  return { roots, templates };
}

/** The nearest folder upwards, this one included, for which something holds. */
export function nearest(folder: string, holds: (folder: string) => boolean): string | undefined {
  if (holds(folder)) return folder;
  const above = path.dirname(folder);
  return above === folder ? undefined : nearest(above, holds);
}

/**
 * The folder into which a new template goes: the one in use, or else `templates/` of the project around the working
 * directory. It may not exist.
 */
export function folderForTemplates(
  { BESPOKE_TEMPLATES: configured = '' }: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): string {
  if (configured !== '') return path.resolve(workingDirectory, configured);
  const [root] = projectRoots(workingDirectory) ?? [];
  const project = nearest(workingDirectory, (folder) => existsSync(path.join(folder, 'package.json')));
  return root ?? path.join(project ?? workingDirectory, 'templates');
}
