import { BespokeError } from '../../errors/bespoke-error.ts';
import type { AnyRecord } from '../../data/record.ts';
import type { Playthrough } from '../../video/story/playthrough.ts';
import { replay, type LogEntry } from '../../video/story/engine/session.ts';
import type { WatchedFilm } from '../core/jobs/order-rows.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { PlanTerms, ViewerRights } from '../core/viewers.ts';
import { walkedWorld } from './told-story.ts';

/** What a session's film is made from. */
export interface WatchedSession {
  readonly terms: PlanTerms;
  readonly record: AnyRecord;
  /** HMAC of the customer's id, where one is known. */
  readonly person: string | undefined;
  readonly log: readonly LogEntry[];
  /** Of its viewer. */
  readonly rights: ViewerRights;
}

const unusable = (message: string): BespokeError => new BespokeError('session-unusable', message);

/**
 * Reads a recorded session.
 *
 * @throws BespokeError `session-unusable` when it is unknown, or its film's making was erased.
 */
export async function readSession(
  { viewers, renders }: Pick<Pipeline, 'viewers' | 'renders'>,
  id: string,
): Promise<WatchedSession> {
  const session = await viewers.findSession(id);
  if (session === undefined) throw unusable('No session has this id, or it was erased.');
  const [viewing, video, logged] = await Promise.all([
    renders.source(session.video),
    renders.find(session.video),
    viewers.log(id),
  ]);
  if (viewing === undefined) throw unusable('What the film of this session was made from is gone.');
  const { terms, record } = viewing;
  return {
    terms,
    record,
    person: video?.person,
    log: logged.map(({ entry }) => entry),
    rights: session.rights,
  };
}

/**
 * Reads the film of a recorded session as it was watched.
 *
 * @throws BespokeError `session-unusable`.
 */
export async function readWatchedFilm(
  pipeline: Pick<Pipeline, 'viewers' | 'renders'>,
  session: string,
): Promise<WatchedFilm> {
  const watched = await readSession(pipeline, session);
  return { record: watched.record, person: watched.person, walker: watchedWalk(watched) };
}

/**
 * A walker that goes the way that a log tells, as far as it goes.
 *
 * @returns a walker that throws a BespokeError `session-unusable` where the log leads elsewhere by now.
 */
function watchedWalk({ log, rights }: Pick<WatchedSession, 'log' | 'rights'>): Playthrough {
  return (world) => {
    const replayed = replay(walkedWorld(world, rights), log);
    if (!replayed.ok) {
      throw unusable('The story or the record has changed since, and the session leads elsewhere by now.');
    }
    const { state: walk } = replayed.session;
    if (walk === undefined) throw unusable('Nothing was watched in this session yet.');
    return walk;
  };
}
