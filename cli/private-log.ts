import path from 'node:path';
import { openDailyFile } from '../worker/adapters/log/daily-file.ts';
import { openLog, type StructuredLog } from '../worker/adapters/log/open-log.ts';
import type { Log } from '../worker/core/ports.ts';

/** The log of one process in a workspace. */
export interface PrivateLog extends Log, Pick<StructuredLog, 'server'> {
  /** Notes an unexpected error. @returns the log's path, or `undefined` where it cannot be written. */
  readonly failure: (error: unknown) => string | undefined;
}

/**
 * Writes lines of JSON to `<workspace>/logs/bespoke-<day>.log`, which only its owner may read. Nothing
 * that was quoted in a message is kept, since it may be about a person.
 */
export function openPrivateLog(workspace: string, now: () => Date): PrivateLog {
  const destination = openDailyFile(path.join(workspace, 'logs'), now);
  const { debug, info, warn, failure, server } = openLog({ destination, level: 'debug', now });
  return {
    debug,
    info,
    warn,
    server,
    failure: (error) => {
      failure(error);
      return destination.file();
    },
  };
}
