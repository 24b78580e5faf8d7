import { expect, it } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { traceOf } from './trace-of.ts';

it('tells where an error arose and what caused it, and quotes nothing', () => {
  const cause = Object.assign(new RangeError('params: Anna\n    at Anna (Anna)'), { code: '22P02' });
  const error = new BespokeError('scene-failed', 'Anna cannot be drawn.', { cause });
  const trace = traceOf(error);
  expect(trace).toMatch(/^\w+ scene-failed, caused by RangeError 22P02\n +at .*trace-of\.test\.ts/);
  expect(trace).not.toContain('Anna');
});

it('has a word for what is no error, and ends where causes go round', () => {
  expect(traceOf('Anna')).toBe('a thrown string');
  const error = new Error('Anna');
  error.cause = error;
  expect(traceOf(error)).not.toContain('Anna');
});
