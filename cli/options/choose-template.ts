import { findNearest } from '../../data/parse-values.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Format } from '../../video/story/format.ts';
import { findTemplate, type Registry, type RegistryEntry } from '../../video/story/registry.ts';
import { parseRemote } from '../remote.ts';
import type { Setting } from '../setting.ts';

/** A template and a format as the user named them. */
export interface Choice {
  readonly template: string;
  /** Unset: the template's first. */
  readonly format?: Format;
}

/**
 * Checks a choice at once where the templates are at hand; a deployment elsewhere checks it itself.
 *
 * @throws BespokeError `usage-invalid`, `template-unknown`, `config-invalid`.
 */
export async function checkChoice(
  { deployment, environment }: Setting,
  { template, format }: { readonly template?: string; readonly format?: Format },
): Promise<Choice> {
  if (parseRemote(environment) !== undefined) {
    if (template === undefined) throw new BespokeError('usage-invalid', '--template is missing.');
    return { template, ...(format !== undefined && { format }) };
  }
  const entry = chooseTemplate(await deployment.loadRegistry(), template);
  return { template: entry.template.id, format: chooseFormat(entry, format) };
}

/**
 * The template that was asked for.
 *
 * @throws BespokeError `usage-invalid` when none was named, `template-unknown` with the nearest name.
 */
export function chooseTemplate(registry: Registry, id: string | undefined): RegistryEntry {
  const known = registry.map(({ template }) => template.id);
  if (id === undefined) {
    throw new BespokeError('usage-invalid', `--template is missing; it takes one of ${known.join(', ')}.`);
  }
  const found = findTemplate(registry, id);
  if (found !== undefined) return found;
  const nearest = findNearest(id, known);
  const guess =
    nearest === undefined ? `The templates are ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  throw new BespokeError('template-unknown', `No template is called "${id}". ${guess}`);
}

/**
 * The format that was asked for, or the template's first.
 *
 * @throws BespokeError `usage-invalid` when the template does not come in it.
 */
export function chooseFormat({ template }: RegistryEntry, format: Format | undefined): Format {
  if (format === undefined) return template.formats[0];
  if (template.formats.includes(format)) return format;
  throw new BespokeError(
    'usage-invalid',
    `${template.id} does not come in ${format}; it comes in ${template.formats.join(', ')}.`,
  );
}
