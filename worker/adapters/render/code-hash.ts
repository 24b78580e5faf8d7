import { existsSync } from 'node:fs';
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

/**
 * Identifies a template's code: a scene's, or without a scene the contract's. A template's imports are followed once
 * per process, apart from those of other templates, so that a mistake in one affects no other. A scene's hash covers
 * its own transitive sources and assets, those of the clip host, the versions of the packages they import, and every
 * style sheet of its template. So editing one scene changes only its clips.
 */
export function makeCodeHash(places: CodePlaces): (template: string, scene?: string) => Promise<string> {
  const graphs = new Map<string, Promise<SourceGraph>>();
  const hashes = new Map<string, Promise<string>>();

  function graphOf(folder: string): Promise<SourceGraph> {
    const contract = path.join(folder, 'template.ts');
    const modules = [places.clipHost, ...(existsSync(contract) ? [contract] : []), ...componentLists(folder)];
    const known = graphs.get(folder) ?? SourceGraph.of(places.root, modules, path.join(folder, 'public'));
    graphs.set(folder, known);
    return known;
  }

  return (template, scene) => {
    const folder = path.join(places.templates, template);
    const module = scene === undefined ? path.join(folder, 'template.ts') : sceneModule(folder, scene);
    const modules = scene === undefined ? [module] : [places.clipHost, module];
    const besides = scene === undefined ? [] : componentLists(folder);
    const known = hashes.get(module) ?? graphOf(folder).then((graph) => graph.hash(modules, besides));
    hashes.set(module, known);
    return known;
  };
}
