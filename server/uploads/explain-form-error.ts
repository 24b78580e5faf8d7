import { BespokeError } from '../../errors/bespoke-error.ts';
import { ArrivedTooMuch } from './watch-arrival.ts';

/** What the parser's refusals mean to a person. */
const refusals: Readonly<Record<string, string>> = {
  FST_PARTS_LIMIT: 'The form has too many parts.',
  FST_FIELDS_LIMIT: 'The form has too many fields.',
  FST_FILES_LIMIT: 'The form holds more than one file; send one at a time.',
  FST_PROTO_VIOLATION: 'A field of the form has a name that is not allowed.',
  FST_INVALID_JSON_FIELD_ERROR: 'A field of the form says that it holds JSON and does not.',
  FST_MP_PREMATURE_CLOSE: 'The connection ended before the form did.',
};

/** Says what went wrong with a form; what has nothing to do with the form is returned as it is. */
export function explainFormError(error: unknown, tooLarge: () => BespokeError): unknown {
  if (error instanceof BespokeError || !(error instanceof Error)) return error;
  if (error instanceof ArrivedTooMuch) return tooLarge();
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code in refusals) {
    return new BespokeError('request-invalid', refusals[code] ?? '', { cause: error });
  }
  // The parser's own failures are plain and bear no code: a missing boundary, a form that breaks off.
  if (code !== undefined || Object.getPrototypeOf(error) !== Error.prototype) return error;
  return new BespokeError('request-invalid', `The form cannot be read: ${error.message}.`, { cause: error });
}
