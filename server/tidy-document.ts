type Schemas = Readonly<Record<string, unknown>>;

interface Document {
  readonly paths?: unknown;
  readonly components?: { readonly schemas?: Schemas };
}

const place = '#/components/schemas/';

function namesIn(part: unknown): readonly string[] {
  const text = (JSON.stringify(part) as string | undefined) ?? '';
  return Array.from(text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g), ([, name]) => name ?? '');
}

/** Names of the schemas that the routes refer to, directly or through other schemas. */
function findUsed(paths: unknown, schemas: Schemas): ReadonlySet<string> {
  const used = new Set<string>();
  const open = [...namesIn(paths)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    open.push(...namesIn(schemas[name]));
  }
  return used;
}

const capitalize = (header: string): string =>
  header.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()).replace(/-Id$/, '-ID');

/**
 * Removes schemas that no route refers to, and gives the others their names in the code: the generator keeps one of
 * each for requests and one for answers. Headers are written as in curl.
 */
export function tidyDocument<T extends Document>(document: T): T {
  const schemas = document.components?.schemas ?? {};
  const used = findUsed(document.paths, schemas);
  const nameOf = (name: string): string => {
    const plain = name.replace(/Input$/, '');
    return used.has(plain) ? name : plain;
  };
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  const tidy: Document = {
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(kept.map(([name, schema]) => [nameOf(name), schema])),
    },
  };
  return JSON.parse(JSON.stringify(tidy), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string' && value.startsWith(place)) {
      return place + nameOf(value.slice(place.length));
    }
    if (isHeaderParameter(value)) return { ...value, name: capitalize(value.name) };
    return value;
  }) as T;
}

function isHeaderParameter(value: unknown): value is { readonly in: 'header'; readonly name: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'in' in value &&
    value.in === 'header' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}
