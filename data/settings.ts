import type { Field } from './record.ts';

/** A field whose value the order gives. */
export type Setting<F extends Field = Field> = F & { readonly setting: true };

/**
 * Makes a field a setting: the order gives its value, the same for all rows (a logo, a colour, words of a campaign), and
 * no column does. Where the order gives none, it has its fallback.
 *
 * @throws TypeError for a field about a person, and for one that an order would have to give.
 */
export function setting<F extends Field>(field: F): Setting<F> {
  if (field.personal) throw new TypeError(`The setting "${field.label}" cannot be personal.`);
  if (field.required && field.fallback === undefined) {
    throw new TypeError(`The setting "${field.label}" needs a fallback, or optional: true.`);
  }
  return { ...field, setting: true };
}
