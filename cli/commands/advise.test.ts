import { describe, expect, it } from 'vitest';
import { parseMoment } from '../options.ts';
import { batchCommand } from './advise.ts';

describe('the command that applies advice', () => {
  it('keeps what was typed, but for what only advice takes', () => {
    const typed = [
      ...['advise', 'my customers.csv', '-t', 'renewal-offer', '--by', '2026-12-04 09:00', '--budget=50'],
      ...[
        '--hour-price',
        '0.40 EUR',
        '--html',
        'a.html',
        '--map',
        'Given name=firstName',
        '--apply',
        '--json',
      ],
      ...['--coarser', 'city', '--limit', '10', '--no-pictures'],
    ];
    expect(batchCommand(typed, ['city', 'renewalDate'])).toBe(
      "bespoke batch 'my customers.csv' -t renewal-offer --map 'Given name=firstName' --limit 10 --coarser city --coarser renewalDate",
    );
  });

  it('keeps how the order is divided and judged', () => {
    const flags = '--holdout 10% --variants a,b --days 14 --base-rate 3% --link-key spring';
    expect(batchCommand(['advise', 'a.csv', ...flags.split(' ')], [])).toBe(`bespoke batch a.csv ${flags}`);
  });

  it('quotes what a shell would read', () => {
    expect(batchCommand(['advise', "it's; rm -rf $HOME.csv"], [])).toBe(
      String.raw`bespoke batch 'it'\''s; rm -rf $HOME.csv'`,
    );
  });
});

describe('--by', () => {
  it('takes a day, a time, and a time with its zone', () => {
    expect(parseMoment('2026-12-04T09:00:00+01:00')).toBe('2026-12-04T09:00:00+01:00');
    expect(parseMoment('2026-12-04 9:00Z')).toBe('2026-12-04T09:00:00Z');
    expect(new Date(parseMoment('2026-12-04 09:00'))).toEqual(new Date('2026-12-04T09:00'));
    expect(new Date(parseMoment('2026-12-04'))).toEqual(new Date('2026-12-04T23:59'));
  });

  it.each(['friday', '2026-02-30', '2026-12-04 25:00', ''])('refuses %j', (value) => {
    expect(() => parseMoment(value)).toThrow('--by takes a time such as "2026-12-04 09:00"');
  });
});
