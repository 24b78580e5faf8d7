import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { guardFormula, type Row } from './check-row.ts';
import type { Delimiter } from './read-table.ts';

/** The result of a row, in columns of its own. Missing members are empty cells. */
export interface BespokeCells {
  readonly status: 'done' | 'failed' | 'skipped' | 'cancelled';
  /** Links, or paths relative to the folder of the CSV, with `/`. */
  readonly video?: string;
  readonly poster?: string;
  readonly teaser?: string;
  readonly page?: string;
  readonly durationInSeconds?: number;
  readonly warnings?: readonly string[];
  readonly errorCode?: string;
  readonly error?: string;
}

/** The columns that results add, in order. */
export const bespokeColumns = [
  'bespoke_status',
  'bespoke_video',
  'bespoke_poster',
  'bespoke_teaser',
  'bespoke_page',
  'bespoke_duration_s',
  'bespoke_warnings',
  'bespoke_error_code',
  'bespoke_error',
] as const;

/** Anything but plain letters is quoted, so that every reader finds the same delimiter and line ends. */
export const quotedWhen = [/[\r\n,;\t|]/, /^\s|\s$/];

/** Writes one CSV of results, which is visible only after `finish`. */
export interface ResultsWriter {
  /** Adds a row; waits when the disk is slower. */
  readonly write: (row: Pick<Row, 'cells' | 'surplus'>, cells: BespokeCells) => Promise<void>;
  /** Puts the whole file in place, over an earlier one. */
  readonly finish: () => Promise<void>;
  /** Gives up and removes what was written. Does nothing after `finish`. */
  readonly discard: () => Promise<void>;
}

function explainWriteError(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return errors.diskFull({ file: basename(file) }, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT' || code === 'ENOTDIR') {
    return errors.fileNotWritable({ file }, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}

function ownCells(cells: BespokeCells): readonly string[] {
  const { durationInSeconds: duration } = cells;
  return [
    cells.status,
    cells.video ?? '',
    cells.poster ?? '',
    cells.teaser ?? '',
    cells.page ?? '',
    duration === undefined ? '' : String(Math.round(duration * 1000) / 1000),
    (cells.warnings ?? []).join(' '),
    cells.errorCode ?? '',
    cells.error ?? '',
  ].map(guardFormula);
}

/**
 * Opens `results.csv` or `failed.csv`: UTF-8 with a byte order mark, CRLF, the input's delimiter; the
 * input's cells unaltered, then `bespokeColumns`, then cells that the input had beyond its header.
 *
 * @throws BespokeError `disk-full`, `directory-not-writable`, from each of the writer's methods.
 */
export function openResults(
  file: string,
  { header, delimiter }: { readonly header: readonly string[]; readonly delimiter: Delimiter },
): ResultsWriter {
  const partial = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.partial`);
  const lines = stringify({ delimiter, bom: true, record_delimiter: '\r\n', quoted_match: quotedWhen });
  const written = pipeline(lines, createWriteStream(partial, { flags: 'wx' }));
  let finished = false;
  // A failure is reported by the next call; until then it must not end the process.
  written.catch(() => undefined);

  const put = async (cells: readonly string[]) => {
    try {
      if (lines.destroyed) await written;
      if (!lines.write(cells)) await Promise.race([once(lines, 'drain'), written]);
    } catch (error) {
      throw explainWriteError(file, error);
    }
  };
  const begun = put([...header, ...bespokeColumns]);
  begun.catch(() => undefined);

  return {
    write: async ({ cells, surplus }, own) => {
      await begun;
      const missing = Array.from({ length: Math.max(0, header.length - cells.length) }, () => '');
      await put([...cells, ...missing, ...ownCells(own), ...surplus]);
    },
    finish: async () => {
      await begun;
      try {
        lines.end();
        await written;
        await rename(partial, file);
        finished = true;
      } catch (error) {
        throw explainWriteError(file, error);
      }
    },
    discard: async () => {
      if (finished) return;
      lines.destroy();
      await written.catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}
