import { leavesOf, mapLeaves } from '../../data/leaves.ts';
import { type Field, isFetched } from '../../data/record.ts';
import { isMoney, writeMoney } from '../../data/parse-money.ts';
import { personalVariables } from '../../video/story/bind.ts';
import { type Condition, type Variables, variablesRead } from '../../video/story/engine/condition.ts';
import {
  choicesOf,
  type Edges,
  hasView,
  type StoryNode,
  variablesLinked,
} from '../../video/story/engine/graph.ts';
import type { Correction, KnownValue, KnownView } from '../../video/story/engine/viewer-protocol.ts';
import { imageInput } from '../../video/story/scene.ts';
import type { Template } from '../../video/story/template.ts';
import type { RecordChange } from '../core/viewers.ts';
import type { ViewerStory } from '../viewers/viewer-story.ts';

/** Variables by name, each with the scenes that show it; those that only guards and links read show nowhere. */
export type NamesUsed = ReadonlyMap<string, ReadonlySet<string>>;

const conditionsOf = (edges: Edges | undefined): readonly Condition[] =>
  typeof edges === 'object' ? edges.flatMap(({ when }) => when ?? []) : [];

const namesBound = (bindings: Readonly<Record<string, object>>): readonly string[] =>
  Object.values(bindings).flatMap((binding) =>
    'var' in binding && typeof binding.var === 'string' ? [binding.var] : [],
  );

/** What a node reads to find its way. */
function namesSteering(node: StoryNode): readonly string[] {
  const choices = choicesOf(node);
  const conditions = [
    ...('next' in node ? conditionsOf(node.next) : []),
    ...choices.flatMap(({ to, when }) => [...conditionsOf(to), ...(when === undefined ? [] : [when])]),
  ];
  const copied = choices.flatMap(({ effects = [] }) =>
    effects.flatMap((effect) => ('set' in effect && typeof effect.to === 'object' ? [effect.to.var] : [])),
  );
  const linked = node.type === 'cta' ? variablesLinked(node.link) : [];
  const repeated = 'each' in node && node.each !== undefined ? [node.each] : [];
  return [...conditions.flatMap((each) => [...variablesRead(each)]), ...copied, ...linked, ...repeated];
}

/**
 * Everything that a template's story reads: record fields, facts, segments and the story's own variables;
 * a fact or segment that is read has what it is worked out from read as well.
 */
export function namesUsed(template: Template): NamesUsed {
  const used = new Map<string, Set<string>>();
  const note = (name: string, scenes: readonly string[]): void => {
    const known = used.get(name);
    const fresh = scenes.filter((scene) => known?.has(scene) !== true);
    if (known !== undefined && fresh.length === 0) return;
    used.set(name, new Set([...(known ?? []), ...fresh]));
    const segment = template.segments[name];
    const { from = [] } = template.facts[name] ?? {};
    const initial = template.story.variables[name]?.initial;
    const first = typeof initial === 'object' ? [initial.var] : [];
    for (const source of [...from, ...first, ...(segment === undefined ? [] : variablesRead(segment))]) {
      note(source, scenes);
    }
  };
  for (const node of Object.values(template.story.nodes)) {
    for (const name of namesSteering(node)) note(name, []);
    if (!hasView(node)) continue;
    for (const picture of [node, ...(node.generic === undefined ? [] : [node.generic])]) {
      for (const name of namesBound(picture.inputs)) note(name, [picture.scene]);
    }
  }
  return used;
}

/** What a view of a person's data is made from. */
export interface KnownParts {
  readonly story: ViewerStory;
  readonly changes: readonly RecordChange[];
  /** The story's own variables, as they are now. */
  readonly answers: Variables;
  readonly consents: readonly string[];
  readonly shared: boolean;
}

/** `monthlyBill` and `saw-sun` as a person would write them. */
export const readable = (name: string): string => {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A value as a person reads it; `undefined` for none, and for what has no words. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return String(value);
  if (isMoney(value)) return writeMoney(value);
  if (imageInput.safeParse(value).success) return undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = Object.values(value).flatMap((each: unknown) => toText(each) ?? []);
  if (!Array.isArray(value)) return parts.length === 0 ? undefined : parts.join(', ');
  const hasParts = value.some((each) => typeof each === 'object' && !isMoney(each));
  return parts.length === 0 || parts.length < value.length ? undefined : parts.join(hasParts ? '; ' : ', ');
}

