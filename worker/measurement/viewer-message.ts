import type { Campaign } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { ViewedEvents } from '../core/webhooks.ts';
import { machineOfPage } from './machines.ts';

/**
 * What a message about a viewer says: what they did since the last one, and your ids. Nothing else about a person.
 *
 * @returns `undefined` where nothing of it is known any more: the person was erased, or does not want to be counted.
 */
export async function viewerData(
  { viewerEvents, renders }: Pick<Pipeline, 'viewerEvents' | 'renders'>,
  { id, externalId, metadata }: Campaign,
  viewed: ViewedEvents,
): Promise<unknown> {
  const watching = await viewerEvents.eventsOf(viewed);
  if (watching === undefined) return undefined;
  const { viewer, pages } = watching;
  const events = pages
    .filter((page) => machineOfPage(page, viewer.fps) === undefined)
    .flatMap(({ page, openedAt, device, events: all }) =>
      all.map(({ seq, ms, content }) => ({
        id: `${page}-${seq}`,
        at: new Date(openedAt.getTime() + ms).toISOString(),
        page,
        device,
        ...content,
      })),
    );
  if (events.length === 0) return undefined;
  const render = await renders.find(viewer.render);
  return {
    campaign: { id },
    render: viewer.render,
    by: viewer.rights === 'owner' ? 'owner' : 'guest',
    ...(render?.customerId !== undefined && { customerId: render.customerId }),
    ...(externalId !== undefined && { externalId }),
    metadata,
    events: events.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)),
  };
}
