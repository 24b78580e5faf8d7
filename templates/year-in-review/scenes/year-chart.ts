import type { FrameLayout } from 'bespoke/kit';
import { monthName } from 'bespoke/template';
import { stripCount, type Rect } from '../look/strips.tsx';

/** Positions of the chart and the words over it, in pixels at scale 1. */
export interface YearLook {
  readonly chart: Rect;
  readonly total: { readonly x: number; readonly y: number; readonly width: number; readonly size: number };
  readonly highlight: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly size: number;
    /** Of the number over the best bar. */
    readonly valueSize: number;
  };
  /** Whether the highlight is below the total instead of beside it. */
  readonly stacked: boolean;
  readonly label: number;
  readonly monthSize: number;
}

const gapShare = 0.22;
const shortestBar = 8;

/** Layout of the year scene: words side by side over the chart, stacked in a tall frame. */
export function yearLook({ format, width, height, safe, inner }: FrameLayout): YearLook {
  const bottom = height - safe.bottom;
  const chartFrom = (y: number, axis: number): Rect => ({
    x: safe.left,
    y,
    width: inner.width,
    height: bottom - axis - y,
  });
  const half = safe.left + barMeasures({ x: 0, y: 0, width: inner.width, height: 0 }).pitch * 6;
  const halfWidth = width - safe.right - half;
  switch (format) {
    case '16:9':
      return {
        chart: chartFrom(490, 56),
        total: { x: safe.left, y: safe.top, width: half - safe.left - 60, size: 220 },
        highlight: { x: half, y: safe.top, width: halfWidth, size: 150, valueSize: 46 },
        stacked: false,
        label: 60,
        monthSize: 34,
      };
    case '9:16':
      return {
        chart: chartFrom(1020, 60),
        total: { x: safe.left, y: safe.top, width: inner.width, size: 270 },
        highlight: { x: safe.left, y: safe.top + 430, width: inner.width, size: 150, valueSize: 46 },
        stacked: true,
        label: 70,
        monthSize: 30,
      };
    case '1:1':
      return {
        chart: chartFrom(500, 52),
        total: { x: safe.left, y: safe.top, width: half - safe.left - 40, size: 170 },
        highlight: { x: half, y: safe.top, width: halfWidth, size: 104, valueSize: 40 },
        stacked: false,
        label: 48,
        monthSize: 28,
      };
    default:
      return format satisfies never;
  }
}

/** Width of a bar and the way from one to the next; the first and the last end flush with the chart. */
export function barMeasures({ width }: Rect): { readonly bar: number; readonly pitch: number } {
  const pitch = width / (stripCount - gapShare);
  return { bar: pitch * (1 - gapShare), pitch };
}

/** A month's bar; months of nothing keep a stub, so that the year still has twelve. */
export function barRect(chart: Rect, months: readonly number[], index: number): Rect {
  const highest = Math.max(...months, 0);
  const share = highest === 0 ? 0 : (months[index] ?? 0) / highest;
  const { bar, pitch } = barMeasures(chart);
  const height = Math.max(shortestBar, chart.height * share);
  return { x: chart.x + index * pitch, y: chart.y + chart.height - height, width: bar, height };
}

/** Letters of these scripts are about as wide as they are high. */
const wide = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const widthInEm = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 1 : 0.6), 0);

/** Twelve month names for slots of a width in em: short where all of them fit, else narrow. */
export function monthLabels(locale: string, slotInEm: number): readonly string[] {
  const names = (width: 'short' | 'narrow'): readonly string[] =>
    Array.from({ length: 12 }, (_, month) => monthName(month, locale, width));
  const short = names('short');
  return short.every((name) => widthInEm(name) <= slotInEm * 0.96) ? short : names('narrow');
}
