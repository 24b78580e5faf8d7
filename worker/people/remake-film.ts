import { randomBytes, randomUUID } from 'node:crypto';
import type { AnyRecord } from '../../data/record.ts';
import { storyContextOf } from '../../video/story/bind.ts';
import { replay, type LogEntry } from '../../video/story/engine/session.ts';
import { absentImage } from '../../video/story/scene.ts';
import type { ClipDraft } from '../core/clips.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';
import { rememberTemplateCode } from '../core/plan-context.ts';
import { createPlanner, type Planner, type VideoPlan } from '../core/plan-video.ts';
import { removeErased } from '../core/remove-erased.ts';
import { remakeIdentity, type RecordChange } from '../core/viewers.ts';
import { tryNow } from '../orders/place-order.ts';
import { tellPast, tellRecord, tellWalk, type ToldStory } from '../viewing/told-story.ts';
import { relog } from './relog.ts';

/** A film's record as its viewer wants it. */
export interface WantedRecord {
  readonly record: AnyRecord;
  /** All changes that hold from now on. */
  readonly changes: readonly RecordChange[];
  /** Those that held before. */
  readonly before: readonly RecordChange[];
}

/** Has films made anew whose record has changed. */
export interface Remaking {
  /**
   * Changes the record of a film. Clips that the change leaves as they are stay. What shows anything else is
   * gone at once, and the new film has its links when it is done. With the record as it is, a film that
   * could not be made is tried again.
   *
   * @param log of the viewer's session: what they have seen stays at hand where it is still the same.
   * @returns false, with nothing changed, where the record was changed since it was read.
   * @throws BespokeError `template-invalid` when the story cannot be walked with the record.
   */
  readonly change: (told: ToldStory, wanted: WantedRecord, log: readonly LogEntry[]) => Promise<boolean>;
}

/** The clips that a session shows with the changed record. */
function clipsShown(told: ToldStory, planner: Planner, log: readonly LogEntry[]): readonly string[] {
  const entries = relog(told.world, log);
  const replayed = entries && replay(told.world, entries);
  const walk = replayed?.ok === true ? replayed.session.state : undefined;
  const pictures = [
    ...tellRecord(told),
    ...(walk === undefined ? [] : [...tellPast(told, walk), ...tellWalk(told, walk)]),
  ];
  return pictures.map(({ bound }) => planner.clip(bound).key);
}

/** Makes what has films made anew; it remembers the code of templates. */
export function createRemaking(pipeline: Pipeline): Remaking {
  const { campaigns, renders, queue, keyring, viewers, people } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  /** Records the new film as the row of a campaign of its own. @returns what to queue. */
  async function submit(
    { entry, viewing: { terms } }: ToldStory,
    of: string,
    plan: VideoPlan,
    clips: readonly ClipDraft[],
  ): Promise<{ readonly id: string; readonly start: () => Promise<void> }> {
    const id = randomUUID();
    const { format, asOf } = terms;
    await campaigns.openRemake({
      id,
      identity: remakeIdentity(id),
      template: entry.template.id,
      format,
      asOf,
    });
    const { key, path, beside, mix, assembly, durationInFrames, personal } = plan;
    const draft = {
      id,
      row: 1,
      fileName: `remake~${id}`,
      priority: priorities.urgent,
      link: randomBytes(16).toString('base64url'),
      person: await people.personOf(of),
      warnings: [],
      plan: {
        ...({ state: 'planned', key, path, mix, assembly, durationInFrames, personal } as const),
        beside: beside.map((clip) => clip.key),
      },
    };
    const wanted = await renders.record(id, [draft], clips);
    await campaigns.finishRemake(id);
    const priority = priorities.urgent;
    const start = (): Promise<void> =>
      queue.add([
        ...wanted.clips.map((clip) => ({ job: { name: 'render-clip', clip } as const, priority })),
        ...wanted.videos.map((video) => ({ job: { name: 'assemble-video', video } as const, priority })),
      ]);
    return { id, start };
  }

  return {
    change: async (told, { record, changes, before }, log) => {
      const { entry, viewing, video } = told;
      const { template } = entry;
      const { format, encoding, asOf } = viewing.terms;
      const withheld = new Set(changes.flatMap(({ name, kind }) => (kind === 'withheld' ? [name] : [])));
      const images = Object.fromEntries(
        Object.entries(viewing.images).map(([name, image]) => [
          name,
          withheld.has(name) ? absentImage : image,
        ]),
      );
      const planner = createPlanner(
        { template, format, encoding, asOf, ...(await templateCode(entry)) },
        keyring,
      );
      const plan = planner.video(record, images);
      const world = storyContextOf(template, record, images, { asOf });
      const now: ToldStory = { ...told, world, viewing: { terms: planner.terms, record, images } };
      const shown = new Set([
        ...[...plan.clips, ...plan.beside].map((clip) => clip.key),
        ...clipsShown(now, planner, log),
      ]);
      const outdated = (await viewers.clipsUsed(video)).filter((key) => !shown.has(key));
      const film = await renders.find(video);
      const made =
        plan.key === film?.key ? undefined : await submit(now, video, plan, [...plan.clips, ...plan.beside]);
      const from = { record: viewing.record, changes: before };
      const changed = { from, source: now.viewing, changes, outdated, remake: made?.id };
      if (!(await viewers.change(video, changed))) return false;
      await tryNow(pipeline, async () => {
        await made?.start();
        await removeErased(pipeline);
      });
      return true;
    },
  };
}
