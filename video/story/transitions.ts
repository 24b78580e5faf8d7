import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  type Binding,
  choicesOf,
  type Edge,
  type EdgeTransition,
  hasView,
  type Story,
  type StoryNode,
  viewsOf,
  type ViewNode,
} from './engine/graph.ts';
import { inputsOfSide, joinSideCues, lengthsIn, sideInput, sides, spokenIn, wholeNode } from './excerpt.ts';
import type { Scene, SceneTransition, TransitionSide } from './scene.ts';
import type { Template } from './template.ts';

/** Presentations of `@remotion/transitions` that leave both scenes as they are at its ends. */
const presentations = ['clock-wipe', 'fade', 'flip', 'iris', 'none', 'push-cut', 'slide', 'wipe'] as const;

/** Those that draw scenes on a canvas, for which browsers need HTML-in-canvas. */
const onCanvas: readonly string[] = [
  ...['blur-slide', 'book-flip', 'cross-zoom', 'crosswarp', 'dissolve', 'dreamy-zoom', 'film-burn'],
  ...['linear-blur', 'ripple', 'swap', 'zoom-blur', 'zoom-in-out'],
];

export type KnownPresentation = (typeof presentations)[number];

/** Whether a presentation is one of Remotion's. */
export const isKnownPresentation = (name: string): name is KnownPresentation =>
  (presentations as readonly string[]).includes(name);

const refused = (from: string, to: string, why: string) =>
  errors.templateRefused({ why: `There can be no transition from node "${from}" to node "${to}". ${why}` });

const nameTaken = (name: string) =>
  errors.templateRefused({
    why: `Its transitions need the name "${name}", which a node or a scene has already. Rename that.`,
  });

function checkPresentation(from: string, { to, transition }: Crossing, own: readonly string[]): void {
  const { presentation } = transition;
  const known = [...presentations, ...own];
  if (known.includes(presentation)) return;
  const why = onCanvas.includes(presentation)
    ? `"${presentation}" needs HTML-in-canvas, which browsers that draw scenes may lack.`
    : `There is no presentation "${presentation}".`;
  throw refused(from, to, `${why} Use one of these: ${known.join(', ')}.`);
}

/** An edge with a transition. */
type Crossing = Edge & { readonly transition: EdgeTransition };

const isCrossing = (edge: Edge): edge is Crossing => edge.transition !== undefined;

const isAlike = (one: EdgeTransition | undefined, other: EdgeTransition): boolean =>
  one !== undefined && canonicalJson(one) === canonicalJson(other);

const edgesOf = (node: StoryNode): readonly Edge[] => {
  if (!('next' in node) || node.next === undefined) return [];
  return typeof node.next === 'string' ? [{ to: node.next }] : node.next;
};

/** How a story comes to a node: by an edge of `next`, or in another way. */
interface Entrance {
  readonly from: string;
  readonly frames: number | undefined;
}

function entrancesTo(story: Story, target: string): readonly Entrance[] {
  const found: Entrance[] = story.start === target ? [{ from: 'the start', frames: undefined }] : [];
  for (const [id, node] of Object.entries(story.nodes)) {
    const from = `node "${id}"`;
    const chosen = choicesOf(node).flatMap(({ to }) => (typeof to === 'string' ? [{ to }] : to));
    for (const { to, transition } of [...edgesOf(node), ...chosen]) {
      if (to === target) found.push({ from, frames: transition?.frames });
    }
    if (node.type === 'detour' && node.to === target) found.push({ from, frames: undefined });
  }
  return found;
}

/** Why a node cannot begin or end in a transition; `undefined` if it can. */
function whyWhole(name: string, node: StoryNode | undefined): string | undefined {
  if (node === undefined) return `There is no node "${name}".`;
  if (!hasView(node)) {
    return `Node "${name}" shows nothing. Write where it leads into the edges of the node before it.`;
  }
  if (node.type === 'scene' && node.each !== undefined) {
    return `Node "${name}" is shown for each item of "${node.each}".`;
  }
  return node.generic === undefined ? undefined : `Node "${name}" has a generic view.`;
}

