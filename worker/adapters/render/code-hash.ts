import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../../errors/messages.ts';
import { SourceGraph } from './source-graph.ts';

/** Where scenes and the project around them are; all absolute. */
export interface CodePlaces {
  /** The project's folder, from which packages are looked for. */
  readonly root: string;
  /** One folder per template, named after its id. */
  readonly templates: string;
  /** The module that draws every clip. */
  readonly clipHost: string;
}

/** The modules that list a template's components: all of them are loaded before one is drawn. */
const componentLists = (template: string): readonly string[] =>
  ['components.tsx', 'components.ts']
    .map((file) => path.join(template, file))
    .filter((file) => existsSync(file));

/** A scene's own module by convention, or the template's whole list of components. */
function sceneModule(template: string, scene: string): string {
  const candidates = [
    path.join(template, 'scenes', scene, `${scene}.tsx`),
    path.join(template, 'scenes', `${scene}.tsx`),
    ...componentLists(template),
  ];
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) throw errors.componentMissing({ scene, folder: template });
  return found;
}

async function templateModules(templates: string): Promise<readonly string[]> {
  const folders = (await readdir(templates, { withFileTypes: true })).filter((each) => each.isDirectory());
  return folders.flatMap(({ name }) => {
    const contract = path.join(templates, name, 'template.ts');
    return [...(existsSync(contract) ? [contract] : []), ...componentLists(path.join(templates, name))];
  });
}

/**
 * Identifies a template's code: a scene's, or without a scene the contract's. Imports are followed once per process,
 * for all templates together. A scene's hash covers its own transitive sources and assets, those of the clip host,
 * the versions of the packages they import, and every style sheet of its template. So editing one scene changes only
 * its clips.
 */
export function makeCodeHash(places: CodePlaces): (template: string, scene?: string) => Promise<string> {
  let graph: Promise<SourceGraph> | undefined;
  const hashes = new Map<string, Promise<string>>();

  async function follow(): Promise<SourceGraph> {
    return SourceGraph.of(places.root, [places.clipHost, ...(await templateModules(places.templates))]);
  }

  return (template, scene) => {
    const folder = path.join(places.templates, template);
    const module = scene === undefined ? path.join(folder, 'template.ts') : sceneModule(folder, scene);
    const modules = scene === undefined ? [module] : [places.clipHost, module];
    const besides = scene === undefined ? [] : componentLists(folder);
    const known = hashes.get(module) ?? (graph ??= follow()).then((each) => each.hash(modules, besides));
    hashes.set(module, known);
    return known;
  };
}
