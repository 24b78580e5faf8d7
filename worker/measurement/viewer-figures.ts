import type {
  Counted,
  EventContent,
  FirstOpening,
  PageEvent,
  PageView,
  Watching,
} from '../core/viewer-events.ts';
import { isOfPerson, machineOfPage } from './machines.ts';

/*
 * What one viewer adds to the figures of a campaign. Each figure is a number with a name, a JSON list. A figure depends
 * on the set of events alone: neither on their order nor on how often they came.
 */

/** Shares of a film, in percent, that are counted when somebody has watched so much. */
const watchedShares = [25, 50, 75, 95] as const;

/** How far viewers came. Each viewer counts once for each. */
export const steps = [
  'opened',
  'started',
  ...watchedShares.map((share) => `watched${share}` as const),
  'ended',
  'chose',
  'answered',
  'linkShown',
  'linkFollowed',
  'captions',
  'read',
  'shared',
  'privacyOpened',
  'corrected',
  'returned',
] as const;

export type Step = (typeof steps)[number];

/** What figures of viewers are divided by. */
export type Group = 'day' | 'segment' | 'format' | 'device' | 'variant';

/** The name of a figure. */
export const figureName = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);

/** Ends of the spans, in seconds, in which the time for a decision is counted; what is longer is in the last. */
export const decisionSeconds = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 60, 300] as const;

/** Most times that one viewer counts for going the same way again. */
const mostRepeats = 20;
/** Retention is counted for each second of clips that are not longer. */
const longestClipSeconds = 600;
/** Who has seen so much of a clip has stayed to its end: browsers leave out frames. */
const wholeShare = 0.95;

type Of<T extends EventContent['type']> = Extract<EventContent, { readonly type: T }>;

const isOf =
  <T extends EventContent['type']>(type: T) =>
  (content: EventContent): content is Of<T> =>
    content.type === type;

/** Events in the order in which they happened. */
const inOrder = (events: readonly PageEvent[]): readonly PageEvent[] =>
  events.toSorted((one, other) => one.ms - other.ms || one.seq - other.seq);

/** Pages in the order in which they were opened. */
const byOpening = (pages: readonly PageView[]): readonly PageView[] =>
  pages.toSorted(
    (one, other) => one.openedAt.getTime() - other.openedAt.getTime() || (one.page < other.page ? -1 : 1),
  );

