import { InvalidRequest } from '../invalid-request.ts';
import { refuseUnstorable } from '../validate.ts';

/**
 * Makes an object of a form's fields, so that a schema can check it.
 *
 * @param repeatable names that may be repeated; they become lists.
 * @throws InvalidRequest for another name that is repeated, because it is unclear which value counts; and for
 * text that the tables cannot store.
 */
export function gatherFields(
  fields: readonly (readonly [name: string, value: string])[],
  repeatable: readonly string[],
): Readonly<Record<string, string | readonly string[]>> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of fields) lists.set(name, [...(lists.get(name) ?? []), value]);
  const gathered = Array.from(lists, ([name, values]): readonly [string, string | readonly string[]] => {
    const [value = ''] = values;
    if (repeatable.includes(name)) return [name, values];
    if (values.length === 1) return [name, value];
    const message = `The field "${name}" is repeated.`;
    throw new InvalidRequest('request-invalid', message, [{ pointer: `/${name}`, message }]);
  });
  const form = Object.fromEntries(gathered);
  refuseUnstorable('body', form);
  return form;
}
