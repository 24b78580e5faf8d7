import { z } from 'zod';
import { authoredNode } from '../../video/story/each.ts';
import { findTemplate } from '../../video/story/registry.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Contribution } from '../core/viewer-events.ts';
import { decisionSeconds, type Group, steps, viewerFigures } from './viewer-figures.ts';
import { type CampaignWatching, type Steps, watchingSchema } from './watching-schema.ts';

/** Viewers that are counted in one transaction. */
const atOnce = 200;

/**
 * Brings the figures of a campaign up to date, or those of all campaigns.
 *
 * @returns how many viewers were counted.
 */
export async function countViewers(
  { viewerEvents }: Pick<Pipeline, 'viewerEvents'>,
  campaign?: string,
): Promise<number> {
  let counted = 0;
  for (;;) {
    const now = await viewerEvents.count(viewerFigures, atOnce, campaign);
    counted += now;
    if (now < atOnce) return counted;
  }
}

/** Brings everything up to date that is added up of a campaign, or of all campaigns. */
export async function bringUpToDate(
  pipeline: Pick<Pipeline, 'viewerEvents' | 'conversions'>,
  campaign?: string,
): Promise<void> {
  // Who has opened their video is compared with others.
  await countViewers(pipeline, campaign);
  while (await pipeline.conversions.compare());
}

const nameSchema = z.array(z.union([z.string(), z.number()]));

/** Figures as a tree: what begins with the same part of a name is under that part. */
class Figures {
  readonly #children = new Map<string | number, Figures>();
  #value = 0;

  static from(values: Contribution): Figures {
    const root = new Figures();
    for (const [name, value] of values) {
      let place = root;
      for (const part of nameSchema.parse(JSON.parse(name))) place = place.#child(part);
      place.#value = value;
    }
    return root;
  }

  of(...name: readonly (string | number)[]): number {
    const place = this.#find(name);
    return place === undefined ? 0 : place.#value;
  }

  /** The next parts of all names that begin so, in order. */
  under(...name: readonly (string | number)[]): readonly (string | number)[] {
    const place = this.#find(name);
    return [...(place === undefined ? [] : place.#children.keys())].toSorted((one, other) =>
      typeof one === 'number' && typeof other === 'number'
        ? one - other
        : String(one) < String(other)
          ? -1
          : 1,
    );
  }

  textsUnder(...name: readonly (string | number)[]): readonly string[] {
    return this.under(...name).map(String);
  }

  #child(part: string | number): Figures {
    const child = this.#children.get(part) ?? new Figures();
    this.#children.set(part, child);
    return child;
  }

  #find(name: readonly (string | number)[]): Figures | undefined {
    return name.reduce<Figures | undefined>(
      (place, part) => (place === undefined ? undefined : place.#children.get(part)),
      this,
    );
  }
}

function stepsOf(figures: Figures, ...name: readonly string[]): Steps {
  const counts = Object.fromEntries(steps.map((step) => [step, figures.of(...name, step)]));
  const { started = 0 } = counts;
  const share = figures.of(...name, 'share') / (1000 * started);
  return { ...counts, averageShare: started === 0 ? null : Number(share.toFixed(4)) } as Steps;
}

const groupsOf = (figures: Figures, group: Group): CampaignWatching['days'] =>
  figures.textsUnder('group', group).map((name) => ({ name, ...stepsOf(figures, 'group', group, name) }));

/** How many saw each second, from the first. */
function secondsOf(figures: Figures, ...name: readonly string[]): number[] {
  const seconds = figures.under(...name, 'second').map(Number);
  return Array.from({ length: Math.max(-1, ...seconds) + 1 }, (_, at) => figures.of(...name, 'second', at));
}

/** The span in which the middle one of all decisions falls. */
function medianSeconds(figures: Figures, node: string): number | null {
  const counts = decisionSeconds.map((seconds) => figures.of('decided', node, seconds));
  const all = counts.reduce((sum, each) => sum + each, 0);
  if (all === 0) return null;
  let passed = 0;
  for (const [index, each] of counts.entries()) {
    passed += each;
    if (passed * 2 >= all) return decisionSeconds[index] ?? null;
  }
  return null;
}

