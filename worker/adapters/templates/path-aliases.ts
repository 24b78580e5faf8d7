import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { type NamedFolder, nearest } from './find-templates.ts';

const schema = z.looseObject({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  references: z.array(z.looseObject({ path: z.string() })).optional(),
  compilerOptions: z.looseObject({ paths: z.unknown().optional() }).optional(),
});

/** JSON with comments and commas before closing brackets. */
const parse = (text: string): unknown =>
  JSON.parse(
    text
      .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
      .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1'),
  );

/** The file that `extends` names: beside, or in a package. @throws Error if there is none. */
function extended(name: string, from: string): string {
  const isPath = name.startsWith('.') || path.isAbsolute(name);
  const base = path.resolve(path.dirname(from), name);
  const candidates = isPath ? [base, `${base}.json`] : [];
  const found = candidates.find((file) => file.endsWith('.json') && existsSync(file));
  if (found !== undefined) return found;
  const { resolve } = createRequire(from);
  return name.endsWith('.json') ? resolve(name) : resolve(`${name}/tsconfig.json`);
}

/** Whether a file, or one that it extends or refers to, has aliases. @throws Error if one of them cannot be read. */
function hasAliases(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const {
    extends: above = [],
    references = [],
    compilerOptions,
  } = schema.parse(parse(readFileSync(file, 'utf8')));
  const others = [
    ...[above].flat().map((name) => extended(name, file)),
    ...references.map((each) => {
      const named = path.resolve(path.dirname(file), each.path);
      return named.endsWith('.json') ? named : path.join(named, 'tsconfig.json');
    }),
  ];
  const all = others.map((each) => hasAliases(each, seen));
  return compilerOptions?.paths !== undefined || all.includes(true);
}

/**
 * The nearest `tsconfig.json` of the first template, if it has path aliases; else empty. One that cannot be read is left
 * out, because the bundler would refuse everything.
 */
export function tsconfigOf([first]: readonly Pick<NamedFolder, 'folder'>[]): string {
  const hasOne = (folder: string): boolean => existsSync(path.join(folder, 'tsconfig.json'));
  const folder = first && nearest(first.folder, hasOne);
  if (folder === undefined) return '';
  const file = path.join(folder, 'tsconfig.json');
  try {
    return hasAliases(file) ? file : '';
  } catch {
    return '';
  }
}
