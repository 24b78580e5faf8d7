import { errors } from '../../errors/messages.ts';
import { bindView, storyContextOf } from './bind.ts';
import { withCoarser } from './coarser.ts';
import { readBinding } from './each.ts';
import { member, type Variables } from './engine/condition.ts';
import { type Binding, hasView, type Story, type StoryNode, type ViewNode } from './engine/graph.ts';
import { readVariables, startStory } from './engine/state.ts';
import { sampleAsOf } from './fixtures.ts';
import type { RegistryEntry } from './registry.ts';
import type { CutPart, Cuts, Scene, SceneCue } from './scene.ts';
import type { Template } from './template.ts';

const refused = (scene: string, why: string) =>
  errors.templateRefused({ why: `Its scene "${scene}" cannot be cut. ${why}` });

/** The parts' names: those of scenes, and of nodes. */
const partName = (name: string, index: number): string => `${name}-${index + 1}`;

function checkParts(name: string, { inputs }: Scene, frames: number, parts: readonly CutPart[]): void {
  let before = 0;
  for (const { until, reads } of parts) {
    if (!Number.isInteger(until) || until <= before) {
      throw refused(
        name,
        `Its parts end at ${parts.map((part) => part.until).join(', ')}, which do not rise.`,
      );
    }
    const unknown = reads.find((input) => !Object.hasOwn(inputs.shape, input));
    if (unknown !== undefined) throw refused(name, `It has no input "${unknown}".`);
    before = until;
  }
  if (before !== frames)
    throw refused(name, `It lasts ${frames} frames, and its last part ends at ${before}.`);
}

const cueWithin =
  (from: number, until: number) =>
  ({ fromFrame, toFrame, text }: SceneCue): readonly SceneCue[] =>
    toFrame <= from || fromFrame >= until
      ? []
      : [{ text, fromFrame: Math.max(fromFrame, from) - from, toFrame: Math.min(toFrame, until) - from }];

/** The parts of a scene as scenes. */
function cutScene(name: string, scene: Scene, parts: readonly CutPart[]): readonly Scene[] {
  const { durationInFrames: of } = scene;
  if (typeof of !== 'number') return [];
  checkParts(name, scene, of, parts);
  return parts.map(({ until }, index) => {
    const from = parts[index - 1]?.until ?? 0;
    const cue = cueWithin(from, until);
    return {
      inputs: scene.inputs,
      durationInFrames: until - from,
      captions: (inputs, spoken) => scene.captions(inputs, spoken).flatMap(cue),
      ...(scene.speech !== undefined && { speech: scene.speech }),
      // Of the whole scene, as `speech`: what a part plays of them follows from its place.
      sounds: scene.sounds,
      excerpt: { scene: name, from, of },
    };
  });
}

/** Why a scene of a template cannot be cut, in one sentence; `undefined` if it can be. */
export function whyWhole({ scenes, story }: Template, name: string): string | undefined {
  if (typeof scenes[name]?.durationInFrames !== 'number') return 'Its length depends on its inputs.';
  for (const [id, node] of Object.entries(story.nodes)) {
    if (!hasView(node) || node.scene !== name) continue;
    if (
      node.type !== 'scene' ||
      (node.generic ?? node.choices ?? node.decision ?? node.hotspots) !== undefined
    ) {
      return `Its node "${id}" offers choices, a link or a question.`;
    }
    if (node.each !== undefined) return `Its node "${id}" is shown for each item of "${node.each}".`;
  }
  return undefined;
}

type NamedNode = readonly [name: string, node: StoryNode];

/** A node that shows a cut scene, as one node for each part. What a part does not read is the same for everyone. */
function cutNode(
  name: string,
  node: ViewNode,
  parts: readonly CutPart[],
  neutral: Readonly<Record<string, unknown>>,
): readonly NamedNode[] {
  const { scene, inputs } = node;
  const nameOf = (index: number): string => (index === 0 ? name : partName(name, index));
  return parts.map(({ reads }, index) => {
    const bound = Object.entries(inputs).flatMap(
      ([input, binding]): readonly (readonly [string, Binding])[] => {
        if ('value' in binding || reads.includes(input)) return [[input, binding]];
        return neutral[input] === undefined ? [] : [[input, { value: neutral[input] }]];
      },
    );
    const next = index === parts.length - 1 ? node.next : nameOf(index + 1);
    return [
      nameOf(index),
      { ...node, scene: partName(scene, index), inputs: Object.fromEntries(bound), ...(next && { next }) },
    ];
  });
}

/**
 * A template whose cut scenes are shown in parts, each a clip of its own: a part that does not read what is personal is
 * shared. Of the inputs that a part does not read it gets those of the typical fixture, so nothing of them can reach a
 * shared clip. Frames are those of the whole scene. The first part's node keeps the name of the scene's.
 *
 * @throws BespokeError `template-invalid` when a scene cannot be cut in this way.
 */
