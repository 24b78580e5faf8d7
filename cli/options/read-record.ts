import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { AnyRecord } from '../../data/record.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';

/** The two ways to hand in one record: as text, or as a file of which `-` is standard input. */
export interface RecordOptions {
  readonly record?: string;
  readonly recordFile?: string;
}

const jsonObject = z.record(z.string(), z.unknown());

const unusable = (message: string, cause?: unknown): BespokeError =>
  new BespokeError('usage-invalid', message, cause === undefined ? undefined : { cause });

async function readText({ record, recordFile }: RecordOptions): Promise<{ text: string; source: string }> {
  if (record !== undefined && recordFile !== undefined) {
    throw unusable('Both --record and --record-file are given; one is enough.');
  }
  if (record !== undefined) return { text: record, source: '--record' };
  if (recordFile === undefined) throw unusable('The record is missing: --record JSON or --record-file FILE.');
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
          : 'may not be read by this user';
    throw unusable(`The record's file ${recordFile} ${why}.`, error);
  }
}

/**
 * The JSON object of `--record` or `--record-file` (`-` is standard input). The API checks its fields.
 *
 * @throws BespokeError `usage-invalid` when there is no JSON object to be had.
 */
export async function readRecord(options: RecordOptions): Promise<AnyRecord> {
  const { text: json, source } = await readText(options);
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unusable(`${source} holds no JSON; a record looks like {"firstName": "Anna"}.`, error);
  }
  const object = jsonObject.safeParse(value);
  if (object.success) return object.data;
  throw unusable(`${source} holds JSON, but not one object of field names and values.`);
}
