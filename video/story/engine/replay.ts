import { canonicalJson } from '../canonical-json.ts';
import { newSession, step, type LogEntry, type Session } from './session.ts';
import type { World } from './walk.ts';

/** What a log means to a story as it is now. */
export type Replay =
  | { readonly ok: true; readonly session: Session }
  /** The first line that does not lead where it led: the session must begin anew. */
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** Whether a line led to the same place, by the same words, with the same values. */
function means(recorded: LogEntry, now: LogEntry): boolean {
  return (
    recorded.to === now.to &&
    recorded.says === now.says &&
    canonicalJson(recorded.set ?? {}) === canonicalJson(now.set ?? {})
  );
}

/**
 * Makes a session from its log, or from the lines behind those that led to `from`. A story or record that has changed since either gives exactly the walk
 * that the log tells, or is told apart from it; no decision is ever taken for another one.
 */
export function replay(world: World, log: readonly LogEntry[], from: Session = newSession): Replay {
  let session = from;
  for (const [line, recorded] of log.entries()) {
    const next = step(world, session, recorded.event);
    if (!next.ok) return { ok: false, line, reason: next.refusal.reason };
    if (!means(recorded, next.entry)) return { ok: false, line, reason: 'leads-elsewhere' };
    session = next.session;
  }
  return { ok: true, session };
}
