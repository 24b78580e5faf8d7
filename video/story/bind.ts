import { leafFields, mapLeaves } from '../../data/leaves.ts';
import { type AnyRecord, type Fields, isFetched } from '../../data/record.ts';
import { hasJsonForm } from './canonical-json.ts';
import { type Condition, holds, member, type Variables } from './engine/condition.ts';
import { expandStory, readBinding } from './each.ts';
import { type Binding, type CampaignLink, hasView, type NodeView } from './engine/graph.ts';
import { describeCharacter, firstUncoveredIn } from './glyphs.ts';
import { localeOf, localizeStory } from './localized-story.ts';
import { passivePlaythrough, type Playthrough } from './playthrough.ts';
import {
  StoryFault,
  nodeOf,
  readVariables,
  pathOf,
  type PathStep,
  type StoryState,
  type StoryContext,
} from './engine/state.ts';
import { addedInputs, sideInput, sides } from './excerpt.ts';
import { absentImage, type AudioInput, type ImageInput, type Scene } from './scene.ts';
import { checkFact, runTemplateCode, templateFailed } from './template-code.ts';
import { type BoundScene, codeOf, timeScene } from './time-scene.ts';
import type { BindingContext, Fact, Template } from './template.ts';

/** Resolved images and recordings by record field; a field that is missing here is absent. */
export type ResolvedImages = Readonly<Record<string, ImageInput | AudioInput>>;

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

/** The fields of a variable's parts: of an object, of a list's items, or of a fact that selects some of those. */
export function partsOf({ record, facts }: Template, name: string): Fields | undefined {
  const field = member(record, name) ?? member(record, member(facts, name)?.itemsOf ?? '');
  return field?.fields;
}

/** Whether an input is bound to what says something about one person. Each part of an item says so for itself. */
export function isPersonalBinding(template: Template, binding: Binding): boolean {
  if (!('var' in binding)) return false;
  const parts = binding.item === undefined ? undefined : partsOf(template, binding.var);
  const part = parts && member(parts, binding.item ?? '');
  return part?.personal ?? personalVariables(template).has(binding.var);
}

/** Runs a fact. Its error message may quote any field that the fact reads. */
function deriveFact(
  { record: fields }: Template,
  name: string,
  { from, derive, itemsOf }: Fact<never>,
  record: AnyRecord,
  bindingContext: BindingContext,
): unknown {
  const personal = from.some((field) => fields[field]?.personal === true);
  const code = { subject: `Fact "${name}"`, personal };
  const value = runTemplateCode(code, () => derive(record as never, bindingContext));
  checkFact(code, value);
  if (itemsOf !== undefined && !isSelection(value, record[itemsOf])) {
    const why = `It declares \`itemsOf: '${itemsOf}'\`, so it returns items of that list as they are: correct the fact.`;
    throw templateFailed(code.subject, 'returns something else than items', why);
  }
  return value;
}

const isSelection = (value: unknown, list: unknown): boolean =>
  Array.isArray(value) && Array.isArray(list) && value.every((item) => list.includes(item));

/** The parts of a template that each record asks for. */
interface VariableSources {
  readonly images: readonly string[];
  /** Lists and objects with images or recordings in them. */
  readonly nested: Fields;
  readonly facts: readonly (readonly [name: string, fact: Fact<never>])[];
  readonly segments: readonly (readonly [name: string, condition: Condition])[];
}

const sourcesByTemplate = new WeakMap<Template, VariableSources>();

function variableSources(template: Template): VariableSources {
  const known = sourcesByTemplate.get(template);
  if (known !== undefined) return known;
  const fields = Object.entries(template.record);
  const sources = {
    images: fields.flatMap(([name, { kind }]) => (isFetched({ kind }) ? [name] : [])),
    nested: Object.fromEntries(
      fields.filter(([, { fields: parts = {} }]) => leafFields(parts).some(isFetched)),
    ),
    facts: Object.entries(template.facts),
    segments: Object.entries(template.segments),
  };
  sourcesByTemplate.set(template, sources);
  return sources;
}

/** A variant of a story, of those that a campaign compares: names of boolean facts or audience segments. */
export interface Variant {
  readonly name: string;
  readonly of: readonly string[];
}

/** Fields, facts and segments of one record: what a story may bind or test, besides its own variables. */
function deriveVariables(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  bindingContext: BindingContext,
  variant: Variant | undefined,
): Variables {
  const sources = variableSources(template);
  /** Of the variants that are compared one holds, whatever the record says. */
  const assigned = (name: string, own: unknown): unknown =>
    variant?.of.includes(name) === true ? name === variant.name : own;
  // Facts see items as scenes do, so that a scene can show what they select.
  const shown = mapLeaves(sources.nested, record, ({ path, field, value }) =>
    isFetched(field) ? (images[path] ?? absentImage) : value,
  );
  const variables: Record<string, unknown> = { ...shown };
  for (const name of sources.images) variables[name] = images[name] ?? absentImage;
  for (const [name, fact] of sources.facts) {
    variables[name] = assigned(name, deriveFact(template, name, fact, shown, bindingContext));
  }
  const { segments } = sources;
  if (segments.length === 0) return variables;
  const facts = { ...variables };
  for (const [name, condition] of segments) variables[name] = assigned(name, holds(condition, facts));
  return variables;
}

/** Names of the audience segments that hold, by the facts of a record's story. */
export const segmentsIn = (template: Template, facts: Variables): readonly string[] =>
  variableSources(template).segments.flatMap(([name]) => (facts[name] === true ? [name] : []));

/** What a record's sessions depend on besides the record. */
export interface SessionContext extends BindingContext {
  /** The campaign's own link. It is on the page and changes no scene. */
  readonly link?: CampaignLink | undefined;
  /** Unset: the record decides alone. */
  readonly variant?: Variant | undefined;
}

