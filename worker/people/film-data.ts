import { randomBytes } from 'node:crypto';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { readVariables } from '../../video/story/engine/walk.ts';
import type { KnownChange, KnownChanged, KnownView, ShareView } from '../../video/story/engine/known.ts';
import { replay } from '../../video/story/engine/replay.ts';
import type { Variables } from '../../video/story/engine/condition.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { ViewerSession } from '../core/viewings.ts';
import { pageAddress, type LinkTerms } from '../orders/links.ts';
import { findStory, type ToldStory } from '../viewing/told-story.ts';
import type { ViewerAccess } from '../viewing/viewer-access.ts';
import { checkChanges, checkValue, type CheckedChanges } from './check-changes.ts';
import { viewKnown } from './known-view.ts';
import { createRemaking } from './remake-film.ts';
import { relog } from './relog.ts';

/** What owners of a film ask and say about their data. */
export interface FilmData {
  readonly known: (access: ViewerAccess) => Promise<KnownView>;
  readonly change: (access: ViewerAccess, changes: readonly KnownChange[]) => Promise<KnownChanged>;
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
  const { viewings, viewerData, keyring } = pipeline;
  const remaking = createRemaking(pipeline);

  async function storyOf(video: string): Promise<ToldStory> {
    const told = await findStory(pipeline, video);
    if (told === undefined) throw new Error(`Video ${video} has a session, and nothing it is made from.`);
    return told;
  }

  /** The story's own variables where a session stands. */
  async function answersOf(told: ToldStory, session: ViewerSession): Promise<Variables> {
    const log = await viewings.log(session.id);
    const replayed = replay(
      told.world,
      log.map(({ entry }) => entry),
    );
    const walk = replayed.ok ? replayed.session.walk : undefined;
    return walk === undefined ? {} : readVariables(told.world, walk.variables);
  }

  /** Goes on with a session whose record has changed. @returns whether it must begin anew. */
  async function goOn(told: ToldStory, session: ViewerSession): Promise<boolean> {
    const log = await viewings.log(session.id);
    const entries = relog(
      told.world,
      log.map(({ entry }) => entry),
    );
    if (entries !== undefined && (await viewings.rewrite(session.id, session.run, entries))) return false;
    await viewings.restart(session.id, session.run, told.name);
    return true;
  }

  const known = async ({ video, session }: Pick<ViewerAccess, 'session' | 'video'>): Promise<KnownView> => {
    const told = await storyOf(video.id);
    const [changes, consents, link, answers] = await Promise.all([
      viewerData.changes(video.id),
      viewerData.consents(video.id),
      viewerData.sharedLink(video.id),
      answersOf(told, session),
    ]);
    return viewKnown({ told, changes, answers, consents, shared: link !== undefined });
  };

  /** @returns whether the session begins anew. */
  async function apply(
    { video, session }: Pick<ViewerAccess, 'session' | 'video'>,
    told: ToldStory,
    { record, changes }: Extract<CheckedChanges, { readonly ok: true }>,
  ): Promise<boolean> {
    const log = (await viewings.log(session.id)).map(({ entry }) => entry);
    await remaking.change(told, video, record, changes, log);
    return goOn(await storyOf(video.id), session);
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
    const consents = await viewerData.consents(video.id);
    if (consents.length === 0) return;
    const told = await storyOf(video.id);
    const { template } = told.entry;
    const [answers, before] = await Promise.all([answersOf(told, session), viewerData.changes(video.id)]);
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
    if (changed) await apply(access, told, { ok: true, record, changes: [...changes.values()] });
  }

  return {
    known,
    writeBack,

    change: async (access, wanted) => {
      const told = await storyOf(access.video.id);
      const before = await viewerData.changes(access.video.id);
      const checked = checkChanges(told.entry.template, told.viewing.record, before, wanted);
      if (!checked.ok) return { outcome: 'refused', faults: checked.faults };
      const restarts = await apply(access, told, checked);
      return { outcome: 'changed', known: await known(access), restarts };
    },

    consent: async (access, variable, agreed) => {
      const { id } = access.video;
      const told = await storyOf(id);
      const { field: name } = declarationOf(told, variable);
      await viewerData.setConsent(id, variable, agreed);
      if (agreed) {
        await writeBack(access);
      } else {
        const before = await viewerData.changes(id);
        const answered = before.find((change) => change.name === name && change.kind === 'answered');
        if (answered !== undefined) {
          const record = { ...told.viewing.record, [name]: answered.original ?? undefined };
          await apply(access, told, {
            ok: true,
            record,
            changes: before.filter((each) => each !== answered),
          });
        }
      }
      return known(access);
    },

    share: async ({ video, expiresAt }) => {
      const link = await viewerData.share(video.id, randomBytes(16).toString('base64url'));
      return { url: pageAddress(keyring, link, terms), expiresAt: expiresAt.toISOString() };
    },
    unshare: ({ video }) => viewerData.unshare(video.id),
  };
}
