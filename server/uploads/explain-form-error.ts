import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { ArrivedTooMuch } from './watch-arrival.ts';

/** Messages for the parser's error codes. */
const refusals: Readonly<Record<string, string>> = {
  FST_PARTS_LIMIT: 'The form has too many parts.',
  FST_FIELDS_LIMIT: 'The form has too many fields.',
  FST_FILES_LIMIT: 'The form has more than one file. Send one at a time.',
  FST_PROTO_VIOLATION: 'A field of the form has a name that is not allowed.',
  FST_INVALID_JSON_FIELD_ERROR: 'A form field is marked as JSON but is not valid JSON.',
  FST_MP_PREMATURE_CLOSE: 'The connection ended before the form did.',
};

/** Explains an error of a form. Other errors are returned as they are. */
export function explainFormError(error: unknown, tooLarge: () => BespokeError): unknown {
  if (error instanceof BespokeError || !(error instanceof Error)) return error;
  if (error instanceof ArrivedTooMuch) return tooLarge();
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code in refusals) {
    return errors.formInvalid({ why: refusals[code] ?? '' }, { cause: error });
  }
  // The parser's own errors are plain and have no code: a missing boundary, a form that ends too early.
  if (code !== undefined || Object.getPrototypeOf(error) !== Error.prototype) return error;
  return errors.formUnreadable({ why: error.message }, { cause: error });
}
