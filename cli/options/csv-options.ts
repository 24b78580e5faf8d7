import { access, constants, stat } from 'node:fs/promises';
import type { ColumnOverride } from '../../data/csv/map-columns.ts';
import { explainReadError } from '../../data/csv/detect-encoding.ts';
import { errors } from '../../errors/messages.ts';
import type { ReadOptions } from '../../data/csv/read-rows.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Quality } from '../../worker/core/campaigns.ts';

/** Options of every command that reads a CSV. */
export interface CsvOptions {
  readonly template?: string;
  readonly format?: Format;
  readonly quality: Quality;
  readonly map?: readonly ColumnOverride[];
  readonly id?: string;
  readonly limit?: number;
  readonly asOf?: string;
}

/** The options for reading the CSV, under the names of its reader. */
function readingOf({ map, id, limit }: Pick<CsvOptions, 'map' | 'id' | 'limit'>) {
  return {
    ...(map !== undefined && { map }),
    ...(id !== undefined && { idColumn: id }),
    ...(limit !== undefined && { limit }),
  };
}

/** The options of a reader of rows for a template. */
export const readOptions = (
  { template }: RegistryEntry,
  options: Pick<CsvOptions, 'map' | 'id' | 'limit'>,
): ReadOptions => ({ fields: template.record, ...readingOf(options) });

/** The same options, under the names of the API. */
export function campaignOptions({ map, id, limit, asOf }: Pick<CsvOptions, 'map' | 'id' | 'limit' | 'asOf'>) {
  return {
    ...(map !== undefined && {
      map: Object.fromEntries(map.map(({ column, field }) => [column, field])),
    }),
    ...(id !== undefined && { idColumn: id }),
    ...(limit !== undefined && { limit }),
    ...(asOf !== undefined && { asOf }),
  };
}

/** Today in UTC, as ISO `YYYY-MM-DD`: the default of campaigns too. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/**
 * Checks that a path is a readable file, before anything slow starts.
 *
 * @throws BespokeError `csv-unreadable`.
 */
export async function requireFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
    if ((await stat(file)).isFile()) return;
  } catch (error) {
    throw explainReadError(file, error);
  }
  throw errors.csvNotFile({ file });
}
