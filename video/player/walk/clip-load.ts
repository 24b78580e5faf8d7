import type { ClipBytes } from '../element/piece.ts';

/** A clip being fetched. */
export class ClipLoad implements ClipBytes {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #state: 'loading' | 'whole' | 'failed' = 'loading';
  #waiters: (() => void)[] = [];

  get chunks(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#chunks;
  }

  get whole(): boolean {
    return this.#state === 'whole';
  }

  get failed(): boolean {
    return this.#state === 'failed';
  }

  /** How much of the clip is there, from 0 to 1, as far as the server told its length. */
  get share(): number {
    if (this.whole) return 1;
    return this.lengthInBytes === undefined ? 0 : this.byteLength / this.lengthInBytes;
  }

  /** What the server told. */
  lengthInBytes: number | undefined;

  get byteLength(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  async more(): Promise<void> {
    if (this.#state === 'loading') await new Promise<void>((resolve) => this.#waiters.push(resolve));
    if (this.#state === 'failed') throw new Error('The clip did not arrive.');
  }

  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunks.push(chunk);
    this.#wake();
  }

  end(state: 'whole' | 'failed'): void {
    this.#state = state;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
