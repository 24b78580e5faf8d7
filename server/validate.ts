import type { FastifySchemaCompiler } from 'fastify';
import { type z } from 'zod';
import { InvalidRequest, type RequestFault } from './invalid-request.ts';

type RequestPart = 'body' | 'params' | 'querystring' | 'headers';

/** A part of a request that its schema refuses. */
export class InvalidInput extends InvalidRequest {
  readonly part: RequestPart;

  constructor(part: RequestPart, faults: readonly RequestFault[]) {
    super('request-invalid', describeFaults(part, faults), faults);
    this.part = part;
  }
}

const sentenceByPart = {
  body: 'The body does not match the schema of this route.',
  params: 'A path parameter is invalid.',
  querystring: 'A query parameter is invalid.',
  headers: 'A header is invalid.',
} as const satisfies Readonly<Record<RequestPart, string>>;

/** A single fault is part of the message; several are in the list. */
function describeFaults(part: RequestPart, [first, ...others]: readonly RequestFault[]): string {
  if (first === undefined || others.length > 0 || part === 'params') return sentenceByPart[part];
  return `${sentenceByPart[part]} ${first.pointer === '' ? '' : `${first.pointer}: `}${first.message}`;
}

const escapeToken = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');

function pointerTo(part: RequestPart, path: readonly PropertyKey[]): string {
  const tokens = path.map((each) => escapeToken(String(each)));
  return part === 'body' ? tokens.map((each) => `/${each}`).join('') : tokens.join('.');
}

/** The faults of an issue, as a flat list. For a union these are the faults of the closest alternative. */
function listFaults(part: RequestPart, issue: z.core.$ZodIssue): readonly RequestFault[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer: pointerTo(part, [...issue.path, key]),
        message: 'There is no such field. /docs lists the fields.',
      }));
    case 'invalid_union': {
      const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
      if (closest.length === 0) break;
      return closest.flatMap((each) => listFaults(part, { ...each, path: [...issue.path, ...each.path] }));
    }
    default:
  }
  return [{ pointer: pointerTo(part, issue.path), message: wordIssue(issue) }];
}

const listed = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value))).join(', ');

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a JSON object',
  record: 'a JSON object',
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function wordIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = typeNames[issue.expected] ?? issue.expected;
      const missing = issue.input === undefined || issue.input === null;
      return missing ? `Is missing; must be ${expected}.` : `Must be ${expected}.`;
    }
    case 'invalid_value':
      return `Must be one of ${listed(issue.values)}.`;
    case 'too_big':
      return `Must be at most ${issue.maximum}${units[issue.origin] ?? ''}.`;
    case 'too_small':
      return `Must be at least ${issue.minimum}${units[issue.origin] ?? ''}.`;
    default:
      return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`;
  }
}

/** What PostgreSQL's `text` and `jsonb` refuse: NUL and unpaired surrogates. */
const unstorable = /[\0\p{Cs}]/u;

function findUnstorable(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return unstorable.test(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const found = unstorable.test(name) ? path : findUnstorable(each, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Refuses text that PostgreSQL cannot store, in any part of a request but its body.
 *
 * @throws InvalidInput
 */
export function refuseUnstorable(part: RequestPart, value: unknown): void {
  const path = findUnstorable(value, []);
  if (path === undefined) return;
  const message = 'Contains U+0000 or an unpaired surrogate.';
  throw new InvalidInput(part, [{ pointer: pointerTo(part, path), message }]);
}

const longestList = 50;

const isPart = (part: string | undefined): part is RequestPart =>
  part !== undefined && Object.hasOwn(sentenceByPart, part);

/**
 * Checks a part of a request.
 *
 * @throws InvalidInput with every fault, worded for the client.
 */
export function parsePart<T>(part: RequestPart, schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) {
    // Bodies were checked when they were read.
    if (part !== 'body') refuseUnstorable(part, result.data);
    return result.data;
  }
  const faults = result.error.issues.slice(0, longestList).flatMap((issue) => listFaults(part, issue));
  throw new InvalidInput(part, faults.slice(0, longestList));
}

/** Lets zod check every part of a request. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (input: unknown) => {
    try {
      return { value: parsePart(isPart(httpPart) ? httpPart : 'body', schema, input) };
    } catch (error) {
      if (error instanceof InvalidInput) return { error };
      throw error;
    }
  };
