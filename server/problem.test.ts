import { describe, expect, it } from 'vitest';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errorCatalogue, type ErrorCode } from '../errors/catalogue.ts';
import { InvalidRequest } from './invalid-request.ts';
import { describeFailure, statusByCode, toProblem } from './problem.ts';
import { problemSchema } from './schemas/problem.ts';

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe('toProblem', () => {
  it.each(codes)('tells %s as its schema says', (code) => {
    const problem = toProblem(new BespokeError(code, 'What happened.'), 'r1');
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem.status).toBe(statusByCode[code]);
  });

  it('keeps what is behind the door to itself', () => {
    const away = toProblem(new BespokeError('redis-away', 'redis://10.0.0.7:6379 does not answer.'), 'r1');
    expect(away).toMatchObject({ status: 503, code: 'service-unavailable', retryable: true });
    const broken = toProblem(new BespokeError('secret-mismatch', 'The secret a1b2 is another one.'), 'r1');
    const unknown = toProblem(new TypeError('x is not a function'), 'r1');
    expect(broken).toEqual(unknown);
    expect(JSON.stringify([away, broken, unknown])).not.toMatch(/10\.0\.0\.7|a1b2|not a function/);
  });

  it('blames the content, not the address, when a body names what there is not', () => {
    const fault = { pointer: '/template', message: 'There is none.' };
    expect(toProblem(new InvalidRequest('template-unknown', 'There is none.', [fault]), 'r1')).toMatchObject({
      status: 422,
      errors: [fault],
    });
    expect(toProblem(new BespokeError('template-unknown', 'There is none.'), 'r1').status).toBe(404);
  });

  it('passes on what a library says of the form of a request', () => {
    const error = Object.assign(new Error('Too many parts'), { code: 'FST_PARTS_LIMIT', statusCode: 400 });
    expect(toProblem(error, 'r1')).toMatchObject({
      status: 400,
      code: 'request-invalid',
      detail: 'Too many parts.',
    });
  });
});

describe('describeFailure', () => {
  it('keeps the kind and the place of a failure, and no quoted value', () => {
    const cause = Object.assign(new Error('duplicate key: Annabella'), { code: '23505' });
    const described = describeFailure(new Error('insert failed, params: Annabella', { cause }));
    expect(described).toMatchObject({ error: 'Error', cause: { code: '23505' } });
    expect(JSON.stringify(described)).not.toContain('Annabella');
    expect(JSON.stringify(described)).toContain('problem.test.ts');
  });
});
