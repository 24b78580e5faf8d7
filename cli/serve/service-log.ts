import path from 'node:path';
import { z } from 'zod';
import { openDailyFile } from '../../worker/adapters/log/daily-file.ts';
import { openLog } from '../../worker/adapters/log/open-log.ts';
import type { PrivateLog } from '../private-log.ts';
import { plain } from '../terminal/plain.ts';
import type { Terminal } from '../terminal/terminal.ts';

const lineSchema = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() });

const inWords = (value: unknown): string => plain(typeof value === 'string' ? value : JSON.stringify(value));

/** `12:03:11 request method=POST route=/v1/renders status=202 ms=12`. */
function describeLine(line: string, { paint }: Terminal): string {
  const {
    level,
    time,
    msg,
    pid: _pid,
    requestId: _requestId,
    ...fields
  } = lineSchema.parse(JSON.parse(line));
  const facts = Object.entries(fields).map(([name, value]) => `${paint.dim(`${name}=`)}${inWords(value)}`);
  const words = level === 'info' ? plain(msg) : paint.yellow(plain(msg));
  return [paint.dim(time.slice(11, 19)), words, ...facts].join(' ');
}

/**
 * Writes to the workspace's log and, from `info` up, beside the result: lines of words on a terminal,
 * of JSON elsewhere.
 */
export function openServiceLog(terminal: Terminal, workspace: string, now: () => Date): PrivateLog {
  const kept = openDailyFile(path.join(workspace, 'logs'), now);
  const log = openLog({
    level: 'debug',
    now,
    destination: {
      write: (line) => {
        kept.write(line);
        if (line.startsWith('{"level":"debug"')) return;
        terminal.say(terminal.live ? describeLine(line, terminal) : line.trimEnd());
      },
    },
  });
  return {
    ...log,
    failure: (error) => {
      log.failure(error);
      return kept.file();
    },
  };
}
