import { authoredNode } from '../../video/story/each.ts';
import { choicesOf, type Story } from '../../video/story/engine/graph.ts';
import { member } from '../../video/story/engine/condition.ts';
import type { ReportEvents, ViewerEvent } from '../../video/story/engine/viewer-protocol.ts';
import { findTemplate } from '../../video/story/registry.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { EventContent, MachineReason, NamedClip, PageEvent } from '../core/viewer-events.ts';
import { readClipRef } from '../viewers/tokens.ts';
import type { ViewerAccess } from '../viewers/viewer-access.ts';
import { viewerFigures } from './viewer-figures.ts';

type MeasuringPipeline = Pick<Pipeline, 'viewerEvents' | 'registry' | 'hmac' | 'clock'>;

/** Keys of the clips that events name, by `ref`: of those that were signed for the viewer's link. */
function keysOf({ hmac }: MeasuringPipeline, events: readonly ViewerEvent[], link: string) {
  const refs = new Set(events.flatMap((event) => ('clip' in event ? (event.clip ?? []) : [])));
  return [...refs].flatMap((ref) => {
    const key = readClipRef(hmac, ref, link);
    return key === undefined ? [] : [[ref, key] as const];
  });
}

/** Whether a story has what an event speaks of. */
function fitsStory(story: Story, event: ViewerEvent): boolean {
  if (!('node' in event)) return true;
  const node = member(story.nodes, authoredNode(event.node));
  if (node === undefined) return false;
  if (event.type === 'chosen') return choicesOf(node).some(({ id }) => id === event.choice);
  return true;
}

/** An event as it is kept; `undefined` where it fits neither the story nor its clips. */
function keptEvent(
  { seq, ms, ...event }: ViewerEvent,
  story: Story,
  clips: ReadonlyMap<string, NamedClip>,
): PageEvent | undefined {
  if (!fitsStory(story, { seq, ms, ...event })) return undefined;
  if (!('clip' in event) || event.clip === undefined) return { seq, ms, content: event };
  const clip = clips.get(event.clip);
  const node = member(story.nodes, authoredNode(event.node));
  const scenes = node !== undefined && 'scene' in node ? [node.scene, node.generic?.scene] : [];
  if (clip === undefined || !scenes.includes(clip.scene)) return undefined;
  const { clip: _ref, ...rest } = event;
  const named = { ...(!clip.personal && { clip: clip.key }), clipFrames: clip.durationInFrames };
  if (rest.type === 'watched') {
    const toFrame = Math.min(rest.toFrame, clip.durationInFrames);
    if (toFrame <= rest.fromFrame) return undefined;
    return { seq, ms, content: { ...rest, ...named, toFrame } };
  }
  return { seq, ms, content: { ...rest, ...named } };
}

/** The server's own event about a page. */
const machineEvent = (reason: MachineReason): PageEvent => ({
  seq: -1,
  ms: 0,
  content: { type: 'machine', reason } satisfies EventContent,
});

/** What a viewer's page reports, and what the server saw of the request. */
export interface ViewerReport extends ReportEvents {
  /** Why the request is taken for that of a machine. */
  readonly machine: MachineReason | undefined;
}

/** Clocks of pages are a little off, and requests take a while. */
const toleranceMs = 60_000;

/**
 * Keeps what happened on a viewer's page. What does not fit the story is left out.
 *
 * @returns how many events are known now.
 */
export async function takeViewerEvents(
  pipeline: MeasuringPipeline,
  { session, render }: ViewerAccess,
  { page, ms, device, automated, events, machine }: ViewerReport,
): Promise<number> {
  const { viewerEvents, registry, clock } = pipeline;
  const keys = keysOf(pipeline, events, session.link);
  const subjects = await viewerEvents.subjects(
    render.id,
    keys.map(([, key]) => key),
  );
  if (subjects === undefined) return 0;
  const template = findTemplate(registry, subjects.template)?.template;
  if (template === undefined) return 0;
  const byKey = new Map(subjects.clips.map((clip) => [clip.key, clip]));
  const clips = new Map(
    keys.flatMap(([ref, key]) => {
      const clip = byKey.get(key);
      return clip === undefined ? [] : [[ref, clip] as const];
    }),
  );
  const kept = events.flatMap((event) =>
    event.ms > ms + toleranceMs ? [] : (keptEvent(event, template.story, clips) ?? []),
  );
  const reason = machine ?? (automated ? 'automated' : undefined);
  const all = reason === undefined ? kept : [machineEvent(reason), ...kept];
  if (all.length === 0) return 0;
  const known = await viewerEvents.add(
    { session: session.id, render: render.id, rights: session.rights, fps: template.fps },
    { page, openedAt: new Date(clock.now().getTime() - ms), device, events: all },
  );
  return Math.min(known, kept.length);
}

/** Lets a viewer be counted or not. With `false` what is known of how they watched goes, and they are in no figure. */
export const allowCounting = (
  { viewerEvents }: Pick<Pipeline, 'viewerEvents'>,
  { session, render }: ViewerAccess,
  allowed: boolean,
): Promise<void> => viewerEvents.allow({ session: session.id, render: render.id }, allowed, viewerFigures);
