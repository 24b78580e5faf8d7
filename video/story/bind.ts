import type { AnyRecord } from '../../data/record.ts';
import { holds, member, type Variables } from './engine/condition.ts';
import { isShown, type Picture } from './engine/graph.ts';
import { passiveWalk } from './engine/passive-walk.ts';
import { nodeOf, readVariables, shownPlaces, type Trail, type Walk, type World } from './engine/walk.ts';
import { absentImage, type ImageInput } from './image.ts';
import { sceneDuration, type Scene } from './scene.ts';
import type { BindingContext, Template } from './template.ts';

/** A scene with concrete inputs, at its place on a path. */
export interface BoundScene {
  readonly node: string;
  readonly scene: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly durationInFrames: number;
  /** Whether an input derives from a personal field or a viewer's personal answer. */
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
  for (const [name, { source, personal: declared }] of Object.entries(template.story.variables)) {
    if (declared ?? source === 'viewer') personal.add(name);
  }
  personalByTemplate.set(template, personal);
  return personal;
}

/** The variables that a story may bind or test for one record, but for those of the story itself. */
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
  const segments = Object.entries(template.segments);
  if (segments.length === 0) return variables;
  const facts = { ...variables };
  for (const [name, condition] of segments) variables[name] = holds(condition, facts);
  return variables;
}

/** What walks of one record's viewer read. */
export function worldOf(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  context: BindingContext,
): World {
  return {
    story: template.story,
    facts: deriveVariables(template, record, images, context),
    covers: template.glyphs.covers,
  };
}

/**
 * A picture with concrete inputs.
 *
 * @throws Error when the template has no such scene, or the scene refuses what it is given.
 */
export function bindPicture(
  template: Template,
  node: string,
  picture: Picture,
  variables: Variables,
): BoundScene {
  const scene: Scene | undefined = member(template.scenes, picture.scene);
  if (scene === undefined) throw new Error(`Template ${template.id} has no scene "${picture.scene}".`);
  const personal = personalVariables(template);
  const bound: Record<string, unknown> = {};
  for (const [input, binding] of Object.entries(picture.inputs)) {
    bound[input] = 'var' in binding ? member(variables, binding.var) : binding.value;
  }
  const parsed = scene.inputs.safeParse(bound);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const input = issue?.path.join('.') ?? '';
    throw new Error(
      `Node "${node}" gives scene "${picture.scene}" an input "${input}" that it refuses: ${issue?.message}.`,
    );
  }
  const inputs = parsed.data;
  return {
    node,
    scene: picture.scene,
    inputs,
    durationInFrames: sceneDuration(scene, inputs),
    personal: Object.values(picture.inputs).some((binding) => 'var' in binding && personal.has(binding.var)),
  };
}

/** The scene of a place that a walk has been shown; `undefined` at an end, which shows nothing. */
export function bindPlace(template: Template, world: World, place: Trail): BoundScene | undefined {
  const node = nodeOf(template.story, place.node);
  if (!isShown(node)) return undefined;
  return bindPicture(template, place.node, node, readVariables(world, place.variables));
}

/** The scenes of a walk, in order: with them any walk is one video. */
export function bindWalk(template: Template, world: World, walk: Walk): readonly BoundScene[] {
  return shownPlaces(walk).flatMap((place) => bindPlace(template, world, place) ?? []);
}

/** Walks a story in one record's world: `passiveWalk` where nobody decides. Pure. */
export type Walker = (world: World) => Walk;

/**
 * Walks the story for one record, whose viewer decides nothing if not said: the scenes this person sees,
 * in order, each with its inputs. Pure: the same record, images, context and walker give the same path.
 *
 * @throws Error when the story itself is wrong (unknown node or scene, no edge to take, a loop,
 * bindings that a scene's schema refuses); a checked record never causes one.
 */
export function bindPath(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  context: BindingContext,
  walker: Walker = passiveWalk,
): readonly BoundScene[] {
  const world = worldOf(template, record, images, context);
  return bindWalk(template, world, walker(world));
}