export function withCuts<T extends Template>(template: T, cuts: Cuts = {}): T {
  const cut = Object.entries(cuts).flatMap(([name, parts]) => (parts === undefined ? [] : [{ name, parts }]));
  if (cut.length === 0) return template;
  const scenes: Record<string, Scene> = { ...template.scenes };
  for (const { name, parts } of cut) {
    const scene = template.scenes[name];
    if (scene === undefined) throw refused(name, 'There is no such scene.');
    const why = whyWhole(template, name);
    if (why !== undefined) throw refused(name, why);
    for (const [index, part] of cutScene(name, scene, parts).entries()) {
      if (Object.hasOwn(scenes, partName(name, index))) {
        throw refused(name, `There is a scene "${partName(name, index)}" already.`);
      }
      scenes[partName(name, index)] = part;
    }
  }
  const { record } = template.fixtures.typical;
  const context = storyContextOf(template, record, {}, { asOf: sampleAsOf });
  const typical = readVariables(context, startStory(context).variables);
  const names = new Set(Object.keys(template.story.nodes));
  const nodes = Object.entries(template.story.nodes).flatMap(([name, node]): readonly NamedNode[] => {
    const parts = hasView(node) ? cuts[node.scene] : undefined;
    if (!hasView(node) || parts === undefined) return [[name, node]];
    const made = cutNode(name, node, parts, bindView(template, name, node, typical).inputs);
    const taken = made.slice(1).find(([part]) => names.has(part));
    if (taken !== undefined) throw refused(node.scene, `There is a node "${taken[0]}" already.`);
    return made;
  });
  const story: Story = { ...template.story, nodes: Object.fromEntries(nodes) };
  return { ...template, scenes, story, uncut: template, cuts };
}

const keptOf = new WeakMap<Template, Map<string, Template>>();

/** A cut template of which only these scenes are shown in parts. The same scenes give the same object. */
function keepCuts(template: Template, scenes: readonly string[]): Template {
  const { uncut, cuts = {} } = template;
  const kept = Object.entries(cuts).filter(([scene]) => scenes.includes(scene));
  if (uncut === undefined || kept.length === Object.keys(cuts).length) return template;
  const known = keptOf.get(template) ?? new Map<string, Template>();
  keptOf.set(template, known);
  const name = kept.map(([scene]) => scene).join(' ');
  const made = known.get(name) ?? {
    ...withCuts(uncut, Object.fromEntries(kept)),
    ...{ uncut, cuts: Object.fromEntries(kept) },
  };
  known.set(name, made);
  return made;
}

/** How a template is planned: which of its scenes are shown in parts (unset: all that are cut), and what is coarser. */
export interface PlannedAs {
  /** By scene. */
  readonly cuts?: Readonly<Record<string, string>> | undefined;
  readonly coarser?: readonly string[] | undefined;
}

/** A template's entry as it is planned. */
export function plannedEntry(entry: RegistryEntry, { cuts, coarser }: PlannedAs): RegistryEntry {
  const template = cuts === undefined ? entry.template : keepCuts(entry.template, Object.keys(cuts));
  return { ...entry, template: withCoarser(template, coarser) };
}

/** A node that shows a part of a cut scene. */
export interface CutNode {
  /** The scene that is cut. */
  readonly scene: string;
  /** Of the scene's frames, the first that the part shows, and the one after its last. */
  readonly from: number;
  readonly until: number;
  /** The template without cuts, and its node that shows the whole scene. */
  readonly uncut: Template;
  readonly whole: string;
  /** Inputs that the cut has bound to constants. */
  readonly constants: readonly {
    readonly input: string;
    /** In the whole scene. */
    readonly binding: Binding;
    readonly value: unknown;
    /** Whether its values are few, as those of a choice. */
    readonly isChoice: boolean;
  }[];
}

function isChoice({ record, segments }: Template, binding: Binding): boolean {
  if (!('var' in binding) || binding.item !== undefined) return false;
  const field = member(record, binding.var);
  const isListed = Array.isArray(field?.jsonSchema['enum']) || field?.kind === 'boolean';
  return isListed || member(segments, binding.var) !== undefined;
}

const nodesOf = new WeakMap<Template, ReadonlyMap<string, CutNode>>();

/** The nodes that show parts, by name. */
export function cutNodes(template: Template): ReadonlyMap<string, CutNode> {
  const known = nodesOf.get(template);
  if (known !== undefined) return known;
  const found = new Map<string, CutNode>();
  nodesOf.set(template, found);
  if (template.uncut === undefined) return found;
  const uncut = withCoarser(template.uncut, template.coarsened);
  for (const [name, node] of Object.entries(template.story.nodes)) {
    const { excerpt, durationInFrames } = (hasView(node) && template.scenes[node.scene]) || {};
    if (!hasView(node) || excerpt === undefined || typeof durationInFrames !== 'number') continue;
    const { scene, from } = excerpt;
    const until = from + durationInFrames;
    const index = (template.cuts?.[scene] ?? []).findIndex((part) => part.until === until);
    const whole = index === 0 ? name : name.slice(0, -partName('', index).length);
    const shown = uncut.story.nodes[whole];
    if (shown === undefined || !hasView(shown)) continue;
    const constants = Object.entries(shown.inputs).flatMap(([input, binding]) => {
      if ('value' in binding || template.cuts?.[scene]?.[index]?.reads.includes(input) === true) return [];
      const constant = node.inputs[input];
      const value = constant !== undefined && 'value' in constant ? constant.value : undefined;
      return [{ input, binding, value, isChoice: isChoice(template, binding) }];
    });
    found.set(name, { scene, from, until, uncut, whole, constants });
  }
  return found;
}

/**
 * Where a record says something else than the constants of a part: the names of the inputs; those of choices with their
 * values.
 */
export const saysOtherwise = ({ constants }: CutNode, variables: Variables): readonly string[] =>
  constants.flatMap((constant) => {
    const said = JSON.stringify(readBinding(constant.binding, variables));
    if (said === JSON.stringify(constant.value)) return [];
    return [constant.isChoice ? `${constant.input} ${said}` : constant.input];
  });

/** What a record says of all inputs of the whole scene, as one text. */
export function wholeInputs({ uncut, whole }: CutNode, variables: Variables): string {
  const node = uncut.story.nodes[whole];
  const bindings = node !== undefined && hasView(node) ? Object.entries(node.inputs) : [];
  return JSON.stringify(bindings.map(([input, binding]) => [input, readBinding(binding, variables)]));
}
