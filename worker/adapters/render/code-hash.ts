import { existsSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../../../errors/messages.ts';
import { isKnownPresentation } from '../../../video/story/transitions.ts';
import type { Renderer, TransitionCode } from '../../core/ports.ts';
import { type NamedFolder, type TemplateFolder, templateIn } from '../templates/find-templates.ts';
import { SourceGraph } from './source-graph.ts';

/** Where scenes and this program are; all absolute. */
export interface CodePlaces {
  /** This program's folder, from which packages are looked for. */
  readonly root: string;
  readonly templates: readonly NamedFolder[];
  /** The module that draws every clip. */
  readonly clipHost: string;
  /** The module that draws transitions. */
  readonly transitions: string;
}

/** A scene's own module by convention, or the template's whole list of components. */
function sceneModule({ folder, components }: TemplateFolder, scene: string): string {
  const candidates = [
    path.join(folder, 'scenes', scene, `${scene}.tsx`),
    path.join(folder, 'scenes', `${scene}.tsx`),
  ];
  const found = candidates.find((file) => existsSync(file)) ?? components;
  if (found === undefined) throw errors.componentMissing({ scene, folder });
  return found;
}

/** A template's own presentation, by convention or in its list of components; none for those of Remotion. */
function presentationModule({ folder, components }: TemplateFolder, name: string): readonly string[] {
  if (isKnownPresentation(name)) return [];
  const own = path.join(folder, 'presentations', `${name}.tsx`);
  if (existsSync(own)) return [own];
  return components === undefined ? [] : [components];
}

/**
 * Identifies a template's code: a scene's, or without a scene the contract's. A transition's is that of both scenes, and
 * of what joins them. A template's imports are followed once
 * per process, apart from those of other templates, so that a mistake in one affects no other. A scene's hash covers
 * its own transitive sources and assets, those of the clip host, the versions of the packages they import, and every
 * style sheet of its template. So editing one scene changes only its clips.
 */
export function makeCodeHash(places: CodePlaces): Renderer['codeHash'] {
  const graphs = new Map<string, Promise<SourceGraph>>();
  const hashes = new Map<string, Promise<string>>();

  function graphOf({ folder, contract, components }: TemplateFolder): Promise<SourceGraph> {
    const modules = [contract, ...(components === undefined ? [] : [components])];
    const known =
      graphs.get(folder) ??
      SourceGraph.of(
        places.root,
        [places.clipHost, places.transitions, ...modules.filter((file) => existsSync(file))],
        { folder, publicFolder: path.join(folder, 'public') },
      );
    graphs.set(folder, known);
    return known;
  }

  function modulesOf(
    template: TemplateFolder,
    scene: string | TransitionCode | undefined,
  ): readonly string[] {
    if (scene === undefined) return [template.contract];
    if (typeof scene === 'string') return [places.clipHost, sceneModule(template, scene)];
    const { leaving, entering, presentation } = scene;
    return [
      ...[places.clipHost, places.transitions],
      ...[sceneModule(template, leaving), sceneModule(template, entering)],
      ...presentationModule(template, presentation),
    ];
  }

  return async (id, scene) => {
    const named = places.templates.find((each) => each.id === id);
    const template = named && templateIn(named.folder, id);
    if (template === undefined) throw errors.templateNotHere({ template: id });
    const modules = modulesOf(template, scene);
    const besides = scene === undefined || template.components === undefined ? [] : [template.components];
    // One file may hold the contract and the components.
    const key = `${scene === undefined ? 'contract' : 'scene'} ${modules.join(' ')}`;
    const known = hashes.get(key) ?? graphOf(template).then((graph) => graph.hash(modules, besides));
    hashes.set(key, known);
    return known;
  };
}
