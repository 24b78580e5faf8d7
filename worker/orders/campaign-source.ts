import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline as stream } from 'node:stream/promises';
import type { ColumnOverride } from '../../data/csv/map-columns.ts';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import { writeBodyRows } from '../../data/csv/write-tables.ts';
import type { Fields } from '../../data/record.ts';
import type { Store } from '../core/ports.ts';
import type { OrderRequest } from './order-request.ts';

/** A file of rows and what to make of it. */
export interface CampaignRequest extends OrderRequest {
  readonly source:
    | {
        readonly kind: 'csv';
        /** On this machine, in the store's scratch. Moved away when the campaign is accepted. */
        readonly file: string;
        /** SHA-256 of the content, in hex. */
        readonly hash: string;
        /** As the client named it. */
        readonly fileName: string;
      }
    /** Objects of column names and values, from a JSON body. */
    | { readonly kind: 'rows'; readonly rows: readonly unknown[] };
  readonly map?: readonly ColumnOverride[] | undefined;
  readonly idColumn?: string | undefined;
  readonly limit?: number | undefined;
}

/** The rows of a request as a CSV whose form and columns are understood. */
export interface CampaignSource {
  readonly file: string;
  readonly hash: string;
  readonly fileName: string;
  readonly input: CustomerFile;
}

/** How the rows of an input were understood. */
export interface DescribedInput {
  readonly fileName: string;
  readonly encoding: CustomerFile['encoding'];
  readonly delimiter: CustomerFile['delimiter'];
  /** Unset: ids are made from content. */
  readonly idColumn?: string | undefined;
  readonly mapping: readonly { readonly column: string; readonly field: string }[];
  readonly unusedColumns: readonly string[];
  /** Fields that no column fills. */
  readonly unfilledFields: readonly string[];
}

/** Says how the rows of an input were understood. */
export function describeInput(
  fileName: string,
  { encoding, delimiter, idColumn, mapping }: CustomerFile,
): DescribedInput {
  return {
    fileName,
    encoding,
    delimiter,
    idColumn,
    mapping: mapping.columns.map(({ column, field }) => ({ column, field })),
    unusedColumns: mapping.unused.filter((column) => column !== idColumn),
    unfilledFields: mapping.unfilled,
  };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await stream(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Hands the rows of a request to `use` as a CSV: the one that was uploaded, or one that is written from
 * JSON rows and removed afterwards, so that everything after this is the same for both.
 *
 * @throws BespokeError `request-invalid` for JSON rows that no CSV can hold; what `readRows` throws.
 */
export async function withCampaignSource<T>(
  store: Pick<Store, 'scratch'>,
  fields: Fields,
  { source, map, idColumn, limit }: Pick<CampaignRequest, 'source' | 'map' | 'idColumn' | 'limit'>,
  use: (source: CampaignSource) => Promise<T>,
): Promise<T> {
  const reading = {
    fields,
    ...(map !== undefined && { map }),
    ...(idColumn !== undefined && { idColumn }),
    ...(limit !== undefined && { limit }),
  };
  if (source.kind === 'csv') {
    const { file, hash, fileName } = source;
    return use({ file, hash, fileName, input: await readRows(file, { ...reading, name: fileName }) });
  }
  const fileName = 'rows.csv';
  const file = await store.scratch('csv');
  try {
    await writeBodyRows(file, source.rows, reading);
    const input = await readRows(file, { ...reading, name: fileName });
    return await use({ file, hash: await hashFile(file), fileName, input });
  } finally {
    await rm(file, { force: true });
  }
}