/** Why a node cannot end in a transition. */
function whyNotLeft(name: string, node: StoryNode): string | undefined {
  const asks = node.type === 'hub' || node.type === 'form' || choicesOf(node).length > 0;
  if (asks || ('decision' in node && node.decision !== undefined)) {
    return `Which node follows "${name}" is known when its viewer has decided, and a transition shows both at once.`;
  }
  return whyWhole(name, node);
}

/** Why a node cannot begin in a transition: it may be shown from its beginning again. */
function whyNotEntered(name: string, node: StoryNode | undefined): string | undefined {
  const why = whyWhole(name, node);
  if (why !== undefined || node === undefined) return why;
  if (node.type === 'hub' && node.choices.every(({ when, once }) => when !== undefined || once === true)) {
    return `Hub "${name}" is skipped where none of its choices is enabled. Give it one that always is.`;
  }
  const decision = 'decision' in node ? node.decision : undefined;
  const isRepeated =
    ('while' in node && node.while === 'loop') ||
    (decision !== undefined && 'default' in decision && decision.default === 'repeat') ||
    choicesOf(node).some(({ comesBack }) => comesBack === true);
  return isRepeated
    ? `Node "${name}" is shown again from its beginning, and without the transition that would be missing.`
    : undefined;
}

/** Checks all that leads from a node, and to what follows it. */
function checkCrossings(template: Template, from: string, node: StoryNode, edges: readonly Edge[]): void {
  const { story } = template;
  const [first] = edges.filter(isCrossing);
  if (first === undefined) return;
  const { frames } = first.transition;
  for (const edge of edges) {
    const { to } = edge;
    const why = whyNotLeft(from, node) ?? whyNotEntered(to, story.nodes[to]);
    if (!isCrossing(edge) || edge.transition.frames !== frames) {
      throw refused(
        from,
        first.to,
        `All edges of node "${from}" need one of ${frames} frames, because its end is shown in it. The edge to "${to}" has none, or another.`,
      );
    }
    if (why !== undefined) throw refused(from, to, why);
    if (edges.some((other) => other.to === to && !isAlike(other.transition, edge.transition))) {
      throw refused(
        from,
        to,
        'Two different ones lead there. Write a second node that shows the same scene.',
      );
    }
    checkPresentation(from, edge, template.presentations ?? []);
    const other = entrancesTo(story, to).find((entrance) => entrance.frames !== frames);
    if (other !== undefined) {
      throw refused(
        from,
        to,
        `The beginning of node "${to}" is shown in it, and what leads there from ${other.from} has none of ${frames} frames. Give all edges to "${to}" one, or write a second node that shows the same scene.`,
      );
    }
  }
}

/** Frames that transitions take from a node's beginning and end. */
interface Taken {
  readonly lead: number;
  readonly tail: number;
}

function takenFrom(story: Story): ReadonlyMap<string, Taken> {
  const taken = new Map<string, Taken>();
  const take = (node: string, more: Partial<Taken>) =>
    taken.set(node, { lead: 0, tail: 0, ...taken.get(node), ...more });
  for (const [from, node] of Object.entries(story.nodes)) {
    for (const { to, transition } of edgesOf(node).filter(isCrossing)) {
      take(from, { tail: transition.frames });
      take(to, { lead: transition.frames });
    }
  }
  return taken;
}

