import { describe, expect, it } from 'vitest';
import { BespokeError } from '../errors/bespoke-error.ts';
import { toErrorReport } from './report-error.ts';

describe('toErrorReport', () => {
  it('says what an error of ours says, with what to do', () => {
    const report = toErrorReport(new BespokeError('redis-away', 'Redis at a:1 did not answer.'));
    expect(report).toMatchObject({
      code: 'redis-away',
      message: 'Redis at a:1 did not answer.',
      retryable: true,
    });
    expect(report.hint).toContain('Start Redis');
  });

  it('names a full disk wherever it was met', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(toErrorReport(error).code).toBe('disk-full');
  });

  it('shows nothing of an error without a name', () => {
    const report = toErrorReport(new TypeError('Cannot read Zoë of undefined'), '/w/logs/a.log');
    expect(report.code).toBe('internal');
    expect(JSON.stringify(report)).not.toContain('Zoë');
    expect(report.log).toBe('/w/logs/a.log');
  });
});
