import type { AnyRecord } from '../../data/record.ts';
import { holds, type Variables } from './condition.ts';
import { absentImage, type ImageInput } from './image.ts';
import { sceneDuration, type Scene } from './scene.ts';
import type { Edges, SceneNode, Story, StoryNode } from './story.ts';
import type { BindingContext, Template } from './template.ts';

/** A scene with concrete inputs, at its place on a path. */
export interface BoundScene {
  readonly node: string;
  readonly scene: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly durationInFrames: number;
  /** Whether an input derives from a personal field. */
  readonly personal: boolean;
}

/** Resolved images by record field; a field that is missing here is absent. */
export type ResolvedImages = Readonly<Record<string, ImageInput>>;

const personalByTemplate = new WeakMap<Template, ReadonlySet<string>>();

/** Names of a template's variables whose value says something about one person. */
export function personalVariables(template: Template): ReadonlySet<string> {
  const known = personalByTemplate.get(template);
  if (known !== undefined) return known;
  const personal = new Set(
    Object.entries(template.record).flatMap(([name, field]) => (field.personal ? [name] : [])),
  );
  for (const [name, fact] of Object.entries(template.facts)) {
    if (fact.groups !== true && fact.from.some((field) => personal.has(field))) personal.add(name);
  }
  personalByTemplate.set(template, personal);
  return personal;
}

/** The variables that a story may bind or test for one record. */
function deriveVariables(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  context: BindingContext,
): Variables {
  const variables: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(template.record)) {
    variables[name] = field.kind === 'image' ? (images[name] ?? absentImage) : record[name];
  }
  for (const [name, fact] of Object.entries(template.facts)) {
    variables[name] = fact.derive(record as never, context);
  }
  const facts = { ...variables };
  for (const [name, condition] of Object.entries(template.segments))
    variables[name] = holds(condition, facts);
  return variables;
}

function nodeOf(story: Story, id: string): StoryNode {
  const node = story.nodes[id];
  if (node === undefined) throw new Error(`The story has no node "${id}".`);
  return node;
}

function follow(edges: Edges, variables: Variables, from: string): string {
  if (typeof edges === 'string') return edges;
  const edge = edges.find(({ when }) => when === undefined || holds(when, variables));
  if (edge === undefined) throw new Error(`No edge of node "${from}" can be taken.`);
  return edge.to;
}

function bindScene(
  template: Template,
  id: string,
  node: SceneNode,
  variables: Variables,
  personal: ReadonlySet<string>,
): BoundScene {
  const scene: Scene | undefined = template.scenes[node.scene];
  if (scene === undefined) throw new Error(`Template ${template.id} has no scene "${node.scene}".`);
  const bound: Record<string, unknown> = {};
  for (const [input, binding] of Object.entries(node.inputs)) {
    bound[input] = 'var' in binding ? variables[binding.var] : binding.value;
  }
  const parsed = scene.inputs.safeParse(bound);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const input = issue?.path.join('.') ?? '';
    throw new Error(
      `Node "${id}" gives scene "${node.scene}" an input "${input}" that it refuses: ${issue?.message}.`,
    );
  }
  const inputs = parsed.data;
  return {
    node: id,
    scene: node.scene,
    inputs,
    durationInFrames: sceneDuration(scene, inputs),
    personal: Object.values(node.inputs).some((binding) => 'var' in binding && personal.has(binding.var)),
  };
}

/**
 * Walks the story for one record: the scenes this person sees, in order, each with its inputs.
 * Pure: the same record, images and context give the same path.
 *
 * @throws Error when the story itself is wrong (unknown node or scene, no edge to take, a loop,
 * bindings that a scene's schema refuses); a checked record never causes one.
 */
export function bindPath(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  context: BindingContext,
): readonly BoundScene[] {
  const variables = deriveVariables(template, record, images, context);
  const personal = personalVariables(template);
  const path: BoundScene[] = [];
  const visited = new Set<string>();
  let id = template.story.start;
  for (;;) {
    if (visited.has(id)) throw new Error(`The story of ${template.id} comes back to node "${id}".`);
    visited.add(id);
    const node = nodeOf(template.story, id);
    if (node.type === 'end') return path;
    if (node.type === 'scene') path.push(bindScene(template, id, node, variables, personal));
    id = follow(node.next, variables, id);
  }
}
