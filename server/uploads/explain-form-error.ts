import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { ArrivedTooMuch } from './watch-arrival.ts';

/** Errors for the parser's codes. */
const refusals = new Map([
  ['FST_PARTS_LIMIT', errors.formPartsTooMany],
  ['FST_FIELDS_LIMIT', errors.formFieldsTooMany],
  ['FST_FILES_LIMIT', errors.formFilesTooMany],
  ['FST_PROTO_VIOLATION', errors.formFieldForbidden],
  ['FST_INVALID_JSON_FIELD_ERROR', errors.formFieldNotJson],
  ['FST_MP_PREMATURE_CLOSE', errors.formIncomplete],
]);

/** Explains an error of a form. Other errors are returned as they are. */
export function explainFormError(error: unknown, tooLarge: () => BespokeError): unknown {
  if (error instanceof BespokeError || !(error instanceof Error)) return error;
  if (error instanceof ArrivedTooMuch) return tooLarge();
  const code = 'code' in error ? error.code : undefined;
  const refusal = typeof code === 'string' ? refusals.get(code) : undefined;
  if (refusal !== undefined) return refusal(undefined, { cause: error });
  // The parser's own errors are plain and have no code: a missing boundary, a form that ends too early.
  if (code !== undefined || Object.getPrototypeOf(error) !== Error.prototype) return error;
  return errors.formUnreadable({ why: error.message }, { cause: error });
}
