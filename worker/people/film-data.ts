import { randomBytes } from 'node:crypto';
import type { AnyRecord } from '../../data/record.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { readVariables } from '../../video/story/engine/state.ts';
import type {
  KnownChange,
  KnownChanged,
  KnownView,
  RemakeView,
  ShareView,
} from '../../video/story/engine/viewer-protocol.ts';
import { replay } from '../../video/story/engine/session.ts';
import type { Variables } from '../../video/story/engine/condition.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { RecordChange } from '../core/viewers.ts';
import type { ViewerSession } from '../core/viewers.ts';
import { pageAddress, type LinkTerms } from '../orders/links.ts';
import { viewRemake } from '../viewing/shown-film.ts';
import { findStory, type ToldStory } from '../viewing/told-story.ts';
import type { ViewerAccess } from '../viewing/viewer-access.ts';
import { checkChanges, checkValue } from './check-changes.ts';
import { viewKnown } from './known-view.ts';
import { createRemaking } from './remake-film.ts';
import { relog } from './relog.ts';

/** Tabs that change one record at once are as many as one person has. */
const mostTries = 4;

/** A record as it is to be, or that it stays. */
type Decision =
  | { readonly ok: true; readonly record: AnyRecord; readonly changes: readonly RecordChange[] }
  | { readonly ok: false };

/** What owners of a film ask and say about their data. */
export interface FilmData {
  readonly known: (access: ViewerAccess) => Promise<KnownView>;
  readonly change: (access: ViewerAccess, changes: readonly KnownChange[]) => Promise<KnownChanged>;
  /** Whether the film is being made anew. */
  readonly remake: (access: Pick<ViewerAccess, 'video'>) => RemakeView;
  /** Tries once more to make a film anew that could not be made. */
  readonly makeAgain: (access: ViewerAccess) => Promise<RemakeView>;
  /** Lets an answer change the record, or no longer: then the record is again what it was. */
  readonly consent: (access: ViewerAccess, variable: string, agreed: boolean) => Promise<KnownView>;
  /** Writes answers into the record as far as their viewer agreed. To be called after anything they did. */
  readonly writeBack: (access: Pick<ViewerAccess, 'session' | 'video'>) => Promise<void>;
  /** A link for watching only; the same until it is withdrawn. */
  readonly share: (access: ViewerAccess) => Promise<ShareView>;
  readonly unshare: (access: ViewerAccess) => Promise<void>;
}

