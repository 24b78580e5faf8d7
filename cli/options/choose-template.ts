import { findNearest } from '../../data/parse-values.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Format } from '../../video/story/format.ts';
import { findTemplate, type Registry, type RegistryEntry } from '../../video/story/registry.ts';

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
