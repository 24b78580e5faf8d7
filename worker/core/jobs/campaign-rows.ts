import { checkBody } from '../../../data/check-record.ts';
import { readRows } from '../../../data/csv/read-rows.ts';
import type { AnyRecord, Fields } from '../../../data/record.ts';
import type { Playthrough } from '../../../video/story/playthrough.ts';
import { erasedFileName } from '../renders.ts';
import type { IntakeRow } from '../intake.ts';
import type { Hmac } from '../hmac.ts';
import type { NewCampaign, Campaign } from '../campaigns.ts';
import type { Store } from '../ports.ts';

/** A video as a viewer watched it. */
export interface WatchedVideo {
  readonly record: AnyRecord;
  /** HMAC of the customer's id, where one is known. */
  readonly person: string | undefined;
  /** Takes the way that the viewer took. */
  readonly walker: Playthrough;
}

/** The rows of a campaign as they are to be taken in, from the first one at each call. */
export type CampaignRows = () => AsyncIterable<IntakeRow>;

const erasedRow: IntakeRow = {
  row: 1,
  fileName: erasedFileName(1),
  erased: true,
  warnings: [],
  check: { ok: false, code: 'person-erased', message: 'The person was erased.' },
};

/**
 * Opens the source of a campaign's rows. Rows of a file are read when they are needed.
 *
 * @param watched what was watched in a session, where the campaign's source is one.
 * @throws BespokeError when the source cannot be used as a whole: `stored-file-missing`, `csv-*`.
 */
export async function openCampaignRows(
  store: Pick<Store, 'fetch'>,
  { id, source, person }: Campaign,
  fields: Fields,
  watched: WatchedVideo | undefined,
): Promise<CampaignRows> {
  switch (source.kind) {
    case 'session': {
      if (watched === undefined) throw new Error(`Render ${id} was planned without its session.`);
      const check = { ok: true, record: watched.record } as const;
      return async function* one() {
        yield await Promise.resolve({ row: 1, fileName: id, person: watched.person, warnings: [], check });
      };
    }
    case 'record': {
      const check = checkBody(fields, source.record);
      const row: IntakeRow = {
        row: 1,
        fileName: id,
        person,
        warnings: [],
        check: check.ok
          ? check
          : {
              ok: false,
              code: 'record-invalid',
              message: check.issues.map(({ message }) => message).join(' '),
            },
      };
      return async function* one() {
        yield await Promise.resolve(row);
      };
    }
    case 'csv': {
      const { file, fileName, map, idColumn, limit } = source;
      const input = await readRows(await store.fetch('inputs', file), {
        name: fileName,
        fields,
        map,
        ...(idColumn !== undefined && { idColumn }),
        ...(limit !== undefined && { limit }),
      });
      const { erasedRows = [] } = source;
      if (erasedRows.length === 0) return input.rows;
      const erased = new Set(erasedRows);
      return async function* rows() {
        for await (const row of input.rows()) yield erased.has(row.row) ? { ...row, erased: true } : row;
      };
    }
    case 'erased':
      return async function* none() {
        yield await Promise.resolve(erasedRow);
      };
    default:
      return source satisfies never;
  }
}

/** Turns 128 bits of a key into the shape of a random UUID. */
function uuidOf(key: string): string {
  const variant = ((Number.parseInt(key.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const digits = `${key.slice(0, 12)}4${key.slice(13, 16)}${variant}${key.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Ids of a campaign's renders: the same whenever it is planned. A single render has its campaign's id. */
export function renderIdOf(hmac: Hmac, { id, kind }: Pick<NewCampaign, 'id' | 'kind'>, row: number): string {
  return kind === 'render' ? id : uuidOf(hmac('row-id', { campaign: id, row }));
}
