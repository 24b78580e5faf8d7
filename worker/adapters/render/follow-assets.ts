import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Files below a folder, each with a leading `./`, as a bundler's context names them. */
function filesBelow(folder: string, recursive: boolean): readonly string[] {
  try {
    return readdirSync(folder, { recursive, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(
        (each) =>
          `./${path.relative(folder, path.join(each.parentPath, each.name)).split(path.sep).join('/')}`,
      )
      .sort();
  } catch {
    return [];
  }
}

const relative = (file: string): string => (/^(?:\.{0,2}|[A-Za-z]:)\//.test(file) ? file : `./${file}`);

const importAll = (files: readonly string[]): string =>
  `(${[...files.map((file) => `import(${JSON.stringify(file)})`), 'Array'].join(',')})`;

/** A text, or the beginning of one that is put together when the module runs. */
const text = String.raw`(?:'([^'\n]+)'|"([^"\n]+)"|` + '`([^`$\\n]+)`)';
const beginning =
  String.raw`(?:'(\.{1,2}/[^'\n]*)'\s*\+[^)]*|"(\.{1,2}/[^"\n]*)"\s*\+[^)]*|` +
  '`(\\.{1,2}/[^`$\\n]*)\\$\\{[^`]*`)';
const comment = String.raw`\s*(?:/\*.*?\*/\s*)?`;

/** `new URL('./x.png', import.meta.url)`. */
const assetUrl = new RegExp(
  String.raw`\bnew\s+URL\(${comment}${text}\s*,\s*import\.meta\.url\s*,?\s*\)`,
  'g',
);

/** The same, `import(…)` and `require(…)` of a path that is put together. */
const pattern = new RegExp(
  String.raw`\b(?:new\s+URL\(${comment}${beginning}\s*,\s*import\.meta\.url\s*,?|(?:import|require)\(${comment}${beginning})\s*\)`,
  'g',
);

/** `require.context('./x', …` and `import.meta.webpackContext('./x', …`. */
const context =
  /\b(?:require\.context|import\.meta\.webpackContext)(?=\s*\(\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`))/g;

/** `staticFile('x.mp4')`, and with a name that is put together. */
const publicFile = new RegExp(String.raw`\bstaticFile\(${comment}(?:${text}\s*,?\s*\))?`, 'g');

const regExpLiteral = /[,:]\s*\/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)/;

/** What a context takes in: files that its first regular expression matches, in subfolders unless it says not. */
function contextFiles(folder: string, options: string): readonly string[] {
  const [, source, flags] = regExpLiteral.exec(options) ?? [];
  const recursive = !/^\s*,\s*false\b|\brecursive:\s*false\b/.test(options);
  const files = filesBelow(folder, recursive);
  try {
    const wanted = new RegExp(source ?? '', flags?.replaceAll('g', ''));
    return files.filter((file) => wanted.test(file));
  } catch {
    // What looked like a regular expression is none: too many files cost a render, too few show an old picture.
    return files;
  }
}

/** Options of a context are looked for in so many characters behind its folder. */
const optionsLength = 400;

/** What a pattern of replacement has found as text. */
const textOf = (groups: readonly unknown[]): string =>
  groups.find((group, index): group is string => typeof group === 'string' && index < groups.length - 2) ??
  '';

/** Imports of files of a public folder that a call of `staticFile` may name: one, or all if its name is put together. */
function importPublic(folder: string, name: string): string {
  const files = filesBelow(folder, true);
  const wanted = name === '' ? files : files.filter((file) => file === `./${name.replace(/^\.?\//, '')}`);
  return `${importAll(wanted.map((file) => path.join(folder, file)))}${name === '' ? '(' : ''}`;
}

/**
 * A module's code in which everything that a bundler loads without an import is imported, on the same lines: assets by
 * `new URL`, contexts of files, and paths that are put together. For finding what a module loads; it need not run.
 *
 * @param folder absolute, of the module.
 * @param publicFolder absolute, in which `staticFile` looks.
 */
export function importAssets(code: string, folder: string, publicFolder?: string): string {
  const below = (named: string): readonly string[] => {
    const base = path.posix.dirname(`${named}x`);
    return filesBelow(path.join(folder, base), true).map((file) => relative(path.posix.join(base, file)));
  };
  return code
    .replace(publicFile, (whole, ...groups: unknown[]) =>
      publicFolder === undefined ? whole : importPublic(publicFolder, textOf(groups)),
    )
    .replace(pattern, (_whole, ...groups: unknown[]) => importAll(below(textOf(groups))))
    .replace(assetUrl, (whole, ...groups: unknown[]) => {
      const named = textOf(groups);
      return /^[a-z][a-z0-9+.-]*:|\/$/i.test(named) ? whole : importAll([relative(named)]);
    })
    .replace(context, (whole, ...groups: unknown[]) => {
      const named = textOf(groups);
      if (!/^(?:\.{1,2}(?:\/|$)|\/|[A-Za-z]:\/)/.test(named)) return whole;
      const [offset, changed] = groups.slice(-2) as [number, string];
      const at = offset + whole.length;
      const options = changed.slice(at, at + optionsLength).replace(/^\s*\(\s*(['"`]).*?\1/, '');
      const files = contextFiles(path.resolve(folder, named), options);
      return importAll(files.map((file) => relative(path.posix.join(named, file))));
    });
}
