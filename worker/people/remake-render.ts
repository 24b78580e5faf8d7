import { randomBytes, randomUUID } from 'node:crypto';
import { rootOf } from '../../data/leaves.ts';
import type { AnyRecord } from '../../data/record.ts';
import { storyContextOf } from '../../video/story/bind.ts';
import { replay, type LogEntry, newSession, step } from '../../video/story/engine/session.ts';
import { absentImage } from '../../video/story/scene.ts';
import { plannedEntry } from '../../video/story/cuts.ts';
import type { ClipDraft } from '../core/clips.ts';
import { withStandingCuts } from '../core/cuts.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';
import { rememberTemplateCode } from '../core/plan-context.ts';
import { createPlanner, type Planner, type RenderPlan } from '../core/plan-render.ts';
import type { Render } from '../core/renders.ts';
import { requireTemplate } from '../core/require-template.ts';
import { removeErased } from '../core/erasure.ts';
import type { RecordChange } from '../core/viewers.ts';
import { tryNow } from '../core/settle.ts';
import { viewsSeen, viewsOfRecord, viewsAhead, type ViewerStory } from '../viewers/viewer-story.ts';
import type { StoryContext } from '../../video/story/engine/state.ts';

/** A render's record with its viewer's changes. */
export interface WantedRecord {
  readonly record: AnyRecord;
  /** All changes that hold from now on. */
  readonly changes: readonly RecordChange[];
  /** Those that held before. */
  readonly before: readonly RecordChange[];
}

/** Makes renders again whose record has changed. */
export interface Remaking {
  /**
   * Changes the record of a render. Clips that the change leaves as they are stay. What shows anything else is
   * gone at once, and the new render has its links when it is done. With the record as it is, a render that
   * could not be made is tried again.
   *
   * @param log of the viewer's session: clips that they have seen stay available if they are still the same.
   * @returns false, with nothing changed, where the record was changed since it was read.
   * @throws BespokeError `template-invalid` when the story cannot be walked with the record.
   */
  readonly change: (story: ViewerStory, wanted: WantedRecord, log: readonly LogEntry[]) => Promise<boolean>;
}

/** The clips that a session shows with the changed record. */
function clipsShown(story: ViewerStory, planner: Planner, log: readonly LogEntry[]): readonly string[] {
  const entries = relog(story.context, log);
  const replayed = entries && replay(story.context, entries);
  const state = replayed?.ok === true ? replayed.session.state : undefined;
  const pictures = [
    ...viewsOfRecord(story),
    ...(state === undefined ? [] : [...viewsSeen(story, state), ...viewsAhead(story, state)]),
  ];
  return pictures.map(({ bound }) => planner.clip(planner.time(bound)).key);
}

/** Creates `Remaking`, which remembers the code of templates. */
export function createRemaking(pipeline: Pipeline): Remaking {
  const { campaigns, renders, queue, hmac, registry, viewers } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  /** Records the remake as the row of a campaign of its own. @returns what to queue. */
  async function submit(
    { entry, source: { terms } }: ViewerStory,
    render: Render,
    plan: RenderPlan,
    clips: readonly ClipDraft[],
  ): Promise<{ readonly id: string; readonly start: () => Promise<void> }> {
    const id = randomUUID();
    const { format, asOf } = terms;
    await campaigns.openRemake({
      id,
      of: render.id,
      template: entry.template.id,
      format,
      asOf,
      quality: (await campaigns.find(render.campaign))?.quality ?? 'standard',
      priority: priorities.urgent,
    });
    const { key, path, beside, mix, assembly, durationInFrames, personal } = plan;
    const draft = {
      id,
      row: 1,
      fileName: `remake~${id}`,
      priority: priorities.urgent,
      link: randomBytes(16).toString('base64url'),
      person: render.person,
      warnings: plan.warnings,
      plan: {
        ...({ state: 'planned', key, path, mix, assembly, durationInFrames, personal } as const),
        beside: beside.map((clip) => clip.key),
      },
    };
    const wanted = await renders.record(id, [draft], clips);
    const priority = priorities.urgent;
    const start = (): Promise<void> =>
      queue.add([
        ...wanted.clips.map((clip) => ({ job: { name: 'render-clip', clip } as const, priority })),
        ...wanted.renders.map((render) => ({ job: { name: 'assemble-video', render } as const, priority })),
      ]);
    return { id, start };
  }

  return {
    change: async (story, { record, changes, before }, log) => {
      const { source, render: id } = story;
      const { format, encoding, asOf, variant, coarser } = source.terms;
      // A cut may have been withdrawn since.
      const standing = await withStandingCuts(pipeline, requireTemplate(registry, source.terms.template));
      const entry = plannedEntry(standing, { coarser });
      const { template } = entry;
      const withheld = new Set(changes.flatMap(({ name, kind }) => (kind === 'withheld' ? [name] : [])));
      const images = Object.fromEntries(
        Object.entries(source.images).map(([name, image]) => [
          name,
          withheld.has(name) || withheld.has(rootOf(name)) ? absentImage : image,
        ]),
      );
      const code = await templateCode(entry);
      const planner = createPlanner({ template, format, encoding, asOf, variant, ...code }, hmac);
      const learning = { signal: new AbortController().signal, make: true };
      const unspoken = await code.book?.learn(planner.texts(record, images), learning);
      const [why] = unspoken?.values() ?? [];
      if (why !== undefined) throw why;
      const plan = planner.render(record, images);
      const context = storyContextOf(template, record, images, { asOf, link: source.link?.to, variant });
      const now: ViewerStory = {
        ...story,
        ...{ entry, context },
        source: { ...source, terms: planner.terms, record, images },
      };
      const shown = new Set([
        ...[...plan.clips, ...plan.beside].map((clip) => clip.key),
        ...clipsShown(now, planner, log),
      ]);
      const outdated = (await viewers.clipsUsed(id)).filter((key) => !shown.has(key));
      const render = await renders.find(id);
      const made =
        render === undefined || plan.key === render.key
          ? undefined
          : await submit(now, render, plan, [...plan.clips, ...plan.beside]);
      const from = { record: source.record, changes: before };
      const changed = { from, source: now.source, changes, outdated, remake: made?.id };
      if (!(await viewers.change(id, changed))) return false;
      await tryNow(pipeline, async () => {
        await made?.start();
        await removeErased(pipeline);
      });
      return true;
    },
  };
}

/**
 * A log as it would have been written had the record always been what it is now: every event leads to the
 * same place by the same words, whatever values it sets.
 *
 * @returns `undefined` where the log leads elsewhere, so that the session must start again.
 */
export function relog(context: StoryContext, log: readonly LogEntry[]): readonly LogEntry[] | undefined {
  let session = newSession;
  const entries: LogEntry[] = [];
  for (const { event, to, says } of log) {
    const next = step(context, session, event);
    if (!next.ok || next.entry.to !== to || next.entry.says !== says) return undefined;
    session = next.session;
    entries.push(next.entry);
  }
  return entries;
}
