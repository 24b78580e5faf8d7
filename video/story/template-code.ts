import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { hasJsonForm } from './canonical-json.ts';

/** Code of a template that runs for each row: its name in messages, and whether it receives personal data. */
export interface TemplateCode {
  /** Subject of the message's sentence: `Fact "tenure"`. */
  readonly subject: string;
  /** If true, messages repeat neither what the code returned nor its error's text. */
  readonly personal: boolean;
}

/** Most frames of a clip, sound or moment: four and a half hours at 60 frames per second. */
export const mostFrames = 1_000_000;

/**
 * The error of a row for which the template does not work.
 *
 * @param what a predicate for the subject, such as `lasts 12.5 frames`.
 * @param why the reason and what to do.
 */
export function templateFailed(subject: string, what: string, why: string, cause?: unknown): BespokeError {
  return errors.templateFailed({ subject, what, why }, { cause });
}

/** A value for a message: only its kind if it may be personal. */
export function describeValue(
  value: unknown,
  personal: boolean,
  wrongNumber = 'a wrong number of frames',
): string {
  if (value === undefined || value === null) return 'nothing';
  switch (typeof value) {
    case 'number':
      return personal && Number.isFinite(value) ? wrongNumber : String(value);
    case 'string':
      return personal ? 'a text' : `the text ${JSON.stringify(value.slice(0, 40))}`;
    case 'object':
      return Array.isArray(value) ? 'a list that JSON cannot carry' : 'an object that JSON cannot carry';
    default:
      return `a ${typeof value}`;
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

function codeThrew({ subject, personal }: TemplateCode, cause: unknown): BespokeError {
  const kind = cause instanceof Error ? cause.name : describeValue(cause, true);
  // Errors of JavaScript engines quote values.
  const says = cause instanceof Error && !personal ? `${cause.message.slice(0, 200)}. ` : '';
  return templateFailed(subject, `throws ${kind}`, `${says}Correct the template.`, cause);
}

/**
 * Runs code of a template that must return at once.
 *
 * @throws BespokeError `template-failed` when it throws or returns a promise.
 */
export function runTemplateCode<T>({ subject, personal }: TemplateCode, run: () => T): T {
  let value: T;
  try {
    value = run();
  } catch (cause) {
    if (cause instanceof BespokeError && cause.code === 'template-failed') throw cause;
    throw codeThrew({ subject, personal }, cause);
  }
  if (!isPromise(value)) return value;
  // Nothing awaits the promise: without a handler a rejection would end the process.
  Promise.resolve(value).catch(() => undefined);
  throw templateFailed(subject, 'returns a promise', 'Let it return its value at once.');
}

/** Checks a count of frames that a template gives. @throws BespokeError `template-failed` */
export function checkFrames(
  { subject, personal }: TemplateCode,
  verb: string,
  frames: unknown,
  least: number,
): number {
  if (typeof frames === 'number' && Number.isInteger(frames) && frames >= least && frames <= mostFrames) {
    return frames;
  }
  throw templateFailed(
    subject,
    `${verb} ${describeValue(frames, personal)}`,
    `It must be a whole number of frames from ${least} to ${mostFrames}: correct the template.`,
  );
}

/** Checks what a fact returned. `undefined` means that the row has no value. @throws BespokeError `template-failed` */
export function checkFact(code: TemplateCode, value: unknown): void {
  if (value === undefined || runTemplateCode(code, () => hasJsonForm(value))) return;
  const why =
    'It must be a text, a finite number, true, false, or a list or object of these: correct the fact.';
  throw templateFailed(code.subject, `returns ${describeValue(value, code.personal)}`, why);
}

/** Why a template does not work for a row. */
export interface TemplateFailure {
  readonly ok: false;
  readonly code: 'template-failed';
  readonly message: string;
  readonly cause: BespokeError;
}

/**
 * Runs template code for one row. If it fails, only that row fails, whatever it throws; errors about the request are
 * thrown on.
 */
export function tryTemplate<T>(run: () => T): { readonly ok: true; readonly value: T } | TemplateFailure {
  try {
    return { ok: true, value: run() };
  } catch (cause) {
    if (cause instanceof BespokeError && cause.code !== 'template-failed') throw cause;
    const failure =
      cause instanceof BespokeError ? cause : codeThrew({ subject: 'The template', personal: true }, cause);
    return { ok: false, code: 'template-failed', message: failure.message, cause: failure };
  }
}
