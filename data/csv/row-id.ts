import { createHash, hash as hashOnce } from 'node:crypto';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { foldName } from '../values/parse-choice.ts';
import { normalizeText } from '../values/parse-text.ts';
import { findColumn, showHeaders } from './map-columns.ts';

/** Usual headers of id columns, the likelier first. */
const idColumns = [
  ...['customer_id', 'id', 'contact_id', 'user_id', 'member_id', 'subscriber_id', 'client_id'],
  ...['account_id', 'person_id', 'lead_id', 'record_id', 'external_id', 'crm_id', 'customer_number'],
  ...['customer_no', 'kundennummer', 'kunden_id', 'uuid', 'uid'],
].map(foldName);

/**
 * The column that holds each row's id: the one named, else the likeliest, else none.
 *
 * @throws BespokeError `csv-columns` when the named one does not exist or two have the same name.
 */
export function findIdColumn(headers: readonly string[], name?: string): number | undefined {
  if (name !== undefined) return findColumn(headers, name);
  const folded = headers.map(foldName);
  for (const candidate of idColumns) {
    const found = folded.flatMap((header, index) => (header === candidate ? [index] : []));
    if (found.length > 1) {
      const columns = showHeaders(found.map((at) => headers[at] ?? ''));
      throw errors.idColumnUnclear({ columns });
    }
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

/** An id as it is compared: two ways to write it are one customer. */
export const normalizeId = (id: string): string => normalizeText(id.trim(), 'NFC');

/**
 * An id for a row without one, from its content: the same in every run and at every place in the
 * file. Rows with the same content share it.
 */
export function contentId(cells: readonly string[]): string {
  const content = cells.map((cell) => cell.trim());
  while (content.at(-1) === '') content.pop();
  return `row-${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)}`;
}

/** Remembers which row had an id first. */
export interface IdTable {
  /** @returns the row that had this id before, or `undefined` after noting that it is `row`'s. */
  readonly claim: (id: string, row: number) => number | undefined;
}

/**
 * An open-addressing table of 64-bit hashes: 12 bytes a slot and at most two thirds full, whatever the
 * length of ids. Among a million ids the chance that any two are mistaken for each other is 3 in 10⁸.
 */
function createPartTable() {
  let capacity = 16;
  let hashes = new BigUint64Array(capacity);
  let rows = new Uint32Array(capacity);
  let count = 0;

  /** The slot that holds a hash, or the free one where it belongs. */
  const slotOf = (hash: bigint) => {
    let slot = Number(hash & BigInt(capacity - 1));
    while (rows[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) % capacity;
    return slot;
  };

  const grow = () => {
    const [oldHashes, oldRows] = [hashes, rows];
    capacity *= 2;
    hashes = new BigUint64Array(capacity);
    rows = new Uint32Array(capacity);
    for (const [at, row] of oldRows.entries()) {
      if (row === 0) continue;
      const hash = oldHashes[at] ?? 0n;
      const slot = slotOf(hash);
      hashes[slot] = hash;
      rows[slot] = row;
    }
  };

  return (hash: bigint, row: number): number | undefined => {
    const slot = slotOf(hash);
    const first = rows[slot] ?? 0;
    if (first !== 0) return first;
    hashes[slot] = hash;
    rows[slot] = row;
    count += 1;
    if (count * 3 > capacity * 2) grow();
    return undefined;
  };
}

/** In many small parts: a single table of millions would hold the event loop for a second when it grows. */
export function createIdTable(): IdTable {
  const parts = Array.from({ length: 256 }, createPartTable);
  return {
    claim: (id, row) => {
      const bytes = hashOnce('sha256', id, 'buffer');
      return parts[bytes[8] ?? 0]?.(bytes.readBigUInt64LE(), row);
    },
  };
}