/** A scene without what transitions show of it. */
function trim(name: string, scene: Scene, { lead, tail }: Taken): Scene {
  const { durationInFrames: lasts, part } = scene;
  const left =
    typeof lasts === 'number'
      ? lasts - lead - tail
      : (...given: Parameters<typeof lasts>) => lasts(...given) - lead - tail;
  if (typeof left === 'number' && left < 1) {
    const why = `Its scene "${name}" lasts ${String(lasts)} frames, and its transitions take ${lead + tail}.`;
    throw errors.templateRefused({ why: `${why} Make it longer, or them shorter.` });
  }
  const { scene: whole = name, before = 0, after = 0 } = part ?? {};
  return {
    ...scene,
    durationInFrames: left,
    part: { ...part, scene: whole, before: before + lead, after: after + tail, lead, tail },
  };
}

/** Windows in a node's time, as they are when its first frames are shown before it. */
function shiftNode(node: ViewNode, by: number): ViewNode {
  const earlier = (frame: number): number => Math.max(0, frame - by);
  const window = <
    T extends { readonly fromFrame?: number | undefined; readonly toFrame?: number | undefined },
  >(
    it: T,
  ): T => ({
    ...it,
    ...(it.fromFrame !== undefined && { fromFrame: earlier(it.fromFrame) }),
    ...(it.toFrame !== undefined && { toFrame: earlier(it.toFrame) }),
  });
  const { decision } = node;
  const shifted = {
    ...node,
    ...(decision && {
      decision: {
        ...decision,
        ...(decision.appearsAtFrame !== undefined && { appearsAtFrame: earlier(decision.appearsAtFrame) }),
        ...(decision.locksAtFrame !== undefined && { locksAtFrame: earlier(decision.locksAtFrame) }),
      },
    }),
    ...('hotspots' in node && node.hotspots && { hotspots: node.hotspots.map(window) }),
  } as ViewNode;
  if (shifted.type !== 'cta' || shifted.link.button === undefined) return shifted;
  return { ...shifted, link: { ...shifted.link, button: window(shifted.link.button) } };
}

const sideBindings = (
  side: (typeof sides)[number],
  { inputs }: ViewNode,
): readonly (readonly [string, Binding])[] =>
  Object.entries(inputs).map(([input, binding]) => [sideInput(side, input), binding] as const);

/** The scene of a transition. */
function joinScenes(transition: SceneTransition): Scene {
  const { frames } = transition;
  const shapes = sides.flatMap((side) =>
    Object.entries(transition[side].scene.inputs.shape as Readonly<Record<string, z.ZodType>>).map(
      ([input, schema]) => [sideInput(side, input), schema] as const,
    ),
  );
  const scenes = sides.map((side) => transition[side].scene);
  return {
    inputs: z.object(Object.fromEntries(shapes)),
    durationInFrames: frames,
    captions: (inputs) => {
      const [leaving = [], entering = []] = sides.map((side) => {
        const { scene } = transition[side];
        const own = inputsOfSide(side, inputs);
        return scene.captions(own, spokenIn(own, scene));
      });
      return joinSideCues([leaving, entering], lengthsIn(inputs), frames);
    },
    ...(scenes.some(({ speech }) => speech !== undefined) && {
      speech: (inputs) =>
        sides.flatMap((side) => transition[side].scene.speech?.(inputsOfSide(side, inputs)) ?? []),
    }),
    sounds: [],
    transition,
  };
}

/**
 * A template in whose story each transition is a node of its own, between two nodes that show the rest of their scenes.
 * It lasts as long as its frames, so that a film is as long as with Remotion's `<TransitionSeries>`. A transition reads
 * what both scenes read, and is drawn once for everyone if neither reads what is personal.
 *
 * @param cut scenes that are cut where none of their cuts was withdrawn. Whatever was withdrawn, a template has all of
 * these scenes by the same names, since those who draw them do not know.
 * @throws BespokeError `template-invalid` when there can be no such transition.
 */
