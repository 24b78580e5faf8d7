import { newSession, step, type LogEntry } from '../../video/story/engine/session.ts';
import type { StoryContext } from '../../video/story/engine/state.ts';

/**
 * A log as it would have been written had the record always been what it is now: every event leads to the
 * same place by the same words, whatever values it sets.
 *
 * @returns `undefined` where the log leads elsewhere, so that the session must begin anew.
 */
export function relog(world: StoryContext, log: readonly LogEntry[]): readonly LogEntry[] | undefined {
  let session = newSession;
  const entries: LogEntry[] = [];
  for (const { event, to, says } of log) {
    const next = step(world, session, event);
    if (!next.ok || next.entry.to !== to || next.entry.says !== says) return undefined;
    session = next.session;
    entries.push(next.entry);
  }
  return entries;
}
