import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../../errors/catalogue.ts';
import { errors } from '../../errors/messages.ts';
import { hintByCode, problemType, statusByCode } from '../problem.ts';

/** Codes that clients can receive; all other failures have one of two codes. */
const codes = Object.entries(statusByCode)
  .filter(([code, status]) => status < 500 || code === 'internal' || code === 'service-unavailable')
  .map(([code]) => code);

/** A failure in the form of RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().meta({
      description: 'Names the kind of failure. The last part is `code`.',
      examples: ['urn:bespoke:error:record-invalid'],
    }),
    title: z
      .string()
      .meta({ description: 'The kind of failure in a few words.', examples: ['The record is invalid'] }),
    status: z.int().meta({ description: 'The HTTP status.', examples: [422] }),
    detail: z.string().meta({
      description: 'What happened this time and why.',
      examples: ['2 fields of the record are invalid.'],
    }),
    code: z.enum(codes).meta({
      description: 'Permanent. Make decisions by this code. docs/errors.md lists them all.',
      examples: ['record-invalid'],
    }),
    hint: z.string().meta({
      description: 'What to do about it.',
      examples: ['Correct the named fields; GET /v1/templates/{id} describes them.'],
    }),
    retryable: z.boolean().meta({
      description: 'Whether the same request can succeed later.',
      examples: [false],
    }),
    requestId: z.string().meta({
      description: 'Also in the header `X-Request-Id` and in the log of the server.',
      examples: ['8e1c0ff0-5a5c-4a0e-9d3f-5a1f2f6f1b7d'],
    }),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({
            description: 'JSON pointer into the body, or the name of a parameter or header.',
            examples: ['/record/firstName'],
          }),
          message: z.string().meta({
            description: 'What is wrong there.',
            examples: ['Field "firstName" is empty; write a value such as Anna.'],
          }),
        }),
      )
      .optional()
      .meta({ description: 'Every part of the request that is wrong, where that is known.' }),
  })
  .meta({ id: 'Problem', description: 'Why a request failed (RFC 9457).' });

/** A failure of a route: a code, or a code for something that the body names (422, not 404). */
type Expected = ErrorCode | { readonly unusable: ErrorCode };

interface ProblemAnswer {
  readonly description: string;
  readonly content: Record<
    string,
    { readonly schema: typeof problemSchema; readonly example: z.infer<typeof problemSchema> }
  >;
}

function exampleOf(code: ErrorCode, status: number): z.infer<typeof problemSchema> {
  const { title, retryable, hint } = errorCatalogue[code];
  return {
    type: `urn:bespoke:error:${code}`,
    title,
    status,
    detail: exampleDetails[code] ?? `${title}.`,
    code,
    hint: hintByCode[code] ?? hint,
    retryable,
    requestId: '8e1c0ff0-5a5c-4a0e-9d3f-5a1f2f6f1b7d',
    ...exampleFaults[code],
  };
}

const exampleDetails: Partial<Readonly<Record<ErrorCode, string>>> = {
  'request-invalid': 'The body does not match the schema of this route.',
  'key-missing': errors.keyInvalid().message,
  'key-forbidden': errors.keyForbidden({ required: ['render'], id: '4f0c1a9be27d', has: ['read'] }).message,
  'render-unknown': errors.renderUnknown().message,
  'campaign-unknown': errors.campaignUnknown().message,
  'template-unknown': 'No template is called "renewal". Did you mean "renewal-offer"?',
  'idempotency-conflict': errors.idempotencyConflict().message,
  'record-invalid': errors.recordInvalid({ fields: 1 }).message,
  'rate-limited': errors.keyOverused({ most: 600, seconds: 21 }).message,
  'service-unavailable': 'A part of this service is unavailable.',
};

const exampleFaults: Partial<Readonly<Record<ErrorCode, Pick<z.infer<typeof problemSchema>, 'errors'>>>> = {
  'request-invalid': {
    errors: [{ pointer: '/quality', message: 'Must be one of "draft", "standard", "high".' }],
  },
  'record-invalid': {
    errors: [
      { pointer: '/record/firstName', message: 'Field "firstName" is empty; write a value such as Anna.' },
    ],
  },
};

/** The failures of a route, for its documentation. */
export function problems(...expected: readonly Expected[]): Record<number, ProblemAnswer> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const each of expected) {
    const [code, status] =
      typeof each === 'string' ? ([each, statusByCode[each]] as const) : ([each.unusable, 422] as const);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    Array.from(byStatus, ([status, sharing]) => [
      status,
      {
        description: sharing.map((code) => `${errorCatalogue[code].title} (\`${code}\`).`).join(' '),
        content: {
          [problemType]: { schema: problemSchema, example: exampleOf(sharing[0] ?? 'internal', status) },
        },
      },
    ]),
  );
}
