import type { Placement } from './placement.ts';

const waitFor = (target: EventTarget, type: string): Promise<void> =>
  new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true });
  });

/** What a writer works on, and whom it tells. */
interface WriterParts {
  readonly buffer: SourceBuffer;
  /** Seconds of the media element's clock. */
  readonly now: () => number;
  /** A placement's first frames are in the buffer. */
  readonly began: (placement: Placement) => void;
  /** A piece's bytes stopped coming. */
  readonly failed: (placement: Placement, error: unknown) => void;
}

/** Seconds behind the playhead that stay in the buffer. */
const keptBehind = 20;

/**
 * Appends pieces to a source buffer, one after the other, each as its bytes arrive. A source buffer does
 * one thing at a time; so does this.
 */
export class SourceWriter {
  readonly #parts: WriterParts;
  #queue: readonly Placement[] = [];
  #removals: readonly (readonly [number, number])[] = [];
  #running = false;
  /** Ends the waiting for bytes of the piece that is being written. */
  #interrupt: (() => void) | undefined;
  #writing: Placement | undefined;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Resolves when all that was handed over is in the buffer, or dropped. */
  async idle(): Promise<void> {
    while (this.#running) await this.#work;
  }

  write(placement: Placement): void {
    this.#queue = [...this.#queue, placement];
    this.#run();
  }

  /** Drops what is not wanted any more: pieces that wait or are being written, and seconds of the buffer. */
  drop(unwanted: (placement: Placement) => boolean, from: number, to: number): void {
    this.#queue = this.#queue.filter((placement) => !unwanted(placement));
    if (this.#writing !== undefined && unwanted(this.#writing)) this.#interrupt?.();
    if (to > from) this.#removals = [...this.#removals, [from, to]];
    this.#run();
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    this.#work = this.#workOff().finally(() => {
      this.#running = false;
      if (this.#queue.length > 0 || this.#removals.length > 0) this.#run();
    });
  }

  #work: Promise<void> = Promise.resolve();

  async #workOff(): Promise<void> {
    for (;;) {
      const [removal, ...removals] = this.#removals;
      if (removal !== undefined) {
        this.#removals = removals;
        await this.#remove(...removal);
        continue;
      }
      const [placement, ...queue] = this.#queue;
      if (placement === undefined) return;
      this.#queue = queue;
      try {
        await this.#append(placement);
      } catch (error) {
        this.#parts.failed(placement, error);
      }
      this.#writing = undefined;
    }
  }

  async #append(placement: Placement): Promise<void> {
    const { buffer } = this.#parts;
    const { bytes } = placement.piece;
    let dropped = false;
    const interrupted = new Promise<void>((resolve) => {
      this.#interrupt = () => {
        dropped = true;
        resolve();
      };
    });
    this.#writing = placement;
    buffer.timestampOffset = placement.start;
    for (let written = 0; ;) {
      const chunk = bytes.chunks[written];
      if (chunk !== undefined) {
        await this.#appendChunk(chunk);
        written += 1;
        if (this.#holds(placement.start)) this.#parts.began(placement);
      } else if (bytes.whole) {
        return;
      } else {
        await Promise.race([bytes.more(), interrupted]);
      }
      if (dropped) {
        // A parser in the middle of a fragment takes nothing else.
        buffer.abort();
        return;
      }
    }
  }

  async #appendChunk(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const { buffer, now } = this.#parts;
    try {
      buffer.appendBuffer(chunk);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
      await this.#remove(0, Math.max(0.1, now() - 1));
      buffer.appendBuffer(chunk);
    }
    await waitFor(buffer, 'updateend');
    const past = now() - keptBehind;
    if (past > keptBehind && buffer.buffered.length > 0 && buffer.buffered.start(0) < past - keptBehind)
      this.#removals = [...this.#removals, [0, past]];
  }

  #holds(seconds: number): boolean {
    const { buffered } = this.#parts.buffer;
    for (let range = 0; range < buffered.length; range += 1) {
      if (buffered.start(range) <= seconds + 0.001 && buffered.end(range) > seconds + 0.001) return true;
    }
    return false;
  }

  async #remove(from: number, to: number): Promise<void> {
    const { buffer } = this.#parts;
    buffer.remove(from, to);
    await waitFor(buffer, 'updateend');
  }
}
