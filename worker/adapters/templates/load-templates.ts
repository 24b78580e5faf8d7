import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrokenTemplate, loadRegistry, type Registry } from '../../../video/story/registry.ts';
import { importContract, placeOfMistake } from './import-contract.ts';
import type { TemplateFolder } from './find-templates.ts';

/** The first place in the stack of what a contract threw, best in the template's folder. */
function placeIn(cause: unknown, folder: string): { readonly file: string; readonly line: number } | undefined {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const places = [
    ...stack.matchAll(/^\s+at (?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/gm),
  ].map(([, file = '', line = '']) => ({ file: withoutScheme(file), line: Number(line) }));
  return places.find(({ file }) => file.startsWith(folder + path.sep));
}

const withoutScheme = (file: string): string =>
  file.startsWith('file://') ? decodeURI(file.slice('file://'.length)) : file;

/** Adds where the mistake is. */
function explain(broken: BrokenTemplate, { folder, contract }: TemplateFolder): BrokenTemplate {
  const root = path.resolve(folder, '../..');
  const mistake = placeOfMistake(broken.cause, folder);
  const place = mistake ?? placeIn(broken.cause, folder);
  const reason = (mistake?.reason ?? broken.reason).replaceAll(root + path.sep, '');
  const file = path.relative(root, place?.file ?? contract);
  return { ...broken, reason, file, ...(place !== undefined && { line: place.line }) };
}

/**
 * Loads the contracts of templates in this process, one by one. Those that cannot be loaded are listed as broken, with
 * file and line of the mistake.
 *
 * @param load imports the module of a contract.
 */
export async function loadTemplates(
  folders: readonly TemplateFolder[],
  load: (contract: string) => Promise<unknown> = importContract,
): Promise<Registry> {
  const sources = folders.map(({ id, folder, contract }) => ({
    id,
    directory: `${pathToFileURL(folder).href}/`,
    load: () => {
      if (!existsSync(contract)) throw new Error(`It has no file ${path.basename(contract)}.`);
      return load(contract);
    },
  }));
  const registry = await loadRegistry(sources);
  const broken = (registry.broken ?? []).map((each) => {
    const found = folders.find(({ id }) => id === each.id);
    return found === undefined ? each : explain(each, found);
  });
  return Object.assign([...registry], { broken });
}
