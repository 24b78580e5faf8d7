import { createHash, hash as hashOnce } from 'node:crypto';
import { errors } from '../../errors/messages.ts';
import { normalizeText } from '../parse-text.ts';
import { foldName } from '../parse-values.ts';
import { unwrapCell } from '../repair-text.ts';
import { findColumn, showHeaders } from './map-columns.ts';

/** Headers of columns that hold the id of a customer, the likelier first. */
const customerIds = [
  ...['customer_id', 'id', 'contact_id', 'user_id', 'member_id', 'subscriber_id', 'client_id', 'account_id'],
  ...['person_id', 'lead_id', 'record_id_contact', 'customer_number', 'customer_no', 'member_number'],
  ...[
    'kundennummer',
    'kunden_nr',
    'kundennr',
    'kd_nr',
    'kunden_id',
    'mitgliedsnummer',
    'numéro_client',
    'n°_client',
  ],
  ...['id_client', 'identifiant_client', 'id_cliente', 'número_de_cliente', 'numero_cliente', 'nº_cliente'],
  ...['codice_cliente', 'codigo_cliente', 'código_de_cliente', 'klantnummer', 'klant_id', 'leid', 'euid'],
  'klaviyo_id',
].map(foldName);

/** Headers that may mean something else, such as an order or a family's mail address. */
const likelyIds = [
  ...['record_id', 'external_id', 'crm_id', 'uuid', 'uid', 'contact_id_18', 'email_address', 'email'],
  ...['e_mail', 'e_mail_adresse', 'mail'],
].map(foldName);

/** A column of ids. */
export interface IdColumn {
  readonly index: number;
  /** Whether it says that it holds customers' ids, or the user does. */
  readonly certain: boolean;
}

/**
 * The column that holds each row's id: the one named, else the likeliest, else none.
 *
 * @throws BespokeError `csv-columns` when the named one does not exist or two have the same name.
 */
export function findIdColumn(headers: readonly string[], name?: string): IdColumn | undefined {
  if (name !== undefined) return { index: findColumn(headers, name), certain: true };
  const folded = headers.map(foldName);
  for (const candidate of [...customerIds, ...likelyIds]) {
    const found = folded.flatMap((header, index) => (header === candidate ? [index] : []));
    if (found.length > 1) {
      throw errors.idColumnUnclear({
        columns: showHeaders(found.map((at) => headers[at] ?? '')),
        flags: found.map((at) => `--id "${(headers[at] ?? '').trim()}"`),
      });
    }
    if (found[0] !== undefined) return { index: found[0], certain: customerIds.includes(candidate) };
  }
  return undefined;
}

/** An id for comparison: different spellings of it are one customer. */
export const normalizeId = (id: string): string => normalizeText(unwrapCell(id).trim(), 'NFC');

/**
 * An id derived from a row's content: the same in every run and at any position in the file. Rows with equal
 * content share it.
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
  /** The row that has this id. */
  readonly find: (id: string) => number | undefined;
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

  const find = (hash: bigint): number | undefined => rows[slotOf(hash)] || undefined;

  const claim = (hash: bigint, row: number): number | undefined => {
    const slot = slotOf(hash);
    const first = rows[slot] ?? 0;
    if (first !== 0) return first;
    hashes[slot] = hash;
    rows[slot] = row;
    count += 1;
    if (count * 3 > capacity * 2) grow();
    return undefined;
  };
  return { claim, find };
}

/** In many small parts: one table of millions would block the event loop for a second when it grows. */
export function createIdTable(): IdTable {
  const parts = Array.from({ length: 256 }, createPartTable);
  const placeOf = (id: string) => {
    const bytes = hashOnce('sha256', id, 'buffer');
    return { part: parts[bytes[8] ?? 0], hash: bytes.readBigUInt64LE() };
  };
  return {
    claim: (id, row) => {
      const { part, hash } = placeOf(id);
      return part?.claim(hash, row);
    },
    find: (id) => {
      const { part, hash } = placeOf(id);
      return part?.find(hash);
    },
  };
}

/** A long number as a spreadsheet shortens it: `4.91235E+11`. Many ids become one. */
export const isRounded = (id: string): boolean => /^\d(?:[.,]\d+)?E\+\d{1,3}$/i.test(id);

/** Why the values of a column do not identify customers. */
export interface IdFault {
  readonly fault: 'repeated' | 'empty' | 'rounded';
  /** The first row of this kind. */
  readonly row: number;
}

/** Looks at the values of a column that may hold ids: one that repeats or is empty holds none. */
export function createIdDoubt(index: number) {
  const ids = createIdTable();
  let fault: IdFault | undefined;
  return {
    add: (cells: readonly string[], row: number): void => {
      if (fault !== undefined) return;
      const id = normalizeId(cells[index] ?? '');
      if (id === '') fault = { fault: 'empty', row };
      else if (isRounded(id)) fault = { fault: 'rounded', row };
      else if (ids.claim(id, row) !== undefined) fault = { fault: 'repeated', row };
    },
    reason: (): IdFault | undefined => fault,
  };
}

/** Lower case, so that no two of them are the same on disks that ignore case. */
const plain = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const plainUpper = /^[A-Z0-9][A-Z0-9_-]{0,63}$/;

/** Names that Windows reserves for devices, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

const longestSlug = 40;

/** The readable part of a name: ASCII letters and digits, hyphens for all else. */
function slugOf(id: string): string {
  return normalizeText(id, 'NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '');
}

/**
 * The name, without extension, of the files that belong to an id. Depends only on the id; contains
 * only ASCII letters, digits, `-`, `_` and `~`; at most 64 characters; never empty; and the names of two
 * ids differ in more than case.
 *
 * Ids of lower-case letters, digits, `-` and `_` keep their spelling. Upper-case ones gain `~u`, because
 * some disks take `A1` and `a1` for the same file; every other id gains `~` and a hash.
 */
export function fileNameOf(id: string): string {
  if (plain.test(id) && !reserved.test(id)) return id;
  if (plainUpper.test(id) && !reserved.test(id) && id.length <= 62) return `${id}~u`;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return `${slugOf(id) || 'id'}~${hash}`;
}
