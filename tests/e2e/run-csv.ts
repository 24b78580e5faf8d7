import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { runBatch, type BatchOutcome, type BatchRequest } from '../../cli/batch/run-batch.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { withLocalClient } from './local-client.ts';

export interface CsvRun extends Partial<Pick<BatchRequest['options'], 'limit' | 'idColumn' | 'asOf'>> {
  /** Name of the input, which is written into `folder` first when `text` is given. */
  readonly csv: string;
  readonly text?: string | Buffer;
  readonly folder: string;
  readonly template?: 'caller' | 'echo' | 'frame-counter' | 'greeter' | 'journey' | 'portrait' | 'statement';
  /** Name of the output folder within `folder`. */
  readonly out?: string;
  readonly signal?: AbortSignal;
}

/** Runs a CSV at draft quality in the first format of its template, until every row has ended. */
export async function runCsv(pipeline: Pipeline, run: CsvRun): Promise<BatchOutcome> {
  const { csv, text, folder, template = 'frame-counter', out = 'out', signal, ...rest } = run;
  const file = path.join(folder, csv);
  if (text !== undefined) await writeFile(file, text);
  return withLocalClient(pipeline, (client) =>
    runBatch(
      { client, place: 'here', deployment: folder },
      { csv: file, options: { template, quality: 'draft', ...rest }, out: path.join(folder, out) },
      () => undefined,
      signal ?? new AbortController().signal,
    ),
  );
}

export interface Table {
  readonly bom: boolean;
  readonly header: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Reads a CSV back as a mail tool would. */
export async function readTable(file: string, delimiter = ','): Promise<Table> {
  const bytes = await readFile(file);
  const lines = parse(bytes, { bom: true, delimiter, relax_column_count: true });
  const [header = [], ...rows] = lines;
  return {
    bom: bytes.subarray(0, 3).equals(Buffer.from('efbbbf', 'hex')),
    header,
    rows: rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']))),
  };
}

/** The statuses of a results file, in the order of its rows. */
export async function statusesOf({ resultsFile }: BatchOutcome, delimiter?: string): Promise<string[]> {
  return (await readTable(resultsFile, delimiter)).rows.map((row) => row.bespoke_status ?? '');
}
