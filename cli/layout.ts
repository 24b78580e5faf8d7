import path from 'node:path';
import Table from 'cli-table3';
import type { Paint } from './terminal.ts';

const labelWidth = 11;

/** `  Input      customers.csv`, further lines under the first one's text. */
export function labelled(label: string, lines: readonly string[], paint: Paint): string {
  return lines
    .map((line, index) => {
      const name = (index === 0 ? label : '').padEnd(labelWidth);
      return `  ${paint.dim(name)}${line}`.trimEnd();
    })
    .join('\n');
}

/** Joins items with commas into lines that fit beside a label; an item is never cut. */
export function flow(items: readonly string[], columns: number): readonly string[] {
  const width = Math.max(30, Math.min(columns, 110) - labelWidth - 3);
  const lines: string[] = [];
  let line = '';
  items.forEach((item, index) => {
    const piece = index < items.length - 1 ? `${item},` : item;
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? piece : `${line} ${piece}`;
  });
  return line === '' ? lines : [...lines, line];
}

const grouped = new Intl.NumberFormat('en-US');

/** `1 row`, `1,204 rows`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped.format(count)} ${count === 1 ? one : many}`;
}

export const formatCount = (count: number): string => grouped.format(count);

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A share, as `3 %` or `49.9 %`. */
export const formatPercent = (share: number): string => `${significant.format(100 * share)} %`;

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

/** A column by its heading; text is aligned left by default, numbers right. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '   ',
};

/** A table without borders, indented by two, under a dim line of titles; no line ends in spaces. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const table = new Table({
    chars: borderless,
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(
    columns.map(({ title }) => paint.dim(title)),
    ...rows.map((row) => [...row]),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}

/** A path relative to the current folder, as the user would type it. */
export function typedPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' ? '.' : relative.startsWith('..') ? file : relative;
}

/** A word as a POSIX shell takes it. */
export const typedWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
