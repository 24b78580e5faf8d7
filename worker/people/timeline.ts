import { findTemplate } from '../../video/story/registry.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { renderStatus } from '../core/renders.ts';
import type { EventContent, PageView, Watching } from '../core/viewer-events.ts';
import { findSubject, type Named } from './subject.ts';
import type { Timeline } from './timeline-schema.ts';

type Line = Timeline['lines'][number];

type Entered = Extract<EventContent, { readonly type: 'entered' }>;

/** Seconds of a node that were seen on a page. */
function secondsSeen({ events }: PageView, { node, visit, clip }: Entered, fps: number): number {
  const frames = events.reduce((sum, { content }) => {
    const isSame =
      content.type === 'watched' && content.node === node && content.visit === visit && content.clip === clip;
    return isSame ? sum + content.toFrame - content.fromFrame : sum;
  }, 0);
  return Number((frames / fps).toFixed(1));
}

/** Events of pages. What was seen of a node is said once, where it was entered. */
function linesOf({ viewer, pages }: Watching): readonly Line[] {
  const { render, campaign, rights, fps } = viewer;
  return pages.flatMap((page) =>
    page.events.flatMap(({ ms, content }): Line[] => {
      if (content.type === 'watched') return [];
      const { type, ...said } = content;
      return [
        {
          at: new Date(page.openedAt.getTime() + ms).toISOString(),
          type,
          ...{ render, campaign, by: rights === 'owner' ? 'owner' : 'guest' },
          details: {
            ...said,
            ...(content.type === 'entered' && { seconds: secondsSeen(page, content, fps) }),
            ...(type === 'opened' && { device: page.device }),
          },
        },
      ];
    }),
  );
}

/** When renders were ordered and how they ended. */
async function linesOfRender(
  { campaigns, renders, registry }: Pipeline,
  id: string,
  campaign: string,
): Promise<readonly Line[]> {
  const [order, render] = await Promise.all([campaigns.find(campaign), renders.find(id)]);
  if (order === undefined) return [];
  const place = { render: id, campaign };
  const ordered = { at: order.createdAt.toISOString(), type: 'ordered', ...place };
  const lines: Line[] = [{ ...ordered, details: { template: order.template } }];
  if (render?.endedAt === undefined) return lines;
  const fps = findTemplate(registry, order.template)?.template.fps ?? Infinity;
  const status = renderStatus(render, fps);
  const why = 'reason' in status ? { reason: status.reason } : 'code' in status ? { code: status.code } : {};
  return [...lines, { at: render.endedAt.toISOString(), type: status.state, ...place, details: why }];
}

/** All that happened with a person's videos, and what they did. Changes nothing. */
export async function readTimeline(pipeline: Pipeline, named: Named): Promise<Timeline> {
  const { people, viewerEvents, conversions } = pipeline;
  const subject = await findSubject(pipeline, named);
  const theirs = await people.renders(subject);
  const ofRenders: Line[] = [];
  for (const { id, campaign } of theirs) ofRenders.push(...(await linesOfRender(pipeline, id, campaign)));
  const watching = await viewerEvents.watchingOf(theirs.map(({ id }) => id));
  const done = await conversions.of(subject);
  const converted = done.map(({ at, name, value, currency }): Line => ({
    at: at.toISOString(),
    type: 'converted',
    details: { name, ...(value !== undefined && { value, currency }) },
  }));
  const lines = [...ofRenders, ...watching.flatMap(linesOf), ...converted];
  return { lines: lines.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)) };
}
