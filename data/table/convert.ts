import { rm, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { takeTurns } from '../take-turns.ts';
import { formatNames, type WholeFormat } from './formats.ts';

/** Bounds of a workbook or JSON, which is read as a whole. */
const limits = {
  fileBytes: 100_000_000,
  unpackedBytes: 400_000_000,
  /** Most unpacked bytes for a packed one, where more than `ratioFrom` come out. */
  ratio: 200,
  ratioFrom: 20_000_000,
  cells: 10_000_000,
  columns: 16_384,
  heapMegabytes: 1536,
  ms: 180_000,
};

/** What a workbook says besides its cells. */
export interface ConvertedTable {
  readonly sheet?: string | undefined;
  /** All sheets, in the workbook's order. */
  readonly sheets?: readonly string[] | undefined;
}

const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), sheet: z.string().optional(), sheets: z.array(z.string()).optional() }),
  z.object({
    ok: z.literal(false),
    kind: z.string(),
    facts: z.object({
      line: z.number().optional(),
      row: z.number().optional(),
      sheet: z.string().optional(),
      wanted: z.string().optional(),
      sheets: z.array(z.string()).optional(),
      lists: z.array(z.string()).optional(),
    }),
  }),
]);

type Refusal = Extract<z.output<typeof outcomeSchema>, { readonly ok: false }>;

function explain({ kind, facts }: Refusal, name: string, format: WholeFormat): Error {
  const { line, row = 0, wanted = '', sheet = '', sheets = [], lists = [] } = facts;
  switch (kind) {
    case 'encrypted':
      return errors.tableEncrypted({ name });
    case 'unpacked':
      return errors.tableUnpackedTooLarge({ name, megabytes: limits.unpackedBytes / 1e6 });
    case 'ratio':
      return errors.tableBomb({ name });
    case 'cells':
      return errors.tableCellsTooMany({ name, most: limits.cells });
    case 'columns':
      return errors.tableColumnsTooMany({ name, most: limits.columns });
    case 'sheet':
      return errors.sheetUnknown({ name, sheet: wanted, sheets });
    case 'sheet-empty':
      return errors.sheetBlank({ name, sheet });
    case 'empty':
      return errors.tableWithoutCells({ name });
    case 'json':
      return errors.jsonBroken({ name, line });
    case 'json-row':
      return errors.jsonRowNotObject({ name, row });
    case 'json-lists':
      return errors.jsonWithoutList({ name, lists });
    case 'disk':
      return errors.diskFull({ file: name });
    default:
      return errors.tableDamaged({ name, format: formatNames[format] });
  }
}

/** Each thread may take more than a gigabyte. */
const inTurn = takeTurns();

/** Runs the thread until it answers, fails or takes too long. */
async function runThread(workerData: object, name: string, format: WholeFormat): Promise<ConvertedTable> {
  const thread = new Worker(fileURLToPath(new URL('convert-worker.mjs', import.meta.url)), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
    // Its parsers write warnings about files.
    stdout: true,
    stderr: true,
    execArgv: [],
    env: {},
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => reject(errors.tableTooSlow({ name, seconds: limits.ms / 1000 })), limits.ms);
      thread.once('message', resolve);
      thread.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? errors.tableTooHeavy({ name }) : error),
      );
      thread.once('exit', () => reject(new Error('The thread that reads a table ended without an answer.')));
    });
    const outcome = outcomeSchema.parse(answer);
    if (!outcome.ok) throw explain(outcome, name, format);
    const { sheet, sheets } = outcome;
    return { sheet, sheets };
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/**
 * Writes the rows of a workbook or JSON into a new file: one JSON array of texts a line, line 1 for row 1. Runs in a
 * thread of its own with limits on time and memory, because the parsers are synchronous and the file is untrusted; one
 * file at a time in this process.
 * After an error no file remains.
 *
 * @param file of JSON: in UTF-8.
 * @throws BespokeError `table-unreadable`, `table-too-large`, `table-sheet`, `csv-empty`, `disk-full`.
 */
export async function convertTable(
  file: string,
  target: string,
  {
    format,
    sheet,
    name,
  }: { readonly format: WholeFormat; readonly sheet?: string | undefined; readonly name: string },
): Promise<ConvertedTable> {
  const { size } = await stat(file);
  if (size > limits.fileBytes) {
    throw errors.tableFileTooLarge({ name, megabytes: limits.fileBytes / 1e6, format: formatNames[format] });
  }
  try {
    return await inTurn(() => runThread({ file, target, format, sheet, limits }, name, format));
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}
