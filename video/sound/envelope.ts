/** Rises over `attack`, holds until `hold`, then falls exponentially with the time constant `decay` (seconds). */
export function pluckLevel(seconds: number, attack: number, decay: number, hold = 0): number {
  if (seconds < attack) return smooth(seconds / attack);
  return seconds < attack + hold ? 1 : Math.exp(-(seconds - attack - hold) / decay);
}

/** Swells over `attack`, stays, and fades over `release` after `length` (seconds); zero at both ends. */
export function padLevel(seconds: number, length: number, attack: number, release: number): number {
  if (seconds >= length + release) return 0;
  const rise = smooth(Math.min(1, seconds / attack));
  const fall = seconds < length ? 1 : smooth(1 - (seconds - length) / release);
  return rise * fall;
}

/** Half a cosine from 0 to 1: no corner at either end, so no click. */
export function smooth(progress: number): number {
  if (progress <= 0) return 0;
  return progress >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * progress);
}
