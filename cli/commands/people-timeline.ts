import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { timelineResult } from '../json-results.ts';
import type { z } from 'zod';
import { formatTable } from '../layout.ts';
import { plain } from '../terminal.ts';
import { namedBy, type PersonOptions } from './people.ts';

type Line = z.infer<typeof timelineResult>['lines'][number];

/** Details that a person can read; keys of clips say nothing to them. */
const describe = ({ details }: Line): string =>
  Object.entries(details)
    .filter(([name]) => name !== 'clip' && name !== 'clipFrames')
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/**
 * Shows what happened with a person's videos, in the order of time.
 *
 * @returns 0.
 */
export async function runPeopleTimelineCommand(
  context: CommandContext,
  options: PersonOptions,
): Promise<number> {
  const { terminal } = context;
  const named = namedBy(options);
  const timeline = await askClient(context, ({ client }, signal) => client.readTimeline(named, { signal }));
  if (timeline.lines.length === 0) terminal.say('Nothing is held about this person.');
  else
    terminal.result(
      formatTable(
        [{ title: 'time (UTC)' }, { title: 'what' }, { title: 'by' }, { title: '' }],
        timeline.lines.map((line) => [
          line.at.slice(0, 19).replace('T', ' '),
          plain(line.type),
          line.by ?? '',
          plain(describe(line)),
        ]),
        terminal.paintResult,
      ),
    );
  terminal.json(timeline);
  return exitCodes.ok;
}