/** Stretches of frames, as `[from, to]`, that do not overlap. */
function joined(stretches: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const result: (readonly [number, number])[] = [];
  for (const [from, to] of stretches.toSorted((one, other) => one[0] - other[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}

/** What was seen of a clip at a node. */
interface SeenClip {
  readonly node: string;
  /** Unset for a personal clip. */
  readonly clip: string | undefined;
  readonly frames: number;
  readonly stretches: readonly (readonly [number, number])[];
}

function clipsSeen(events: readonly EventContent[]): readonly SeenClip[] {
  const seen = new Map<string, SeenClip & { readonly stretches: (readonly [number, number])[] }>();
  for (const content of events) {
    if (content.type !== 'watched' && content.type !== 'entered') continue;
    if (content.clipFrames === undefined) continue;
    const { node, clip, clipFrames } = content;
    const name = figureName(node, clip ?? '', clipFrames);
    const known = seen.get(name) ?? { node, clip, frames: clipFrames, stretches: [] };
    seen.set(name, known);
    if (content.type === 'watched') known.stretches.push([content.fromFrame, content.toFrame]);
  }
  return [...seen.values()].map((each) => ({ ...each, stretches: joined(each.stretches) }));
}

const lengthOf = (stretches: SeenClip['stretches']): number =>
  stretches.reduce((sum, [from, to]) => sum + to - from, 0);

/** Figures while they are added up. */
class Tally {
  readonly values = new Map<string, number>();

  add(value: number, ...name: readonly (string | number)[]): void {
    const key = figureName(...name);
    this.values.set(key, (this.values.get(key) ?? 0) + value);
  }
}

/** Ways between nodes, in order, on each page. */
function waysOf(pages: readonly PageView[]): readonly (readonly [from: string, to: string])[] {
  return pages.flatMap(({ events }) => {
    const nodes = inOrder(events).flatMap(({ content }) =>
      content.type === 'entered' || content.type === 'ended' ? [content] : [],
    );
    return nodes.flatMap((content, index) => {
      const before = nodes[index - 1];
      if (before?.type !== 'entered') return [];
      if (content.type === 'ended') return [[before.node, ''] as const];
      // A loop, or the viewer's own clip in place of the generic one.
      const isSame = content.node === before.node && content.visit === before.visit;
      return isSame ? [] : [[before.node, content.node] as const];
    });
  });
}

/** Who goes a way again counts for it again, but not without end. */
function addRepeated(tally: Tally, names: readonly (readonly string[])[]): void {
  const times = new Map<string, number>();
  for (const name of names) {
    const key = figureName(...name);
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    if (before > mostRepeats) continue;
    tally.add(1, ...name, before === 0 ? 'first' : 'later');
  }
}

/** How far a viewer came, and how much of the film they saw, in thousandths. */
function progressOf(
  { viewer }: Watching,
  pages: readonly PageView[],
  events: readonly EventContent[],
): { readonly steps: ReadonlySet<Step>; readonly share: number } {
  const has = (type: EventContent['type']): boolean => events.some((content) => content.type === type);
  const frames = clipsSeen(events).reduce((sum, { stretches }) => sum + lengthOf(stretches), 0);
  const share = viewer.filmFrames === 0 ? 0 : Math.min(1, frames / viewer.filmFrames);
  const reached: Readonly<Record<Step, boolean>> = {
    opened: true,
    started: has('started') || has('entered'),
    watched25: share >= 0.25,
    watched50: share >= 0.5,
    watched75: share >= 0.75,
    watched95: share >= 0.95,
    ended: has('ended'),
    chose: events.some((content) => content.type === 'chosen' && content.by === 'viewer'),
    answered: events.some((content) => content.type === 'answered' && content.by === 'viewer'),
    linkShown: has('link-shown'),
    linkFollowed: has('link-followed'),
    captions: events.some((content) => content.type === 'captions' && content.on),
    read: has('read'),
    shared: has('shared'),
    privacyOpened: has('privacy-opened'),
    corrected: has('corrected'),
    returned: pages.length > 1,
  };
  return { steps: new Set(steps.filter((step) => reached[step])), share: Math.round(share * 1000) };
}

/** Who entered each scene and clip, who stayed, and how many were there in each of its seconds. */
function addScenes(
  tally: Tally,
  fps: number,
  events: readonly EventContent[],
  left: Of<'entered'> | undefined,
): void {
  const entered = new Map<string, boolean>();
  const secondsOf = new Map<string, Set<number>>();
  for (const { node, clip = '', frames, stretches } of clipsSeen(events)) {
    const isWhole = lengthOf(stretches) >= wholeShare * frames;
    const stayed = isWhole || node !== left?.node || clip !== (left.clip ?? '');
    // Of a scene that was left the clip that was seen last counts.
    entered.set(node, stayed && entered.get(node) !== false);
    if (clip !== '') tally.add(1, 'clip', node, clip, 'entered');
    if (clip !== '' && stayed) tally.add(1, 'clip', node, clip, 'stayed');
    if (frames > longestClipSeconds * fps) continue;
    const seconds = new Set<number>();
    for (const [from, to] of stretches)
      for (let second = Math.floor(from / fps); second * fps < to; second += 1) seconds.add(second);
    if (clip !== '') for (const second of seconds) tally.add(1, 'clip', node, clip, 'second', second);
    secondsOf.set(node, new Set([...(secondsOf.get(node) ?? []), ...seconds]));
  }
  for (const [node, seconds] of secondsOf)
    for (const second of seconds) tally.add(1, 'scene', node, 'second', second);
  for (const [node, stayed] of entered) {
    tally.add(1, 'scene', node, 'entered');
    if (stayed) tally.add(1, 'scene', node, 'stayed');
  }
}

/** Decisions of a viewer: the last one of each visit counts. */
function addDecisions(tally: Tally, pages: readonly PageView[]): void {
  const offered = new Set<string>();
  const decided = new Map<string, Of<'chosen'> | Of<'answered'>>();
  for (const page of byOpening(pages)) {
    for (const { content } of inOrder(page.events)) {
      if (content.type === 'offered') offered.add(content.node);
      if (content.type !== 'chosen' && content.type !== 'answered') continue;
      offered.add(content.node);
      // Of an answered question only how it was left is counted.
      decided.set(figureName(content.node, content.visit), content);
    }
  }
  for (const node of offered) tally.add(1, 'offered', node);
  const decisions = [...decided.values()];
  addRepeated(
    tally,
    decisions.map((each) =>
      each.type === 'chosen'
        ? ['choice', each.node, each.choice, each.by]
        : ['answer', each.node, '', each.by],
    ),
  );
  const first = new Map<string, Of<'chosen'> | Of<'answered'>>();
  for (const each of decisions) {
    const known = first.get(each.node);
    if (each.by === 'viewer' && (known === undefined || each.visit < known.visit)) first.set(each.node, each);
  }
  for (const { node, afterMs } of first.values()) {
    const span = decisionSeconds.find((seconds) => afterMs <= seconds * 1000) ?? decisionSeconds.at(-1) ?? 0;
    tally.add(1, 'decided', node, span);
  }
}

/** What a viewer saw last, where the story did not end for them. */
function leftAt(pages: readonly PageView[], events: readonly EventContent[]): Of<'entered'> | undefined {
  if (events.some(isOf('ended'))) return undefined;
  const entered = byOpening(pages)
    .flatMap(({ openedAt, events: of }) =>
      inOrder(of).flatMap(({ ms, content }) =>
        content.type === 'entered' ? [{ at: openedAt.getTime() + ms, content }] : [],
      ),
    )
    .toSorted((one, other) => one.at - other.at);
  return entered.at(-1)?.content;
}

/** Groups that a viewer belongs to. */
function groupsOf(
  { format, segments, variant }: Watching['viewer'],
  { day, device }: FirstOpening,
): readonly (readonly [Group, string])[] {
  return [
    ['day', day],
    ['format', format],
    ['device', device],
    ...segments.map((segment) => ['segment', segment] as const),
    ...(variant === undefined ? [] : [['variant', variant] as const]),
  ];
}

/**
 * What a viewer adds to the figures of their campaign. Pages that a machine opened count as that and as nothing else; a
 * page that nobody has touched counts as unconfirmed. Guests are counted apart, and only in total.
 */
export function viewerFigures(watching: Watching): Counted {
  const { viewer } = watching;
  const tally = new Tally();
  const people: PageView[] = [];
  for (const page of watching.pages) {
    const machine = machineOfPage(page, viewer.fps);
    if (machine !== undefined) tally.add(1, 'machine', machine);
    else if (isOfPerson(page, viewer.fps)) people.push(page);
    else tally.add(1, 'unconfirmed');
  }
  const [earliest] = byOpening(people);
  if (earliest === undefined) return { figures: tally.values, first: undefined };
  const first = { day: earliest.openedAt.toISOString().slice(0, 10), device: earliest.device };
  const events = people.flatMap((page) => page.events.map(({ content }) => content));
  const { steps: reached, share } = progressOf(watching, people, events);
  const isOwner = viewer.rights === 'owner';
  const names = isOwner
    ? [['viewers'], ...groupsOf(viewer, first).map((group) => ['group', ...group])]
    : [['guests']];
  for (const name of names) {
    for (const step of reached) tally.add(1, ...name, step);
    if (share > 0) tally.add(share, ...name, 'share');
  }
  const counted = { figures: tally.values, first };
  if (!isOwner) return counted;
  const left = leftAt(people, events);
  if (left !== undefined) tally.add(1, 'left', left.node);
  addScenes(tally, viewer.fps, events, left);
  addDecisions(tally, people);
  addRepeated(
    tally,
    waysOf(people).map(([from, to]) => ['way', from, to]),
  );
  return counted;
}
