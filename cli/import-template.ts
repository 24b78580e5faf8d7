import path from 'node:path';
import { type Format, frameSize, ratios } from '../video/story/format.ts';
import type { ProjectComposition } from '../worker/adapters/render/read-project.ts';

type Json = ProjectComposition['defaultProps'][string];

type FieldKind =
  | 'text'
  | 'paragraphs'
  | 'number'
  | 'boolean'
  | 'isoDate'
  | 'color'
  | 'imageUrl'
  | 'choice'
  | 'list'
  | 'object';

/** A prop of a composition as a field of a record: its declaration, and what the scene takes. */
interface FieldSource {
  readonly name: string;
  /** The functions that declare it and its parts. */
  readonly kinds: readonly FieldKind[];
  readonly declaration: string;
  readonly input: string;
}

/** A template for a composition, as sources. */
export interface ImportedTemplate {
  readonly id: string;
  readonly contract: string;
  readonly components: string;
  readonly fields: readonly string[];
  /** Props that keep their defaults, because no column of a table is like them. */
  readonly kept: readonly string[];
}

const words = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `HelloWorld` as `hello-world`. */
export const templateId = (composition: string): string => words(composition).join('-');

const variableOf = (id: string): string => {
  const [first = 'template', ...others] = words(id);
  const name = [first, ...others.map(capital)].join('');
  return /^[a-z]/.test(name) ? name : `template${capital(name)}`;
};

export const quoted = (value: string): string =>
  `'${value.replace(/[\\']/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n')}'`;

/** A property's name as code. */
export const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** More than that a list never has. */
const mostItems = 1_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type JsonObject = Extract<Json, Record<string, Json>>;
const isObject = (value: Json): value is JsonObject => isRecord(value);

/** What an object's schema says of one of its members. */
function schemaOf(schema: unknown, name: string): Readonly<Record<string, unknown>> {
  const properties = isRecord(schema) ? schema['properties'] : undefined;
  const property = isRecord(properties) ? properties[name] : undefined;
  return isRecord(property) ? property : {};
}

const isColour = (text: string): boolean => /^(?:#[\da-f]{3,8}|(?:rgb|hsl)a?\(.*\))$/i.test(text.trim());
const isPicture = (name: string, text: string): boolean =>
  /^https?:\/\/\S+$/.test(text) &&
  (/\.(?:png|jpe?g|webp|gif|avif)(?:\?|$)/i.test(text) || /photo|image|picture|avatar|logo/i.test(name));

/** Fields for all members of objects that are alike; `undefined` if one of them cannot be a field. */
function partsOf(schema: unknown, objects: readonly JsonObject[]) {
  const names = [...new Set(objects.flatMap((each) => Object.keys(each)))];
  const parts = names.map((name) => {
    const values = objects.flatMap((each) => each[name] ?? []);
    const field = values[0] === undefined ? undefined : fieldOf(schema, name, values[0]);
    if (field === undefined || values.length === objects.length) return field;
    const declaration = field.declaration.replace(/ \}\)$/, ', optional: true })');
    return {
      ...field,
      declaration,
      input: field.kinds[0] === 'imageUrl' ? field.input : `${field.input}.optional()`,
    };
  });
  const found = parts.flatMap((part) => part ?? []);
  if (found.length === 0 || found.length < parts.length) return undefined;
  const written = (what: 'declaration' | 'input'): string =>
    `{ ${found.map((part) => `${keyOf(part.name)}: ${part[what]}`).join(', ')} }`;
  return {
    kinds: found.flatMap(({ kinds }) => kinds),
    declaration: written('declaration'),
    input: `z.object(${written('input')})`,
  };
}

/** A list of objects, or an object. A list of anything else is none of a record. */
function nestedField(
  { items, minItems, maxItems, ...schema }: Readonly<Record<string, unknown>>,
  name: string,
  label: string,
  value: Json,
): FieldSource | undefined {
  if (isObject(value)) {
    const parts = partsOf(schema, [value]);
    if (parts === undefined) return undefined;
    return {
      ...{ name, kinds: ['object', ...parts.kinds], input: parts.input },
      declaration: `object({ label: ${label}, fields: ${parts.declaration} })`,
    };
  }
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) return undefined;
  const parts = partsOf(items, value);
  if (parts === undefined) return undefined;
  const bounds = [
    ...(typeof minItems === 'number' ? [`min: ${minItems}`] : []),
    ...(typeof maxItems === 'number' && maxItems <= mostItems ? [`max: ${maxItems}`] : []),
  ];
  return {
    ...{ name, kinds: ['list', ...parts.kinds], input: `z.array(${parts.input})` },
    declaration: `list({ ${[`label: ${label}`, ...bounds, `fields: ${parts.declaration}`].join(', ')} })`,
  };
}

