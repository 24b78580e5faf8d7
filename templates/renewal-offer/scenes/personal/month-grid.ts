/** A day's place in its month: 0 is the first column, which is Monday, and the first row. */
export interface DayPlace {
  readonly day: number;
  readonly column: number;
  readonly row: number;
}

/** A day's place in a week that starts on Monday. @param iso `YYYY-MM-DD` */
const weekdayOf = (iso: string): number => (new Date(`${iso}T00:00:00Z`).getUTCDay() + 6) % 7;

/** Every day of the month that a date lies in. @param iso `YYYY-MM-DD` */
export function monthGrid(iso: string): { readonly days: readonly DayPlace[]; readonly today: DayPlace } {
  const [year = 0, month = 1, date = 1] = iso.split('-').map(Number);
  const offset = weekdayOf(`${iso.slice(0, 7)}-01`);
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const place = (day: number): DayPlace => ({
    day,
    column: (day - 1 + offset) % 7,
    row: Math.floor((day - 1 + offset) / 7),
  });
  return { days: Array.from({ length: count }, (_, index) => place(index + 1)), today: place(date) };
}