function decisionsOf(figures: Figures, nodes: readonly string[]): CampaignWatching['decisions'] {
  return nodes.flatMap((node) => {
    const offered = figures.of('offered', node);
    const ways = (['choice', 'answer'] as const).flatMap((kind) =>
      figures.textsUnder(kind, node).flatMap((choice) =>
        (['viewer', 'timer', 'default', 'skip'] as const).flatMap((by) => {
          const first = figures.of(kind, node, choice, by, 'first');
          const later = figures.of(kind, node, choice, by, 'later');
          return first === 0 ? [] : [{ choice: kind === 'answer' ? null : choice, by, first, later }];
        }),
      ),
    );
    return offered === 0 ? [] : [{ node, offered, medianSeconds: medianSeconds(figures, node), ways }];
  });
}

function waysOf(figures: Figures, nodes: readonly string[]): CampaignWatching['ways'] {
  return nodes.flatMap((from) =>
    figures.textsUnder('way', from).flatMap((to) => {
      const first = figures.of('way', from, to, 'first');
      const later = figures.of('way', from, to, 'later');
      return first === 0 ? [] : [{ from, to: to === '' ? null : to, first, later }];
    }),
  );
}

const machineReasons = ['prefetch', 'user-agent', 'automated', 'impossible-timing'] as const;

/** Nodes in the order in which the template's story names them; those that it no longer has come last. */
function nodesOf(registry: Pipeline['registry'], template: string, figures: Figures): readonly string[] {
  const known = Object.keys(findTemplate(registry, template)?.template.story.nodes ?? {});
  const counted = (['scene', 'offered', 'way', 'left'] as const).flatMap((kind) => figures.textsUnder(kind));
  // Nodes that show an item come after the one that they stand for.
  const inOrder = known.flatMap((id) => [id, ...counted.filter((each) => authoredNode(each) === id)]);
  return [...new Set([...inOrder, ...counted])];
}

/**
 * How the films of a campaign were watched, with all events that have come until now. What it costs does not grow with
 * the number of events: they are added up as they come.
 *
 * @returns `undefined` when there is no such campaign.
 */
export async function readWatching(
  pipeline: Pick<Pipeline, 'campaigns' | 'viewerEvents' | 'conversions' | 'clips' | 'registry'>,
  id: string,
): Promise<CampaignWatching | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  if (campaign === undefined) return undefined;
  await bringUpToDate(pipeline, id);
  const figures = Figures.from(await pipeline.viewerEvents.figures(id));
  const nodes = nodesOf(pipeline.registry, campaign.template, figures);
  const keys = nodes.flatMap((node) => figures.textsUnder('clip', node));
  const inputs = new Map(
    (await pipeline.clips.find([...new Set(keys)])).map((clip) => [clip.key, clip.inputs]),
  );
  const retention = (...name: readonly string[]) => ({
    entered: figures.of(...name, 'entered'),
    stayed: figures.of(...name, 'stayed'),
  });
  return watchingSchema.parse({
    withVideo: await pipeline.viewerEvents.videos(id),
    viewers: stepsOf(figures, 'viewers'),
    guests: stepsOf(figures, 'guests'),
    notCounted: {
      unconfirmed: figures.of('unconfirmed'),
      machines: machineReasons.flatMap((reason) => {
        const pages = figures.of('machine', reason);
        return pages === 0 ? [] : [{ reason, pages }];
      }),
    },
    days: groupsOf(figures, 'day'),
    segments: groupsOf(figures, 'segment'),
    variants: groupsOf(figures, 'variant'),
    formats: groupsOf(figures, 'format'),
    devices: groupsOf(figures, 'device'),
    scenes: nodes.flatMap((node) => {
      const own = retention('scene', node);
      if (own.entered === 0) return [];
      const clips = figures.textsUnder('clip', node);
      return {
        node,
        ...own,
        left: figures.of('left', node),
        seconds: secondsOf(figures, 'scene', node),
        clips: clips.map((clip) => ({
          clip,
          inputs: inputs.get(clip) ?? {},
          ...retention('clip', node, clip),
          seconds: secondsOf(figures, 'clip', node, clip),
        })),
      };
    }),
    decisions: decisionsOf(figures, nodes),
    ways: waysOf(figures, nodes),
  } satisfies CampaignWatching);
}