/** Makes what the door of viewers needs. */
export function createFilmData(pipeline: Pipeline, terms: LinkTerms): FilmData {
  const { renders, viewers, keyring } = pipeline;
  const remaking = createRemaking(pipeline);

  async function storyOf(video: string): Promise<ToldStory> {
    const told = await findStory(pipeline, video, 'owner');
    if (told === undefined) throw new Error(`Video ${video} has a session, and nothing it is made from.`);
    return told;
  }

  /** The story's own variables where a session stands. */
  async function answersOf(told: ToldStory, session: ViewerSession): Promise<Variables> {
    const log = await viewers.log(session.id);
    const replayed = replay(
      told.world,
      log.map(({ entry }) => entry),
    );
    const walk = replayed.ok ? replayed.session.state : undefined;
    return walk === undefined ? {} : readVariables(told.world, walk.variables);
  }

  /** Goes on with a session whose record has changed. @returns whether it must begin anew. */
  async function goOn(told: ToldStory, session: ViewerSession): Promise<boolean> {
    const log = await viewers.log(session.id);
    const entries = relog(
      told.world,
      log.map(({ entry }) => entry),
    );
    if (entries !== undefined && (await viewers.rewrite(session.id, session.run, entries))) return false;
    await viewers.restart(session.id, session.run, told.name);
    return true;
  }

  const known = async ({ video, session }: Pick<ViewerAccess, 'session' | 'video'>): Promise<KnownView> => {
    const told = await storyOf(video.id);
    const [changes, consents, link, answers] = await Promise.all([
      viewers.changes(video.id),
      viewers.consents(video.id),
      viewers.sharedLink(video.id),
      answersOf(told, session),
    ]);
    return viewKnown({ told, changes, answers, consents, shared: link !== undefined });
  };

  /**
   * Changes a record as `decide` wants it, which is asked again where another tab was faster: what was
   * withheld there must not come back.
   *
   * @returns what was decided, and whether the session begins anew.
   */
  async function apply<T extends Decision>(
    { video, session }: Pick<ViewerAccess, 'session' | 'video'>,
    decide: (told: ToldStory, before: readonly RecordChange[]) => T | Promise<T>,
  ): Promise<{ readonly decided: T; readonly restarts: boolean }> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const told = await storyOf(video.id);
      const before = await viewers.changes(video.id);
      const decided = await decide(told, before);
      if (!decided.ok) return { decided, restarts: false };
      const log = (await viewers.log(session.id)).map(({ entry }) => entry);
      const { record, changes } = decided;
      if (await remaking.change(told, { record, changes, before }, log))
        return { decided, restarts: await goOn(await storyOf(video.id), session) };
    }
    throw new BespokeError('service-unavailable', 'The record is being changed from elsewhere, too.');
  }

  function declarationOf({ entry: { template } }: ToldStory, variable: string) {
    const found = Object.hasOwn(template.story.variables, variable)
      ? template.story.variables[variable]
      : undefined;
    if (typeof found?.writeBack === 'object') return found.writeBack;
    throw new BespokeError('request-invalid', 'No answer of this film is written back under this name.');
  }

  async function writeBack(access: Pick<ViewerAccess, 'session' | 'video'>): Promise<void> {
    const { video, session } = access;
    const consents = await viewers.consents(video.id);
    if (consents.length > 0) await apply(access, (told, before) => answered(told, session, consents, before));
  }

  /** A record with the answers in it that its viewer let change it. */
  async function answered(
    told: ToldStory,
    session: ViewerSession,
    consents: readonly string[],
    before: readonly RecordChange[],
  ): Promise<Decision> {
    const { template } = told.entry;
    const answers = await answersOf(told, session);
    const changes = new Map(before.map((change) => [change.name, change]));
    const record: Record<string, unknown> = { ...told.viewing.record };
    let changed = false;
    for (const variable of consents) {
      const { field: name } = declarationOf(told, variable);
      const field = template.record[name];
      const answer = answers[variable];
      if (field === undefined || answer === undefined || answer === record[name]) continue;
      // A choice of the story may have no counterpart in the record.
      const checked = checkValue(template, name, field, answer);
      if (!checked.ok || checked.value === record[name]) continue;
      const original = changes.has(name) ? changes.get(name)?.original : record[name];
      record[name] = checked.value;
      changes.set(name, { name, kind: 'answered', original });
      changed = true;
    }
    return changed ? { ok: true, record, changes: [...changes.values()] } : { ok: false };
  }

  /** A record without what an answer changed of a field. */
  function unanswered(told: ToldStory, name: string, before: readonly RecordChange[]): Decision {
    const answer = before.find((change) => change.name === name && change.kind === 'answered');
    if (answer === undefined) return { ok: false };
    const record = { ...told.viewing.record, [name]: answer.original ?? undefined };
    return { ok: true, record, changes: before.filter((each) => each !== answer) };
  }

  return {
    known,
    writeBack,

    change: async (access, wanted) => {
      const { decided, restarts } = await apply(access, (told, before) =>
        checkChanges(told.entry.template, told.viewing.record, before, wanted),
      );
      if (!decided.ok) return { outcome: 'refused', faults: decided.faults };
      return { outcome: 'changed', known: await known(access), restarts };
    },

    remake: ({ video }) => viewRemake(video),
    makeAgain: async (access) => {
      const { id } = access.video;
      const { decided } = await apply(access, async (told, changes) =>
        viewRemake((await renders.find(id)) ?? access.video).state === 'failed'
          ? { ok: true, record: told.viewing.record, changes }
          : { ok: false },
      );
      // It was begun just now, even where it has failed again by now.
      if (decided.ok) return { state: 'making' };
      return viewRemake((await renders.find(id)) ?? access.video);
    },

    consent: async (access, variable, agreed) => {
      const { id } = access.video;
      const told = await storyOf(id);
      const { field: name } = declarationOf(told, variable);
      await viewers.setConsent(id, variable, agreed);
      if (agreed) await writeBack(access);
      else await apply(access, (now, before) => unanswered(now, name, before));
      return known(access);
    },

    share: async ({ video, expiresAt }) => {
      const link = await viewers.share(video.id, randomBytes(16).toString('base64url'));
      return { url: pageAddress(keyring, link, terms), expiresAt: expiresAt.toISOString() };
    },
    unshare: ({ video }) => viewers.unshare(video.id),
  };
}
