import { BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { type BoundScene, sceneTexts } from '../../video/story/time-scene.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { ClipDraft } from '../core/clips.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';
import { rememberTemplateCode } from '../core/plan-context.ts';
import { createPlanner, type Planner } from '../core/plan-render.ts';
import { createSpeechBook, type SpeechBook } from '../core/speech.ts';
import { withTimeLimit } from '../core/within-time.ts';
import type { WantedView, ViewerStory } from './viewer-story.ts';

/** A clip for a viewer. */
export interface ViewerClip {
  readonly name: string;
  readonly bound: BoundScene;
  readonly key: string;
  readonly state: 'stored' | 'making';
}

/** What is done about clips that are not stored. */
export type MissingClips = 'order' | 'leave-out';

/** Finds the clips of pictures, and has those made that are not there. */
export interface ViewerClips {
  /**
   * The clips of pictures, each once. One that could not be made is left out, unless the viewer is at that node.
   *
   * @param missing `order`: what is not stored is wanted from now on, and is made by the code of today. `leave-out`: it
   * is left out; a player gets it when its viewer comes near.
   */
  readonly find: (
    story: ViewerStory,
    pictures: readonly WantedView[],
    missing: MissingClips,
  ) => Promise<readonly ViewerClip[]>;
  /** Reads the code of a template before it is needed. */
  readonly warm: (entry: RegistryEntry) => void;
}

/** Keys as they were when the render was planned, so that what was made then is found. */
function plannedWith(pipeline: Pipeline, { source: { terms }, entry }: ViewerStory): ViewPlanner {
  const codeHashes = new Map(Object.entries(terms.codeHashes));
  const book = terms.voice === undefined ? undefined : createSpeechBook(pipeline, terms.voice);
  const context = {
    ...terms,
    template: entry.template,
    codeHashes,
    speak: book?.speak,
  };
  return { planner: createPlanner(context, pipeline.hmac), book };
}

interface ViewPlanner {
  readonly planner: Planner;
  readonly book: SpeechBook | undefined;
}

/** How long a viewer's request waits for a voice. What it did not say by then is tried again with the next request. */
const patienceMs = 8_000;

/**
 * Views with the times of what they say.
 *
 * @param make whether what was never said is synthesized now; views of which something cannot be said are left out.
 */
async function timeViews(
  { log }: Pick<Pipeline, 'log'>,
  { planner, book }: ViewPlanner,
  { entry: { template } }: ViewerStory,
  views: readonly WantedView[],
  make: boolean,
): Promise<readonly WantedView[]> {
  if (book === undefined) return views;
  const texts = new Map(views.map((view) => [view, sceneTexts(template, view.bound)]));
  const late = () => errors.speechUnavailable({ why: `It did not answer within ${patienceMs / 1000} s.` });
  try {
    await withTimeLimit({ ms: patienceMs, late }, (signal) =>
      book.learn([...texts.values()].flat(), { signal, make }),
    );
  } catch (error) {
    if (!hasCode(error, 'speech-unavailable')) throw error;
    log.warn('a voice did not speak for a viewer in time', { code: error.code });
  }
  const isSaid = (view: WantedView): boolean =>
    texts.get(view)?.every((text) => book.speak(text).hash !== undefined) === true;
  return views.flatMap((view) =>
    make && !isSaid(view) ? [] : [{ ...view, bound: planner.time(view.bound) }],
  );
}

/** Of pictures with one name the most urgent. */
function mostUrgent(pictures: readonly WantedView[]): readonly WantedView[] {
  const byName = new Map<string, WantedView>();
  for (const picture of pictures) {
    const known = byName.get(picture.name);
    if (known === undefined || picture.priority < known.priority) byName.set(picture.name, picture);
  }
  return [...byName.values()];
}

/** Has clips made by the workers of the deployment, before all work that nobody watches. */
export function createViewerClips(pipeline: Pipeline): ViewerClips {
  const { clips, queue, hmac, log } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  /** @returns `undefined` where the template speaks and there is no voice any more: nothing of it can be made. */
  async function plannedNow({ source: { terms }, entry }: ViewerStory): Promise<ViewPlanner | undefined> {
    const { format, encoding, asOf } = terms;
    try {
      const context = { template: entry.template, format, encoding, asOf, ...(await templateCode(entry)) };
      return { planner: createPlanner(context, hmac), book: context.book };
    } catch (error) {
      if (!hasCode(error, 'speech-unset') && !hasCode(error, 'speech-unavailable')) throw error;
      log.warn('clips that speak cannot be made for a viewer', { code: error.code });
      return undefined;
    }
  }

  async function demand(
    render: string,
    demands: readonly { readonly clip: ClipDraft; readonly priority: number }[],
  ): Promise<void> {
    const wanted = await clips.demand(render, demands);
    await queue.add(
      wanted.map(({ key, priority }) => ({ job: { name: 'render-clip', clip: key }, priority })),
    );
  }

  /** Clips of pictures that are not stored as they were planned. */
  async function findByCodeOfToday(
    story: ViewerStory,
    missing: readonly WantedView[],
    which: MissingClips,
  ): Promise<readonly ViewerClip[]> {
    const now = await plannedNow(story);
    if (now === undefined) return [];
    const timed = await timeViews(pipeline, now, story, missing, which === 'order');
    const drafts = timed.map((view) => ({ ...view, clip: now.planner.clip(view.bound) }));
    const states = await clips.states(drafts.map(({ clip }) => clip.key));
    const shown = drafts.filter(({ clip, priority }) => {
      const state = states.get(clip.key);
      if (which === 'leave-out') return state === 'stored';
      return state !== 'failed' || priority === priorities.urgent;
    });
    if (which === 'order')
      await demand(
        story.render,
        shown.filter(({ clip }) => states.get(clip.key) !== 'stored'),
      );
    return shown.map(({ name, bound, clip }) => ({
      name,
      bound,
      key: clip.key,
      state: states.get(clip.key) === 'stored' ? 'stored' : 'making',
    }));
  }

  return {
    find: async (story, all, which) => {
      const planned = plannedWith(pipeline, story);
      const pictures = await timeViews(pipeline, planned, story, mostUrgent(all), false);
      const { codeHashes } = story.source.terms;
      const drafts = pictures.map((picture) => ({
        picture,
        key: Object.hasOwn(codeHashes, picture.bound.scene)
          ? planned.planner.clip(picture.bound).key
          : undefined,
      }));
      const states = await clips.states(drafts.flatMap(({ key }) => key ?? []));
      const stored = drafts.flatMap(({ picture: { name, bound }, key }) =>
        key !== undefined && states.get(key) === 'stored'
          ? [{ name, bound, key, state: 'stored' as const }]
          : [],
      );
      const personal = stored.filter(({ bound }) => bound.personal).map(({ key }) => key);
      const kept = personal.length === 0 ? new Set<string>() : await clips.keepFor(story.render, personal);
      const found = stored.filter(({ bound, key }) => !bound.personal || kept.has(key));
      const there = new Set(found.map(({ name }) => name));
      const missing = pictures.filter(({ name }) => !there.has(name));
      return missing.length === 0 ? found : [...found, ...(await findByCodeOfToday(story, missing, which))];
    },

    warm: (entry) => {
      templateCode(entry).catch((error: unknown) => {
        const code = error instanceof BespokeError ? error.code : 'internal';
        log.warn('the code of a template cannot be read', { template: entry.template.id, code });
      });
    },
  };
}
