import { describe, expect, it } from 'vitest';
import { monthGrid } from './personal.tsx';

describe('monthGrid', () => {
  it('puts a date in its week, Monday first', () => {
    expect(monthGrid('2026-03-14').today).toEqual({ day: 14, column: 5, row: 2 });
    expect(monthGrid('2026-06-01').today).toEqual({ day: 1, column: 0, row: 0 });
  });

  it('holds every day of the month, leap days too', () => {
    expect(monthGrid('2026-02-10').days).toHaveLength(28);
    expect(monthGrid('2028-02-10').days).toHaveLength(29);
    expect(monthGrid('2026-12-31').days).toHaveLength(31);
  });

  it('needs six rows at most', () => {
    expect(monthGrid('2026-08-31').today.row).toBe(5);
  });
});
