import { describe, expect, it } from 'vitest';
import { openLog, type LogOptions } from './open-log.ts';

const now = () => new Date('2026-03-01T12:00:00.250Z');

function open(level: LogOptions['level'] = 'debug') {
  const lines: string[] = [];
  const log = openLog({ destination: { write: (line) => void lines.push(line) }, level, now });
  return { log, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
}

describe('openLog', () => {
  it('writes one line of JSON each, with level, time and fields', () => {
    const { log, read, lines } = open();
    log.info('clip rendered', { clip: 'a1b2', ms: 1200 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(read()[0]).toEqual({
      level: 'info',
      time: '2026-03-01T12:00:00.250Z',
      pid: process.pid,
      msg: 'clip rendered',
      clip: 'a1b2',
      ms: 1200,
    });
  });

  it('writes what is at its level or above', () => {
    const { log, read } = open('info');
    log.debug('queue connection');
    log.info('clip rendered');
    log.warn('job failed');
    log.server.error({ status: 500 }, 'request failed');
    expect(read().map(({ level }) => level)).toEqual(['info', 'warn', 'error']);
  });

  it('keeps ids and codes, and nothing that was quoted, however deep', () => {
    const { log, lines } = open();
    log.warn('job failed', { code: 'internal', detail: 'TypeError: no "Zoë" in \'Zoë\'\nparams: Zoë' });
    log.server.error(
      { requestId: 'r-1', cause: { reason: 'GET https://crm.example/zoe?id=Zoë by zoe@example.com' } },
      'request failed',
    );
    log.failure(new Error('insert of “Zoë” failed', { cause: new Error("near 'Zoë'") }));
    expect(lines.join('')).not.toMatch(/zo(ë|e)/i);
    expect(lines[0]).toContain('TypeError: no');
    expect(lines[1]).toContain('r-1');
    expect(lines[2]).toContain('open-log.test.ts');
  });

  it('does not let a text break out of its line or its field', () => {
    const { log, read, lines } = open();
    log.warn('job failed', { code: '","level":"fatal","x":"\n{"level":"fatal"}' });
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1);
    expect(read()[0]).toMatchObject({ level: 'warn' });
  });
});