/** @returns `undefined` for a prop that keeps its default. */
function fieldOf(of: unknown, name: string, value: Json): FieldSource | undefined {
  const schema = schemaOf(of, name);
  const { enum: choices, minimum, maximum, type } = schema;
  const label = quoted(capital(words(name).join(' ')));
  if (typeof value === 'object') return nestedField(schema, name, label, value);
  const options = [`label: ${label}`, 'personal: true'];
  if (Array.isArray(choices) && choices.length > 1 && choices.every((each) => typeof each === 'string')) {
    const listed = `[${choices.map(quoted).join(', ')}]`;
    return {
      ...{ name, kinds: ['choice'], input: `z.enum(${listed})` },
      declaration: `choice(${listed}, { ${options.join(', ')} })`,
    };
  }
  if (typeof value === 'number') {
    const limits = [
      ...(typeof minimum === 'number' && minimum > -1e15 ? [`min: ${minimum}`] : []),
      ...(typeof maximum === 'number' && maximum < 1e15 ? [`max: ${maximum}`] : []),
      ...(type === 'integer' ? ['integer: true'] : []),
    ];
    const declared = [...options, ...limits, `example: '${value}'`].join(', ');
    return { name, kinds: ['number'], declaration: `number({ ${declared} })`, input: 'z.number()' };
  }
  if (typeof value === 'boolean') {
    const declared = [...options, `example: '${value ? 'yes' : 'no'}'`].join(', ');
    return { name, kinds: ['boolean'], declaration: `boolean({ ${declared} })`, input: 'z.boolean()' };
  }
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const declared = [...options, `example: ${quoted(value)}`].join(', ');
  if (isColour(value)) {
    // The record has no opacity, and the composition gets its colour in one form.
    return /^#(?:[\da-f]{3}|[\da-f]{6})$/i.test(value)
      ? { name, kinds: ['color'], declaration: `color({ ${declared} })`, input: 'z.string()' }
      : undefined;
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    return { name, kinds: ['isoDate'], declaration: `isoDate({ ${declared} })`, input: 'z.string()' };
  }
  if (isPicture(name, value)) {
    return { name, kinds: ['imageUrl'], declaration: `imageUrl({ ${declared} })`, input: 'imageInput' };
  }
  if (/\n/.test(value.trim())) {
    const lines = value.split('\n').length;
    const bounds = `${value.length > 750 ? `, maxLength: ${2 * value.length}` : ''}${lines > 15 ? `, maxLines: ${2 * lines}` : ''}`;
    return {
      ...{ name, kinds: ['paragraphs'], input: 'z.string()' },
      declaration: `paragraphs({ ${declared}${bounds} })`,
    };
  }
  const long = value.length > 150 ? `, maxLength: ${2 * value.length}` : '';
  return { name, kinds: ['text'], declaration: `text({ ${declared}${long} })`, input: 'z.string()' };
}

function formatOf({ width, height }: ProjectComposition): Format {
  const ratio = ratios.find((each) => {
    const size = frameSize(each);
    return size.width === width && size.height === height;
  });
  return ratio ?? `${width}x${height}`;
}

/** Where the sources of an imported template lie; absolute. */
export interface ImportPlaces {
  /** The module that exports the project's root component. */
  readonly root: string;
  /** The template's folder. */
  readonly folder: string;
}

const relativeTo = (folder: string, file: string): string =>
  path.relative(folder, file).split(path.sep).join('/');

/** Writes a template for a composition: each prop that a column of a table can fill becomes a field of its name. */
export function importTemplate(
  composition: ProjectComposition,
  id: string,
  { root, folder }: ImportPlaces,
): ImportedTemplate {
  const props = Object.entries(composition.defaultProps);
  const fields = props.flatMap(([name, value]) => fieldOf(composition.schema, name, value) ?? []);
  const named = new Set(fields.map(({ name }) => name));
  const variable = variableOf(id);
  const project = relativeTo(folder, root);
  const kit = ['defineScene', 'defineTemplate', ...new Set(fields.flatMap(({ kinds }) => kinds))];
  if (fields.some(({ kinds }) => kinds.includes('imageUrl'))) kit.push('imageInput');
  const entries = (part: 'declaration' | 'input', indent: string): string =>
    fields.map((field) => `${indent}${keyOf(field.name)}: ${field[part]},\n`).join('');
  const contract = `import { z } from 'zod';
import { ${kit.toSorted().join(', ')} } from 'bespoke/template';

/**
 * The composition "${composition.id}" of
 * ${project}
 *
 * All fields are personal until you say otherwise: a clip is shared by viewers only if none of its inputs is.
 */
export const ${variable} = defineTemplate({
  id: ${quoted(id)},
  record: {
${entries('declaration', '    ')}  },
  formats: ['${formatOf(composition)}'],
  fps: ${composition.fps},
  scenes: {
    film: defineScene({
      inputs: z.object({
${entries('input', '        ')}      }),
      durationInFrames: ${composition.durationInFrames},
    }),
  },
});
`;
  const components = `import { composition } from 'bespoke/remotion';
import type { SceneComponents } from 'bespoke/template';
import type { ${variable} } from './template.ts';

// \`as string\`: the project is checked with its own compiler options.
const project: unknown = await import(${quoted(project)} as string);

export const components: SceneComponents<typeof ${variable}> = {
  film: await composition(project, ${quoted(composition.id)}),
};
`;
  return {
    ...{ id, contract, components },
    fields: fields.map(({ name }) => name),
    kept: props.flatMap(([name]) => (named.has(name) ? [] : [name])),
  };
}