/** A value of a field as a person reads it. An address of a picture or a recording has no words. */
const wordsOf = (name: string, field: Field, value: unknown): string | undefined =>
  toText(
    mapLeaves({ [name]: field }, { [name]: value }, (leaf) =>
      isFetched(leaf.field) ? undefined : leaf.value,
    )[name],
  );

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** How a field can be corrected by the person whom it is about; a picture or a recording cannot. */
export function correctionOf({ kind, jsonSchema }: Field): Correction | undefined {
  switch (kind) {
    case 'text':
      return { type: 'text', maxLength: numberOf(jsonSchema['maxLength']) };
    case 'paragraphs':
      return { type: 'text', maxLength: numberOf(jsonSchema['maxLength']), multiline: true };
    case 'number':
      return { type: 'number', min: numberOf(jsonSchema['minimum']), max: numberOf(jsonSchema['maximum']) };
    case 'choice': {
      const options = jsonSchema['enum'];
      return Array.isArray(options) ? { type: 'choice', options: options.map(String) } : { type: 'text' };
    }
    case 'boolean':
      return { type: 'choice', options: ['yes', 'no'] };
    case 'date':
      return { type: 'date' };
    case 'money':
    case 'color':
    case 'dateTime':
    case 'time':
    case 'email':
    case 'phone':
    case 'locale':
      return { type: 'text' };
    case 'image':
    case 'audio':
    case 'link':
      return undefined;
    // Their parts are corrected one by one.
    case 'list':
    case 'object':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Whether a video can do without a field: it may be empty, or has a fallback. */
export const canWithhold = ({ required, fallback }: Field): boolean => !required || fallback !== undefined;

/** Every parameter of a person's video, and what they said about it. */
export function viewKnown({ story, changes, answers, consents, shared }: KnownParts): KnownView {
  const { entry, source: viewing, context } = story;
  const { template } = entry;
  const personal = personalVariables(template);
  const changed = new Map(changes.map((change) => [change.name, change.kind]));
  const values: KnownValue[] = [];
  for (const [name, scenes] of namesUsed(template)) {
    const common = { name, personal: personal.has(name), scenes: [...scenes].sort() };
    const field = template.record[name];
    const variable = context.story.variables[name];
    // It is the sender's, not the viewer's.
    if (field?.setting === true) continue;
    if (field !== undefined) {
      const change = changed.get(name);
      const withheld = change === 'withheld';
      const value = viewing.record[name];
      const shown = isFetched(field) ? shownFile(viewing.images[name]) : wordsOf(name, field, value);
      const correction = correctionOf(field);
      values.push({
        ...common,
        label: field.label,
        ...(shown !== undefined && !withheld && { value: shown }),
        source: change === undefined || withheld ? 'sender' : 'viewer',
        ...(correction && { correction }),
        canWithhold: canWithhold(field),
        withheld,
      });
      if (field.fields !== undefined && !withheld)
        values.push(...viewParts(name, field, value, common, changed));
    } else if (variable === undefined) {
      const value = toText(context.facts[name]);
      const label = readable(name);
      const derived = { ...common, label, source: 'derived', canWithhold: false, withheld: false } as const;
      values.push(value === undefined ? derived : { ...derived, value });
    } else if (variable.source === 'viewer') {
      const value = toText(answers[name]);
      const label = variable.label ?? readable(name);
      if (value !== undefined) {
        values.push({ ...common, label, value, source: 'viewer', canWithhold: false, withheld: false });
      }
    }
  }
  return { values, consents: viewConsents(story, consents), shared };
}

/** The parts of a list or an object that can be corrected. */
function viewParts(
  name: string,
  field: Field,
  value: unknown,
  common: Pick<KnownValue, 'personal' | 'scenes'>,
  changed: ReadonlyMap<string, RecordChange['kind']>,
): readonly KnownValue[] {
  return leavesOf({ [name]: field }, { [name]: value }).flatMap(
    ({ path, field: part, label, value: own }) => {
      const correction = correctionOf(part);
      if (correction === undefined) return [];
      const change = changed.get(path);
      const withheld = change === 'withheld';
      const shown = toText(own);
      return [
        {
          ...{ ...common, name: path, label, correction, withheld, canWithhold: canWithhold(part) },
          ...(shown !== undefined && !withheld && { value: shown }),
          source: change === undefined || withheld ? 'sender' : 'viewer',
        },
      ];
    },
  );
}

function shownFile(file: ViewerStory['source']['images'][string] | undefined): string | undefined {
  if (file?.kind !== 'stored') return undefined;
  return 'seconds' in file ? 'a recording' : 'a picture';
}

function viewConsents({ context: { story } }: ViewerStory, agreed: readonly string[]): KnownView['consents'] {
  return Object.entries(story.variables).flatMap(([variable, { label, writeBack }]) => {
    if (typeof writeBack !== 'object') return [];
    const { purpose } = writeBack;
    return [{ variable, label: label ?? readable(variable), purpose, agreed: agreed.includes(variable) }];
  });
}
