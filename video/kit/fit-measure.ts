/** The box that a text must stay in, in pixels, and the sizes that it may take. */
export interface FitLimits {
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly minSize: number;
  readonly maxLines: number;
  /** As a multiple of the font size. */
  readonly lineHeight: number;
}

/** How a text is set so that it stays in its box. Sizes in pixels. */
export interface Fit {
  readonly fontSize: number;
  /** `line`: never broken; `words`: between words; `anywhere`: inside words where nothing else helps. */
  readonly wrap: 'line' | 'words' | 'anywhere';
}

/** Size in pixels of the text as it stands with a fit. */
export type MeasureText = (fit: Fit) => { readonly width: number; readonly height: number };

const step = 0.5;
const smallest = 4;

/** Below its minimum a wrapped text may still shrink this far before words are broken. */
const unbrokenFloor = 0.5;

function fits(measure: MeasureText, limits: FitLimits, fit: Fit, maxLines: number): boolean {
  const { width, height } = measure(fit);
  const lines = Math.round(height / (fit.fontSize * limits.lineHeight));
  // Browsers answer in whole pixels: a box of 1689.6 measures 1690.
  return width <= Math.ceil(limits.width) && height <= Math.ceil(limits.height) && lines <= maxLines;
}

/** The largest size of the range at which the text fits, in half pixels. */
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
 * Finds how a text fits its box: on one line, down to the minimum size; then on several lines, as
 * large as they allow; then smaller than the minimum before words are broken; then broken words; at
 * last as small and with as many lines as it takes. Always answers with something that stays inside.
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
