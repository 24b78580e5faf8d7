import { BespokeError } from '../../errors/bespoke-error.ts';
import { hasJsonForm } from './canonical-json.ts';

/** Code of a template that runs for each row: where it stands, and whether it is given what is personal. */
export interface TemplateCode {
  /** As a sentence begins: `Fact "tenure"`. */
  readonly subject: string;
  /** Then no value is repeated: neither what the code returned nor what its error says. */
  readonly personal: boolean;
}

/** More frames than a clip, a sound or a moment can have: four and a half hours at 60 frames a second. */
const mostFrames = 1_000_000;

/**
 * What a row fails with whose template does not work for it.
 *
 * @param what a clause behind the place, such as `lasts 12.5 frames`.
 * @param why what is right, and so what to do.
 */
export function templateFailed(subject: string, what: string, why: string, cause?: unknown): BespokeError {
  return new BespokeError('template-failed', `${subject} ${what} for this row. ${why}`, { cause });
}

/** A value as a message names it: by its kind alone where it may be personal. */
function describeValue(value: unknown, personal: boolean): string {
  if (value === undefined || value === null) return 'nothing';
  switch (typeof value) {
    case 'number':
      return personal && Number.isFinite(value) ? 'a wrong number of frames' : String(value);
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
    const kind = cause instanceof Error ? cause.name : describeValue(cause, true);
    // Engines quote in their errors what they were given.
    const says = cause instanceof Error && !personal ? `${cause.message.slice(0, 200)}. ` : '';
    throw templateFailed(subject, `throws ${kind}`, `${says}Correct the template.`, cause);
  }
  if (!isPromise(value)) return value;
  // Nobody waits for it: without a handler its failure would end the process.
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

/** Checks what a fact returned. `undefined` says that the row has no such value. @throws BespokeError `template-failed` */
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

/** What a template makes of one row. Where it does not work for it, only that row fails. */
export function tryTemplate<T>(run: () => T): { readonly ok: true; readonly value: T } | TemplateFailure {
  try {
    return { ok: true, value: run() };
  } catch (cause) {
    if (!(cause instanceof BespokeError && cause.code === 'template-failed')) throw cause;
    return { ok: false, code: cause.code, message: cause.message, cause };
  }
}
