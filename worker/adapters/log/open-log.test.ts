import { describe, expect, it } from 'vitest';
import { describeFailure, type LogOptions, openLog } from './open-log.ts';

describe('describeFailure', () => {
  it('keeps kind and place and leaves out what was quoted', () => {
    const error = new SyntaxError('Unexpected token in JSON: "Zoë O’Neill" at position 4');
    const text = describeFailure(error);
    expect(text).toContain('SyntaxError: Unexpected token in JSON');
    expect(text).toContain('open-log.test.ts');
    expect(text).not.toContain('Zoë');
  });

  it('leaves out further lines, addresses and URLs, also of causes', () => {
    const cause = new Error('fetch of https://crm.example/p/zoe.jpg for zoe@example.com failed');
    const text = describeFailure(new Error('Failed query: select 1\nparams: Zoë', { cause }));
    expect(text).toContain('caused by Error: fetch of <url> for <address> failed');
    expect(text).not.toMatch(/zoe|Zoë/);
  });
});

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
