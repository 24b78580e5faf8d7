import { checkRecord } from '../../data/check-record.ts';
import { type AnyRecord, type Fields, settingFields } from '../../data/record.ts';
import { errors } from '../../errors/messages.ts';
import { withCoarser } from './coarser.ts';
import type { RegistryEntry } from './registry.ts';
import type { Template } from './template.ts';

/** What an order changes in a template. */
export interface TemplateOrder {
  /** Fields that are shown coarser; see `Template.coarser`. */
  readonly coarser?: readonly string[] | undefined;
  /** Values of settings by name, as the client wrote them. */
  readonly settings?: AnyRecord | undefined;
}

/** Settings as a row would have them, so that they are checked as values of rows are. */
const asRow = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, { setting: _, ...field }]) => [name, field]));

/**
 * A template whose settings have the values of an order.
 *
 * @throws BespokeError `settings-invalid` for a name that is no setting, and for a value that its field refuses.
 */
function withSettings(template: Template, settings: AnyRecord): Template {
  const offered = asRow(settingFields(template.record));
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(offered, name));
  if (unknown !== undefined) {
    throw errors.settingUnknown({ template: template.id, name: unknown, offered: Object.keys(offered) });
  }
  const given = Object.fromEntries(Object.entries(offered).filter(([name]) => Object.hasOwn(settings, name)));
  const check = checkRecord(given, settings, { strictNames: true });
  if (!check.ok) {
    const why = check.issues.map(({ message }) => message.replace(/^Column /, 'Setting ')).join(' ');
    throw errors.settingInvalid({ why });
  }
  const record = Object.entries(template.record).map(([name, field]) => [
    name,
    Object.hasOwn(given, name) ? { ...field, fallback: check.record[name] } : field,
  ]);
  return { ...template, record: Object.fromEntries(record) as Fields };
}

/**
 * A template as an order wants it. Its scenes, nodes and names are the same.
 *
 * @throws BespokeError `coarser-unknown`, `settings-invalid`.
 */
export function orderedTemplate(template: Template, { coarser, settings }: TemplateOrder): Template {
  const made = withCoarser(template, coarser);
  return settings === undefined || Object.keys(settings).length === 0 ? made : withSettings(made, settings);
}

/** The same of a template's entry. */
export function orderedEntry(entry: RegistryEntry, order: TemplateOrder): RegistryEntry {
  const template = orderedTemplate(entry.template, order);
  return template === entry.template ? entry : { ...entry, template };
}
