import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { answersResult } from '../json-results.ts';
import { typedPath } from '../layout.ts';
import { delimiterMarks } from '../options.ts';

/** The flags of `bespoke answers`, parsed. */
export interface AnswersOptions {
  readonly out: string;
  readonly delimiter?: keyof typeof delimiterMarks;
  /** False for `--no-bom`. */
  readonly bom: boolean;
}

/** Writes the body of an answer as it arrives. @throws BespokeError `directory-not-writable`. */
async function writeBody({ body }: Response, file: string, signal: AbortSignal): Promise<void> {
  if (body === null) throw new Error('The answer has no body.');
  try {
    await pipeline(
      Readable.fromWeb(body as unknown as ReadableStream),
      createWriteStream(file, { mode: 0o600 }),
      { signal },
    );
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw errors.fileNotWritable({ file: typedPath(file) }, { cause });
  }
}

/**
 * Writes what the viewers of a campaign chose and answered.
 *
 * @param campaign its id.
 * @returns 0.
 */
export async function runAnswersCommand(
  context: CommandContext,
  campaign: string,
  { out, delimiter, bom }: AnswersOptions,
): Promise<number> {
  const { terminal } = context;
  const file = path.resolve(out);
  await askClient(context, async ({ client }, signal) => {
    const form = {
      ...(delimiter !== undefined && { delimiter: delimiterMarks[delimiter] }),
      bom: bom ? ('true' as const) : ('false' as const),
    };
    await writeBody(await client.getCampaignAnswers(campaign, { ...form, signal }), file, signal);
  });
  terminal.result(typedPath(file));
  terminal.json({ campaign, file } satisfies z.infer<typeof answersResult>);
  return exitCodes.ok;
}
