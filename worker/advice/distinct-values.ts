/** A hash of 53 bits (cyrb53), spread evenly. */
function hashText(text: string): number {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 2_654_435_761);
    high = Math.imul(high ^ code, 1_597_334_677);
  }
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & high) + (low >>> 0);
}

const space = 2 ** 53;
/** So many hashes are kept; beyond them the standard error of the estimate is 1 / √kept. */
const kept = 4_096;

/**
 * Counts different texts in memory that does not grow with them: exactly up to 8,192, beyond that from how close the
 * smallest hashes lie (Bar-Yossef and others, "Counting distinct elements in a data stream", 2002), with a standard
 * error of 1.6 %.
 */
export class DistinctValues {
  #smallest = new Set<number>();
  #below = space;
  #first: string | undefined;

  add(text: string): void {
    this.#first ??= text;
    const hash = hashText(text);
    if (hash >= this.#below) return;
    this.#smallest.add(hash);
    if (this.#smallest.size <= 2 * kept) return;
    const sorted = Float64Array.from(this.#smallest).sort();
    this.#below = sorted[kept] ?? space;
    this.#smallest = new Set(sorted.subarray(0, kept));
  }

  counts(): { values: number; exact: boolean } {
    if (this.#below === space) return { values: this.#smallest.size, exact: true };
    return { values: Math.round((this.#smallest.size * space) / this.#below), exact: false };
  }

  /** The only text there was; `null` where there were several, or none. */
  only(): string | null {
    return this.#smallest.size === 1 ? (this.#first ?? null) : null;
  }
}
