import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrokenTemplate, Registry } from '../../../video/story/registry.ts';
import { SourceGraph } from './source-graph.ts';

interface Explanation {
  readonly file: string;
  readonly line: number;
  readonly reason?: string;
}

/** The first place in our sources, best in the template's folder, in the stack of what its contract threw. */
function placeIn(cause: unknown, folder: string, root: string): Explanation | undefined {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const places = [...stack.matchAll(/(?:file:\/\/)?(\/[^\s()]+?|[A-Z]:\\[^\s()]+?):(\d+):\d+\)?$/gm)].map(
    ([, file = '', line = '']) => ({ file, line: Number(line) }),
  );
  const own = places.filter(({ file }) => file.startsWith(root) && !file.includes('node_modules'));
  const found = own.find(({ file }) => file.startsWith(folder)) ?? own[0];
  return found && { file: path.relative(root, found.file), line: found.line };
}

/** What keeps the contract's modules from being imported. */
async function mistakeIn(contract: string, root: string): Promise<Explanation | undefined> {
  const graph = await SourceGraph.of(root, [contract]);
  const [mistake] = graph.mistakes([contract]);
  if (mistake !== undefined) return { ...mistake, reason: mistake.text };
  const [missing] = graph.missingPackages([contract]);
  if (missing === undefined) return undefined;
  const [name, file] = missing;
  const lines = (await readFile(path.join(root, file), 'utf8')).split('\n');
  const line = lines.findIndex((each) => each.includes(`'${name}`) || each.includes(`"${name}`)) + 1;
  return { file, line: Math.max(1, line), reason: `The package ${name} is not installed.` };
}

/** Modules are loaded before an error of theirs has a place: then their sources are read for mistakes. */
async function explain(broken: BrokenTemplate): Promise<BrokenTemplate> {
  const folder = fileURLToPath(broken.directory);
  const root = path.resolve(folder, '../..');
  const contract = path.join(folder, 'template.ts');
  const mistake = await mistakeIn(contract, root).catch(() => undefined);
  const place = mistake ?? placeIn(broken.cause, folder, root);
  const reason = broken.reason.replaceAll(root + path.sep, '');
  return { ...broken, reason, ...(place ?? { file: path.relative(root, contract) }) };
}

/** Adds file and line, and where a module could not be loaded the reason, to the broken templates of a registry. */
export async function explainBroken(registry: Registry): Promise<Registry> {
  const broken = await Promise.all((registry.broken ?? []).map(explain));
  return Object.assign([...registry], { broken });
}
