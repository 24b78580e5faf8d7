/**
 * `@remotion/google-fonts` loads its files from Google, and scenes have no network. Where a project has installed the
 * package of Fontsource with the same font, such as `@fontsource/open-sans`, this loader of the bundler gives those files
 * to it: the project's code stays as it is. JavaScript, because the renderer's bundler is a process of its own.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const isModule = /^\w+$/;

/** The id of a font in Fontsource. @param source the module of a font. */
const idOf = (source) => {
  const [, family] = /fontFamily: ['"]([^'"]+)['"]/.exec(source) ?? [];
  return family?.toLowerCase().replaceAll(' ', '-');
};

/** The folder of a package, as a file in `from` finds it. */
function findPackage(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(found, 'package.json'))) return found;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/**
 * The package whose files stand in for those of Google, for a module such as `@remotion/google-fonts/OpenSans`.
 *
 * @param specifier as it is imported.
 * @param from absolute folder of the file that imports it.
 * @returns its name if it is installed.
 */
export function fontPackageOf(specifier, from) {
  const [, name] = /^@remotion\/google-fonts\/(.+)$/.exec(specifier) ?? [];
  if (name === undefined || !isModule.test(name)) return undefined;
  const fonts = findPackage('@remotion/google-fonts', from);
  const file = fonts && path.join(fonts, 'dist', 'cjs', `${name}.js`);
  if (file === undefined || !existsSync(file)) return undefined;
  const own = `@fontsource/${idOf(readFileSync(file, 'utf8'))}`;
  return findPackage(own, path.dirname(file)) && own;
}

/** Puts other addresses in place of those of Google. What is not installed keeps one that says which package has it. */
const localize = `function bespokeLocal(info, id, files) {
  for (const [style, weights] of Object.entries(info.fonts))
    for (const [weight, subsets] of Object.entries(weights))
      for (const subset of Object.keys(subsets))
        subsets[subset] = files[subset + '-' + weight + '-' + style] ?? 'https://fonts.gstatic.com/s/' + id + '/';
  return info;
}
`;

const getInfo = /\b((?:const|var|let) getInfo = \(\) => )(\(\{[\s\S]*?\n\}\));/;

/** The loader. @param source a module of `@remotion/google-fonts`. */
export default function localFonts(source) {
  const id = idOf(source);
  if (id === undefined || !getInfo.test(source)) return source;
  const found = findPackage(`@fontsource/${id}`, path.dirname(this.resourcePath));
  const folder = found && path.join(found, 'files');
  const names = folder !== undefined && existsSync(folder) ? readdirSync(folder) : [];
  const files = names.flatMap((name) => {
    const key = name.startsWith(`${id}-`) && name.endsWith('.woff2') && name.slice(id.length + 1, -6);
    return key ? [[key, JSON.stringify(path.join(folder, name))]] : [];
  });
  const isScript = this.resourcePath.endsWith('.mjs');
  const imports = files.map(([, file], at) => (isScript ? `import bespoke${at} from ${file};` : ''));
  const entries = files.map(
    ([key, file], at) => `${JSON.stringify(key)}: ${isScript ? `bespoke${at}` : `require(${file})`}`,
  );
  const local = `bespokeLocal($2, ${JSON.stringify(id)}, { ${entries.join(', ')} });`;
  return `${imports.join('\n')}\n${source.replace(getInfo, `$1${local.replaceAll('$', '$$').replace('$$2', '$2')}`)}\n${localize}`;
}
