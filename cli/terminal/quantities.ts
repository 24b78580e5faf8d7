const grouped = new Intl.NumberFormat('en-US');

/** `1 row`, `1,204 rows`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped.format(count)} ${count === 1 ? one : many}`;
}

export const formatCount = (count: number): string => grouped.format(count);

/** A duration in a suitable precision: `0.4 s`, `48 s`, `2 min 10 s`, `3 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** Time that is only estimated: rounded so that it neither flickers nor pretends to be exact. */
export function formatEstimate(seconds: number): string {
  if (seconds < 5) return 'a few seconds';
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 600) return formatDuration(Math.ceil(seconds / 10) * 10).replace(' 00 s', '');
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return formatDuration(Math.ceil(seconds / 300) * 300);
}

/** Decimal units, as file managers show them: `812 B`, `4.2 MB`, `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
