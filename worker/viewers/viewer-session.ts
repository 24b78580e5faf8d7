import { errors } from '../../errors/messages.ts';
import type { AnyRecord } from '../../data/record.ts';
import { type LogEntry, replay } from '../../video/story/engine/session.ts';
import type { Playthrough } from '../../video/story/playthrough.ts';
import type { WatchedVideo } from '../core/campaign-context.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { OrderLink, PlanTerms, ViewerRights } from '../core/viewers.ts';
import { contextFor } from './viewer-story.ts';

/** What a session's render is made from. */
export interface WatchedSession {
  readonly terms: PlanTerms;
  readonly record: AnyRecord;
  readonly link: OrderLink | undefined;
  /** HMAC of the customer's id, where one is known. */
  readonly person: string | undefined;
  readonly log: readonly LogEntry[];
  /** Of its viewer. */
  readonly rights: ViewerRights;
}

/**
 * Reads a recorded session.
 *
 * @throws BespokeError `session-unusable` when it is unknown, or its render was erased.
 */
export async function readSession(
  { viewers, renders }: Pick<Pipeline, 'viewers' | 'renders'>,
  id: string,
): Promise<WatchedSession> {
  const session = await viewers.findSession(id);
  if (session === undefined) throw errors.sessionUnknown();
  const [source, render, logged] = await Promise.all([
    renders.source(session.render),
    renders.find(session.render),
    viewers.log(id),
  ]);
  if (source === undefined) throw errors.sessionSourceGone();
  const { terms, record, link } = source;
  return {
    terms,
    record,
    link,
    person: render?.person,
    log: logged.map(({ entry }) => entry),
    rights: session.rights,
  };
}

/**
 * Reads what was watched in a recorded session.
 *
 * @throws BespokeError `session-unusable`.
 */
export async function readWatchedVideo(
  pipeline: Pick<Pipeline, 'viewers' | 'renders'>,
  session: string,
): Promise<WatchedVideo> {
  const watched = await readSession(pipeline, session);
  const { record, person, terms } = watched;
  const { coarser, variant } = terms;
  return { record, person, coarser, variant, walker: walkerOf(watched) };
}

/**
 * A walker that repeats a log.
 *
 * @returns a walker that throws a BespokeError `session-unusable` where the log leads elsewhere by now.
 */
function walkerOf({ log, rights }: Pick<WatchedSession, 'log' | 'rights'>): Playthrough {
  return (context) => {
    const replayed = replay(contextFor(context, rights), log);
    if (!replayed.ok) {
      throw errors.sessionLeadsElsewhere();
    }
    const { state } = replayed.session;
    if (state === undefined) throw errors.sessionEmpty();
    return state;
  };
}
