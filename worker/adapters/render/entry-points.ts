import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The entry points that templates import, as sources of this program. */
const sources: Readonly<Record<string, string>> = {
  'bespoke/template': 'video/template.ts',
  'bespoke/kit': 'video/kit.ts',
  'bespoke/remotion': 'video/remotion.tsx',
};

/** The source of an entry point, or `undefined` for other modules. @param root absolute, of this program. */
export function ownEntryPoint(specifier: string, root: string): string | undefined {
  const source = sources[specifier];
  return source === undefined ? undefined : path.join(root, source);
}

/** `export { a, type B } from './x.ts';` */
const reExport = /^export (?:type )?\{([^}]*)\} from ["']([^"']+)["'];$/gm;

interface Origin {
  /** Absolute. */
  readonly file: string;
  /** The name there. */
  readonly name: string;
}

/** Where an entry point takes what it exports from, by name. */
function originsOf(file: string): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const [, names = '', from = ''] of readFileSync(file, 'utf8').matchAll(reExport)) {
    for (const each of names.split(',').map((text) => text.trim().replace(/^type\s+/, ''))) {
      const [name = '', , alias = name] = each.split(/\s+/);
      origins.set(alias, { file: path.resolve(path.dirname(file), from), name });
    }
  }
  return origins;
}

const known = new Map<string, ReadonlyMap<string, Origin>>();

const named = /\bimport\s*\{([^}]*)\}\s*from\s*(['"])(bespoke\/(?:template|kit))\2/g;

/**
 * A module's code in which names of entry points are imported from where they are declared, on the same lines. So a
 * scene depends on the parts that it uses, and not on all that there are.
 *
 * @param root absolute, of this program.
 */
export const importDirectly = (code: string, root: string): string =>
  code.replace(named, (whole: string, names: string, _quote: string, specifier: string) => {
    const file = ownEntryPoint(specifier, root) ?? '';
    const origins = known.get(file) ?? originsOf(file);
    known.set(file, origins);
    const imports = names
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .map((each) => {
        const [, type = '', name = '', alias = name] = /^(type\s+)?(\w+)(?:\s+as\s+(\w+))?$/.exec(each) ?? [];
        const origin = origins.get(name) ?? { file, name };
        return `import { ${type}${origin.name} as ${alias} } from ${JSON.stringify(origin.file)}`;
      });
    return imports.join('; ') + whole.replace(/[^\n]/g, '');
  });
