import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { timelineResult } from '../json-results.ts';
import type { z } from 'zod';
import { formatTable } from '../layout.ts';
import { plain } from '../terminal.ts';
import { namedBy, type PersonOptions } from './people.ts';

type Line = z.infer<typeof timelineResult>['lines'][number];

/** Keys of clips say nothing to a person. */
const unread = new Set(['clip', 'clipFrames']);

/** What an event says, as a person reads it: `node storm, choice keep-warm, by viewer, after 1.7 s`. */
export const describeDetails = ({ details }: Pick<Line, 'details'>): string =>
  Object.entries(details)
    .flatMap(([name, value]) => {
      if (unread.has(name) || value === false || (name === 'visit' && value === 1)) return [];
      if (value === true) return [name];
      if (name === 'afterMs' && typeof value === 'number') return [`after ${(value / 1000).toFixed(1)} s`];
      if (name === 'seconds' && typeof value === 'number') return [`${value} s seen`];
      return [`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
    })
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
        [{ title: 'time (UTC)' }, { title: 'what' }, { title: 'by' }, { title: 'details' }],
        timeline.lines.map((line) => [
          line.at.slice(0, 19).replace('T', ' '),
          plain(line.type),
          line.by ?? '',
          plain(describeDetails(line)),
        ]),
        terminal.paintResult,
      ),
    );
  terminal.json(timeline);
  return exitCodes.ok;
}
