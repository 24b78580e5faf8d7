/** The box for a text, in pixels, and its possible font sizes. */
export interface FitLimits {
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly minSize: number;
  readonly maxLines: number;
  /** As a multiple of the font size. */
  readonly lineHeight: number;
}

/** Font size, in pixels, and wrapping that keep a text in its box. */
export interface Fit {
  readonly fontSize: number;
  /** `line`: no line breaks; `words`: breaks between words; `anywhere`: also inside words if nothing else fits. */
  readonly wrap: 'line' | 'words' | 'anywhere';
}

/** Measures the text with a fit, in pixels. */
export type MeasureText = (fit: Fit) => { readonly width: number; readonly height: number };

const step = 0.5;
const smallest = 4;

/** A wrapped text may shrink to this part of its minimum size before words are broken. */
const unbrokenFloor = 0.5;

function fits(measure: MeasureText, limits: FitLimits, fit: Fit, maxLines: number): boolean {
  const { width, height } = measure(fit);
  const lines = Math.round(height / (fit.fontSize * limits.lineHeight));
  // Browsers return whole pixels: a box of 1689.6 measures 1690.
  return width <= Math.ceil(limits.width) && height <= Math.ceil(limits.height) && lines <= maxLines;
}

/** The largest size in the range at which the text fits, in steps of half a pixel. */
function largest(
  measure: MeasureText,
  limits: FitLimits,
  wrap: Fit['wrap'],
  from: number,
  to: number,
  maxLines: number,
): Fit | undefined {
  const at = (steps: number): Fit => ({ fontSize: from + steps * step, wrap });
  if (to < from || !fits(measure, limits, at(0), maxLines)) return undefined;
  let low = 0;
  let high = Math.floor((to - from) / step);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(measure, limits, at(middle), maxLines)) low = middle;
    else high = middle - 1;
  }
  return at(low);
}

/**
 * Fits a text into its box: on one line, down to the minimum size; then on several lines, as large as possible;
 * then below the minimum size; then with broken words; finally as small and with as many lines as needed. The
 * result always stays inside the box.
 */
export function fitText(measure: MeasureText, limits: FitLimits): Fit {
  const { size, minSize, maxLines } = limits;
  const full: Fit = { fontSize: size, wrap: 'line' };
  if (fits(measure, limits, full, 1)) return full;
  const floor = minSize * unbrokenFloor;
  return (
    largest(measure, limits, 'line', minSize, size, 1) ??
    (maxLines > 1 ? largest(measure, limits, 'words', minSize, size, maxLines) : undefined) ??
    largest(measure, limits, 'words', floor, minSize, maxLines) ??
    largest(measure, limits, 'anywhere', floor, size, maxLines) ??
    largest(measure, limits, 'anywhere', smallest, floor, Number.POSITIVE_INFINITY) ?? {
      fontSize: smallest,
      wrap: 'anywhere',
    }
  );
}
