import type { Campaign } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { ViewedEvents } from '../core/webhooks.ts';
import { isOfPerson } from './machines.ts';

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
  // Whether a page is a person's shows in all of its events, not in those of this message.
  const all = (await viewerEvents.watchingOf([viewer.render])).find(
    (each) => each.viewer.session === viewer.session,
  );
  const people = new Set(
    (all?.pages ?? []).filter((page) => isOfPerson(page, viewer.fps)).map(({ page }) => page),
  );
  const events = pages
    .filter(({ page }) => people.has(page))
    .flatMap(({ page, openedAt, device, events: these }) =>
      these.map(({ seq, ms, content }) => ({
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
    id: viewer.render,
    campaign: { id },
    by: viewer.rights === 'owner' ? 'owner' : 'guest',
    ...(render?.customerId !== undefined && { customerId: render.customerId }),
    ...(externalId !== undefined && { externalId }),
    metadata,
    events: events.toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)),
  };
}
