import type { FrameLayout } from '../../../../video/kit/layout/use-format.ts';
import { stripCount, type Rect } from '../../look/strips.tsx';

/** Where the chart and the words over it stand, in pixels at scale 1. */
export interface YearLook {
  readonly chart: Rect;
  readonly total: { readonly x: number; readonly y: number; readonly width: number; readonly size: number };
  readonly highlight: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly size: number;
  };
  readonly caption: number;
  readonly monthSize: number;
}

const gapShare = 0.22;
const shortestBar = 8;

/** Layout of the year scene: words side by side over the chart, stacked in a tall frame. */
export function yearLook({ format, width, height, safe, inner }: FrameLayout): YearLook {
  const bottom = height - safe.bottom;
  switch (format) {
    case '16:9':
      return {
        chart: { x: safe.left, y: 470, width: inner.width, height: bottom - 56 - 470 },
        total: { x: safe.left, y: safe.top, width: inner.width * 0.56, size: 236 },
        highlight: {
          x: width - safe.right - inner.width * 0.4,
          y: safe.top,
          width: inner.width * 0.4,
          size: 120,
        },
        caption: 44,
        monthSize: 34,
      };
    case '9:16':
      return {
        chart: { x: safe.left, y: 960, width: inner.width, height: bottom - 60 - 960 },
        total: { x: safe.left, y: safe.top + 20, width: inner.width, size: 260 },
        highlight: { x: safe.left, y: safe.top + 430, width: inner.width, size: 120 },
        caption: 46,
        monthSize: 30,
      };
    case '1:1':
      return {
        chart: { x: safe.left, y: 520, width: inner.width, height: bottom - 52 - 520 },
        total: { x: safe.left, y: safe.top, width: inner.width * 0.52, size: 170 },
        highlight: {
          x: width - safe.right - inner.width * 0.42,
          y: safe.top,
          width: inner.width * 0.42,
          size: 88,
        },
        caption: 36,
        monthSize: 28,
      };
    default:
      return format satisfies never;
  }
}

/** A month's slot of the chart, as wide as its share of the chart, without the bar's gap. */
export const slotX = ({ x, width }: Rect, index: number): number => x + (index * width) / stripCount;

/** A month's bar; months of nothing keep a stub, so that the year still has twelve. */
export function barRect(chart: Rect, months: readonly number[], index: number): Rect {
  const highest = Math.max(...months, 0);
  const share = highest === 0 ? 0 : (months[index] ?? 0) / highest;
  const slot = chart.width / stripCount;
  const height = Math.max(shortestBar, chart.height * share);
  return {
    x: slotX(chart, index) + (slot * gapShare) / 2,
    y: chart.y + chart.height - height,
    width: slot * (1 - gapShare),
    height,
  };
}