/** The context of one record's viewer sessions. @throws BespokeError `template-failed` when a fact fails for the record. */
export function storyContextOf(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  { link, variant, ...bindingContext }: SessionContext,
): StoryContext {
  const { story } = localizeStory(template, localeOf(template, record), link);
  const facts = deriveVariables(template, record, images, bindingContext, variant);
  return {
    story: expandStory(story, facts),
    facts,
    // A code point whose coverage cannot be determined is not accepted in an answer.
    covers: (codePoint) => {
      try {
        return template.glyphs.covers(codePoint);
      } catch {
        return false;
      }
    },
  };
}

/**
 * A view with concrete inputs.
 *
 * @throws BespokeError `template-failed` when the template does not have the scene, the scene's schema refuses the
 * inputs, no bundled font draws a text of them, or its duration is not a valid number of frames.
 */
export function bindView(template: Template, node: string, view: NodeView, variables: Variables): BoundScene {
  const code = codeOf(node, view.scene, isPersonal(template, view));
  const scene: Scene | undefined = member(template.scenes, view.scene);
  if (scene === undefined) {
    throw templateFailed(
      code.subject,
      'cannot be shown',
      'The template has no scene of this name: correct the story.',
    );
  }
  const bound: Record<string, unknown> = {};
  for (const [input, binding] of Object.entries(view.inputs)) {
    bound[input] = readBinding(binding, variables);
  }
  const parsed = runTemplateCode(code, () => scene.inputs.safeParse(bound));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const input = issue?.path.join('.') ?? '';
    // A template's own message may quote the refused value.
    const says =
      issue === undefined || (issue.code === 'custom' && code.personal) ? '' : `${issue.message}. `;
    const why = `${says}Correct the binding, or the scene’s inputs.`;
    throw templateFailed(code.subject, `refuses its input "${input}"`, why);
  }
  const inputs = parsed.data;
  if (!runTemplateCode(code, () => hasJsonForm(inputs))) {
    throw templateFailed(code.subject, 'makes inputs that JSON cannot carry', 'Correct the scene’s inputs.');
  }
  const undrawn = runTemplateCode(code, () => firstUncoveredIn(inputs, template.glyphs));
  if (undrawn !== undefined) {
    const what = `shows ${describeCharacter(undrawn)}, which no bundled font can draw`;
    throw templateFailed(code.subject, what, 'Correct the fact or the constant, or add a font.');
  }
  const taken = addedInputs(scene).find((name) => name in inputs);
  if (taken !== undefined) {
    const why = `Its component gets what is ${taken} under this name: rename the input.`;
    throw templateFailed(code.subject, `has an input "${taken}"`, why);
  }
  return timeScene(template, { node, scene: view.scene, inputs, personal: code.personal });
}

/** Names of a scene's inputs that some node binds to what is about one person, in whatever way the scene is cut. */
export function personalInputs(template: Template, name: string): readonly string[] {
  const { part, transition } = template.scenes[name] ?? {};
  if (transition !== undefined) {
    return sides.flatMap((side) =>
      personalInputs(template, transition[side].name).map((input) => sideInput(side, input)),
    );
  }
  const views = [template.story, ...(template.uncut === undefined ? [] : [template.uncut.story])]
    .flatMap(({ nodes }) => Object.values(nodes))
    .filter(hasView)
    .flatMap((node) => [node, ...(node.generic === undefined ? [] : [node.generic])]);
  const named = views
    .filter(({ scene }) => scene === name || scene === part?.scene)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([input, binding]) => (isPersonalBinding(template, binding) ? [input] : []));
  return [...new Set(named)];
}

/** Whether a view shows a value that derives from a personal field or answer. */
const isPersonal = (template: Template, { inputs }: NodeView): boolean =>
  Object.values(inputs).some((binding) => isPersonalBinding(template, binding));

/** The scene of one step of a path; `undefined` at an end node, which shows nothing. */
export function bindStep(template: Template, context: StoryContext, step: PathStep): BoundScene | undefined {
  const node = nodeOf(expandStory(template.story, context.facts), step.node);
  if (!hasView(node)) return undefined;
  return bindView(template, step.node, node, readVariables(context, step.variables));
}

/** The scenes of the path that led to a state, in order. */
export function bindPathOf(
  template: Template,
  context: StoryContext,
  state: StoryState,
): readonly BoundScene[] {
  return pathOf(state).flatMap((step) => bindStep(template, context, step) ?? []);
}

/** Runs a story for a record. @throws BespokeError `template-failed` where the story has no next node for it. */
export function leadThrough<T>({ id }: Template, lead: () => T): T {
  try {
    return lead();
  } catch (cause) {
    if (!(cause instanceof StoryFault)) throw cause;
    const why = `${cause.message} Correct the story.`;
    throw templateFailed(`The story of template "${id}"`, 'leads nowhere', why, cause);
  }
}

/**
 * Binds the path of one record: the scenes that this person sees, in order, each with its inputs. By default
 * the viewer decides nothing. Pure: the same record, images, context and playthrough give the same path.
 *
 * @throws BespokeError `template-failed` where the story has no next node (unknown node, no edge to take, a loop),
 * or where code of the template fails for the record.
 */
export function bindPath(
  template: Template,
  record: AnyRecord,
  images: ResolvedImages,
  sessionContext: SessionContext,
  playthrough: Playthrough = passivePlaythrough,
): readonly BoundScene[] {
  const context = storyContextOf(template, record, images, sessionContext);
  return leadThrough(template, () => bindPathOf(template, context, playthrough(context)));
}
