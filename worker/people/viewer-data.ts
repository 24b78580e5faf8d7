import { randomBytes } from 'node:crypto';
import type { AnyRecord } from '../../data/record.ts';
import { errors } from '../../errors/messages.ts';
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
import type { RecordChange, ViewerSession } from '../core/viewers.ts';
import { pageAddress, type LinkOptions } from '../campaigns/links.ts';
import { remakeView } from '../viewers/shown-render.ts';
import { findStory, type ViewerStory } from '../viewers/viewer-story.ts';
import type { ViewerAccess } from '../viewers/viewer-access.ts';
import { checkChanges, checkValue } from './check-changes.ts';
import { viewKnown } from './known-view.ts';
import { createRemaking, relog } from './remake-render.ts';

/** Tabs that change one record at once are as many as one person has. */
const mostTries = 4;

/** A record as it is to be, or that it stays. */
type Decision =
  | { readonly ok: true; readonly record: AnyRecord; readonly changes: readonly RecordChange[] }
  | { readonly ok: false };

/** What viewers ask and say about their data. */
export interface ViewerData {
  readonly known: (access: ViewerAccess) => Promise<KnownView>;
  readonly change: (access: ViewerAccess, changes: readonly KnownChange[]) => Promise<KnownChanged>;
  /** Whether the render is being made again. */
  readonly remake: (access: Pick<ViewerAccess, 'render'>) => RemakeView;
  /** Tries a remake again that failed. */
  readonly makeAgain: (access: ViewerAccess) => Promise<RemakeView>;
  /** Lets an answer change the record, or no longer: then the record is again what it was. */
  readonly consent: (access: ViewerAccess, variable: string, agreed: boolean) => Promise<KnownView>;
  /** Writes answers into the record as far as their viewer agreed. To be called after anything they did. */
  readonly writeBack: (access: Pick<ViewerAccess, 'session' | 'render'>) => Promise<void>;
  /** A link for watching only; the same until it is withdrawn. */
  readonly share: (access: ViewerAccess) => Promise<ShareView>;
  readonly unshare: (access: ViewerAccess) => Promise<void>;
}

