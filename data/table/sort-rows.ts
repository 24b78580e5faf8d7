import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Scratch } from './prepare-table.ts';

/** A row with the number that it is sorted by. */
export interface NumberedRow {
  readonly number: number;
  readonly cells: readonly string[];
}

/** In characters of the rows that are sorted in memory; what is more waits on disk. */
const largestRun = 16_000_000;

const lineSchema = z.tuple([z.number(), z.array(z.string())]);

async function* readRun(file: string): AsyncGenerator<NumberedRow> {
  const input = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const [number, cells] = lineSchema.parse(JSON.parse(line));
      yield { number, cells };
    }
  } finally {
    input.destroy();
  }
}

/** Rows of sorted runs in one order; of equal numbers those of earlier runs first. */
async function* mergeRuns(runs: readonly AsyncGenerator<NumberedRow>[]): AsyncGenerator<NumberedRow> {
  const heads = await Promise.all(runs.map(async (run) => ({ run, next: await run.next() })));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (first?.next.done !== false || head.next.value.number < first.next.value.number) first = head;
    }
    if (first?.next.done !== false) return;
    yield first.next.value;
    first.next = await first.run.next();
  }
}

/**
 * Rows in the order of their numbers; those with the same number stay in their order. Memory does not grow with their
 * count: more than a few megabytes are sorted on disk.
 *
 * @param scratch makes the paths of temporary files, which are removed at the end.
 */
export async function* sortRows(
  rows: AsyncIterable<NumberedRow>,
  scratch: Scratch,
  most = largestRun,
): AsyncGenerator<NumberedRow> {
  const files: string[] = [];
  let run: NumberedRow[] = [];
  let length = 0;
  const sorted = (): readonly NumberedRow[] => run.toSorted((one, other) => one.number - other.number);

  async function keep(): Promise<void> {
    const file = await scratch('run');
    files.push(file);
    const lines = sorted().map(({ number, cells }) => `${JSON.stringify([number, cells])}\n`);
    await pipeline(Readable.from(lines), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    run = [];
    length = 0;
  }

  try {
    for await (const row of rows) {
      run.push(row);
      // An object in memory is larger than its letters.
      length += 100 + row.cells.reduce((sum, cell) => sum + cell.length, 0);
      if (length > most) await keep();
    }
    if (files.length === 0) {
      yield* sorted();
      return;
    }
    if (run.length > 0) await keep();
    yield* mergeRuns(files.map(readRun));
  } finally {
    for (const file of files) await rm(file, { force: true });
  }
}