export function withTransitions<T extends Template>(
  template: T,
  cut: readonly string[] = Object.keys(template.cuts ?? {}),
): T {
  const { story } = template;
  const nodes = Object.entries(story.nodes);
  for (const [from, node] of nodes) {
    for (const edge of choicesOf(node).flatMap(({ to }) => (typeof to === 'string' ? [] : to))) {
      if (isCrossing(edge)) throw refused(from, edge.to, whyNotLeft(from, node) ?? '');
    }
    checkCrossings(template, from, node, edgesOf(node));
  }
  const taken = takenFrom(story);
  if (taken.size === 0) return template;
  const { uncut } = template;
  const scenes: Record<string, Scene> = {
    ...(uncut && withTransitions(uncut, cut).scenes),
    ...template.scenes,
  };
  const claimed = new Set<string>();
  const claim = (name: string): void => {
    if (claimed.has(name) || Object.hasOwn(template.scenes, name)) throw nameTaken(name);
    claimed.add(name);
  };
  const takenOf = (node: string): Taken => taken.get(node) ?? { lead: 0, tail: 0 };

  /** A scene keeps its name if all that show it show the same frames. One that is cut is kept for its parts. */
  function nameFor(id: string, { scene }: ViewNode): string {
    const shown = nodes.flatMap(([other, node]) =>
      viewsOf(story, other).some((view) => view.scene === scene)
        ? [JSON.stringify(hasView(node) && node.scene === scene ? takenOf(other) : undefined)]
        : [],
    );
    const { lead, tail } = takenOf(id);
    return (new Set(shown).size === 1 && !cut.includes(scene)) || lead + tail === 0
      ? scene
      : `${scene}-${lead}-${tail}`;
  }

  function sideOf(node: ViewNode): TransitionSide {
    const { scene: name = node.scene, before = 0, after = 0 } = template.scenes[node.scene]?.part ?? {};
    const scene = template.scenes[name];
    if (scene === undefined) throw errors.templateRefused({ why: `It has no scene "${name}".` });
    return { name, scene, before, after };
  }

  const nameOf = (from: string, { scene }: ViewNode, to: string): string =>
    `${wholeNode(from, template.scenes[scene]?.part)}-to-${to}`;

  function joinNodes(
    from: string,
    leaving: ViewNode,
    { to, transition }: Crossing,
  ): readonly [string, StoryNode] {
    const entering = story.nodes[to];
    const name = nameOf(from, leaving, to);
    if (Object.hasOwn(story.nodes, name)) throw nameTaken(name);
    claim(name);
    if (entering === undefined || !hasView(entering)) throw refused(from, to, 'It shows nothing.');
    scenes[name] = joinScenes({ ...transition, leaving: sideOf(leaving), entering: sideOf(entering) });
    const inputs = [...sideBindings('leaving', leaving), ...sideBindings('entering', entering)];
    return [name, { type: 'scene', scene: name, inputs: Object.fromEntries(inputs), next: to }];
  }

  const made = nodes.flatMap(([id, node]): readonly (readonly [string, StoryNode])[] => {
    if (!hasView(node) || !taken.has(id)) return [[id, node]];
    const { lead, tail } = takenOf(id);
    const name = nameFor(id, node);
    const scene = template.scenes[node.scene];
    if (scene === undefined) throw errors.templateRefused({ why: `It has no scene "${node.scene}".` });
    if (name !== node.scene && !claimed.has(name)) claim(name);
    scenes[name] = trim(node.scene, scene, { lead, tail });
    const shown: ViewNode = { ...(lead === 0 ? node : shiftNode(node, lead)), scene: name };
    if (tail === 0) return [[id, shown]];
    const crossings = edgesOf(node).filter(isCrossing);
    const next = crossings.map(({ transition: _, to, ...edge }) => ({ ...edge, to: nameOf(id, node, to) }));
    const targets = new Map(crossings.map((edge) => [edge.to, edge]));
    return [[id, { ...shown, next }], ...[...targets.values()].map((edge) => joinNodes(id, node, edge))];
  });
  return {
    ...template,
    scenes,
    story: { ...story, nodes: Object.fromEntries(made) },
    uncut: template.uncut ?? template,
  };
}