/** Makes what the door of viewers needs. */
export function createViewerData(pipeline: Pipeline, terms: LinkOptions): ViewerData {
  const { renders, viewers, hmac } = pipeline;
  const remaking = createRemaking(pipeline);

  async function storyOf(render: string): Promise<ViewerStory> {
    const story = await findStory(pipeline, render, 'owner');
    if (story === undefined) throw new Error(`Render ${render} has a session but no source.`);
    return story;
  }

  /** The story's own variables in a session, as they are now. */
  async function answersOf(story: ViewerStory, session: ViewerSession): Promise<Variables> {
    const log = await viewers.log(session.id);
    const replayed = replay(
      story.context,
      log.map(({ entry }) => entry),
    );
    const state = replayed.ok ? replayed.session.state : undefined;
    return state === undefined ? {} : readVariables(story.context, state.variables);
  }

  /** Continues a session whose record has changed. @returns whether it must start again. */
  async function goOn(story: ViewerStory, session: ViewerSession): Promise<boolean> {
    const log = await viewers.log(session.id);
    const entries = relog(
      story.context,
      log.map(({ entry }) => entry),
    );
    if (entries !== undefined && (await viewers.rewrite(session.id, session.run, entries))) return false;
    await viewers.restart(session.id, session.run, story.name);
    return true;
  }

  const known = async ({ render, session }: Pick<ViewerAccess, 'session' | 'render'>): Promise<KnownView> => {
    const story = await storyOf(render.id);
    const [changes, consents, link, answers] = await Promise.all([
      viewers.changes(render.id),
      viewers.consents(render.id),
      viewers.sharedLink(render.id),
      answersOf(story, session),
    ]);
    return viewKnown({ story, changes, answers, consents, shared: link !== undefined });
  };

  /**
   * Changes a record as `decide` wants it, which is asked again where another tab was faster: what was
   * withheld there must not come back.
   *
   * @returns what was decided, and whether the session starts again.
   */
  async function apply<T extends Decision>(
    { render, session }: Pick<ViewerAccess, 'session' | 'render'>,
    decide: (story: ViewerStory, before: readonly RecordChange[]) => T | Promise<T>,
  ): Promise<{ readonly decided: T; readonly restarts: boolean }> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const story = await storyOf(render.id);
      const before = await viewers.changes(render.id);
      const decided = await decide(story, before);
      if (!decided.ok) return { decided, restarts: false };
      const log = (await viewers.log(session.id)).map(({ entry }) => entry);
      const { record, changes } = decided;
      if (await remaking.change(story, { record, changes, before }, log))
        return { decided, restarts: await goOn(await storyOf(render.id), session) };
    }
    throw errors.recordBusy();
  }

  function declarationOf({ entry: { template } }: ViewerStory, variable: string) {
    const found = Object.hasOwn(template.story.variables, variable)
      ? template.story.variables[variable]
      : undefined;
    if (typeof found?.writeBack === 'object') return found.writeBack;
    throw errors.answerNotWrittenBack();
  }

  async function writeBack(access: Pick<ViewerAccess, 'session' | 'render'>): Promise<void> {
    const { render, session } = access;
    const consents = await viewers.consents(render.id);
    if (consents.length > 0)
      await apply(access, (story, before) => answered(story, session, consents, before));
  }

  /** A record with the answers in it that its viewer let change it. */
  async function answered(
    story: ViewerStory,
    session: ViewerSession,
    consents: readonly string[],
    before: readonly RecordChange[],
  ): Promise<Decision> {
    const { template } = story.entry;
    const answers = await answersOf(story, session);
    const changes = new Map(before.map((change) => [change.name, change]));
    const record: Record<string, unknown> = { ...story.source.record };
    let changed = false;
    for (const variable of consents) {
      const { field: name } = declarationOf(story, variable);
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
  function unanswered(story: ViewerStory, name: string, before: readonly RecordChange[]): Decision {
    const answer = before.find((change) => change.name === name && change.kind === 'answered');
    if (answer === undefined) return { ok: false };
    const record = { ...story.source.record, [name]: answer.original ?? undefined };
    return { ok: true, record, changes: before.filter((each) => each !== answer) };
  }

  return {
    known,
    writeBack,

    change: async (access, wanted) => {
      const { decided, restarts } = await apply(access, (story, before) =>
        checkChanges(story.entry.template, story.source.record, before, wanted),
      );
      if (!decided.ok) return { outcome: 'refused', faults: decided.faults };
      return { outcome: 'changed', known: await known(access), restarts };
    },

    remake: ({ render }) => remakeView(render),
    makeAgain: async (access) => {
      const { id } = access.render;
      const { decided } = await apply(access, async (story, changes) =>
        remakeView((await renders.find(id)) ?? access.render).state === 'failed'
          ? { ok: true, record: story.source.record, changes }
          : { ok: false },
      );
      // It was started just now, even if it has failed again already.
      if (decided.ok) return { state: 'making' };
      return remakeView((await renders.find(id)) ?? access.render);
    },

    consent: async (access, variable, agreed) => {
      const { id } = access.render;
      const story = await storyOf(id);
      const { field: name } = declarationOf(story, variable);
      await viewers.setConsent(id, variable, agreed);
      if (agreed) await writeBack(access);
      else await apply(access, (now, before) => unanswered(now, name, before));
      return known(access);
    },

    share: async ({ render, expiresAt }) => {
      const link = await viewers.share(render.id, randomBytes(16).toString('base64url'));
      return { url: pageAddress(hmac, link, terms), expiresAt: expiresAt.toISOString() };
    },
    unshare: ({ render }) => viewers.unshare(render.id),
  };
}
