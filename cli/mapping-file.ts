import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type SavedMapping, savedMappingSchema } from '../data/csv/saved-mapping.ts';
import { errors } from '../errors/messages.ts';

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw errors.mappingUnreadable({ file }, { cause: error });
  }
}

/**
 * Reads a mapping that `bespoke map` wrote or a person did: YAML, or JSON, which is YAML too.
 *
 * @throws BespokeError `usage-invalid`.
 */
export function readMapping(file: string): SavedMapping {
  const text = readText(file);
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw errors.mappingInvalid({ file, why }, { cause: error });
  }
  const checked = savedMappingSchema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const at = issue?.path.join('.') ?? '';
  throw errors.mappingInvalid({ file, why: `${at === '' ? '' : `${at}: `}${issue?.message ?? ''}` });
}
