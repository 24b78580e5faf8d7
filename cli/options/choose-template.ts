import { findNearest } from '../../data/parse-values.ts';
import { errors } from '../../errors/messages.ts';
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
 * Checks a choice at once where the templates are known; a remote deployment checks it itself.
 *
 * @throws BespokeError `usage-invalid`, `template-unknown`, `config-invalid`.
 */
export async function checkChoice(
  { deployment, environment }: Setting,
  { template, format }: { readonly template?: string; readonly format?: Format },
): Promise<Choice> {
  if (parseRemote(environment) !== undefined) {
    if (template === undefined) throw errors.templateMissing({});
    return { template, ...(format !== undefined && { format }) };
  }
  const entry = chooseTemplate(await deployment.loadRegistry(), template);
  return { template: entry.template.id, format: chooseFormat(entry, format) };
}

/**
 * The chosen template.
 *
 * @throws BespokeError `usage-invalid` when none was named, `template-unknown` with the nearest name.
 */
export function chooseTemplate(registry: Registry, id: string | undefined): RegistryEntry {
  const known = registry.map(({ template }) => template.id);
  if (id === undefined) throw errors.templateMissing({ known });
  const found = findTemplate(registry, id);
  if (found !== undefined) return found;
  throw errors.templateUnknown({ id, nearest: findNearest(id, known), known });
}

/**
 * The chosen format, or the template's first.
 *
 * @throws BespokeError `usage-invalid` when the template does not support it.
 */
export function chooseFormat({ template }: RegistryEntry, format: Format | undefined): Format {
  if (format === undefined) return template.formats[0];
  if (template.formats.includes(format)) return format;
  throw errors.formatUnsupported({ template: template.id, format, formats: template.formats });
}
