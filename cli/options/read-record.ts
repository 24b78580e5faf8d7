import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { AnyRecord } from '../../data/record.ts';
import { errors } from '../../errors/messages.ts';

/** One record as text, or as a file; the file `-` is standard input. */
export interface RecordOptions {
  readonly record?: string;
  readonly recordFile?: string;
}

const jsonObject = z.record(z.string(), z.unknown());

async function readText({ record, recordFile }: RecordOptions): Promise<{ text: string; source: string }> {
  if (record !== undefined && recordFile !== undefined) {
    throw errors.recordTwice();
  }
  if (record !== undefined) return { text: record, source: '--record' };
  if (recordFile === undefined) throw errors.recordMissing();
  if (recordFile === '-') return { text: await text(process.stdin), source: 'Standard input' };
  try {
    return { text: await readFile(recordFile, 'utf8'), source: recordFile };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a folder'
          : 'cannot be read by this user';
    throw errors.recordUnreadable({ file: recordFile, why }, { cause: error });
  }
}

/**
 * The JSON object of `--record` or `--record-file` (`-` is standard input). The API checks its fields.
 *
 * @throws BespokeError `usage-invalid` when there is no JSON object.
 */
export async function readRecord(options: RecordOptions): Promise<AnyRecord> {
  const { text: json, source } = await readText(options);
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw errors.recordNotJson({ source }, { cause: error });
  }
  const object = jsonObject.safeParse(value);
  if (object.success) return object.data;
  throw errors.recordNotObject({ source });
}
