import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrokenTemplate, loadRegistry, type Registry } from '../../../video/story/registry.ts';
import { importContract, mistakeOf } from './import-contract.ts';
import type { TemplateFolder } from './find-templates.ts';

/** Adds where the mistake is. */
function explain(broken: BrokenTemplate, { folder, contract }: TemplateFolder): BrokenTemplate {
  const root = path.resolve(folder, '../..');
  const mistake = mistakeOf(broken.cause);
  const reason = (mistake?.reason ?? broken.reason).replaceAll(root + path.sep, '');
  const file = path.relative(root, mistake?.file ?? contract);
  return { ...broken, reason, file, ...(mistake !== undefined && { line: mistake.line }) };
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
