import type { AnyRecord } from '../../data/record.ts';
import {
  choicesOf,
  type CampaignLink,
  type Edges,
  type Link,
  type Story,
  type StoryNode,
  type VariableDeclaration,
} from './engine/graph.ts';
import { originsOf } from './engine/state.ts';
import { findLanguage } from './languages.ts';
import { member } from './engine/condition.ts';
import type { Template } from './template.ts';

/** A story as one viewer gets it: in their language, with the link of their campaign. */
export interface LocalizedStory {
  readonly story: Story;
  /** Of the story's words, a BCP 47 tag. */
  readonly language: string;
  readonly title: string;
  readonly description: string;
}

/** The language that a story is written in. */
export const languageOf = ({ language = 'en' }: Pick<Template, 'language'>): string => language;

/** The locale of a record's viewer, if the template has a field for it. */
export function localeOf(
  { record: fields }: Pick<Template, 'record'>,
  record: AnyRecord,
): string | undefined {
  for (const [name, { kind }] of Object.entries(fields)) {
    const value = record[name];
    if (kind === 'locale' && typeof value === 'string') return value;
  }
  return undefined;
}

type Say = (text: string) => string;

const mapValues = <T>(from: Readonly<Record<string, T>>, map: (value: T) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(from).map(([name, value]): [string, T] => [name, map(value)]));

/** A labelled thing with its labels in another language. */
function relabel<
  T extends { readonly label?: string | undefined; readonly accessibleLabel?: string | undefined },
>(thing: T, say: Say): T {
  const { label, accessibleLabel } = thing;
  return {
    ...thing,
    ...(label !== undefined && { label: say(label) }),
    ...(accessibleLabel !== undefined && { accessibleLabel: say(accessibleLabel) }),
  };
}

function relabelNode(node: StoryNode, say: Say): StoryNode {
  if (node.type === 'form') {
    const { options } = node.question;
    const question = relabel(node.question, say);
    return {
      ...node,
      question: { ...question, ...(options && { options: options.map((option) => relabel(option, say)) }) },
    };
  }
  if (!('choices' in node) && node.type !== 'cta') return node;
  const choices = choicesOf(node).map((choice) => relabel(choice, say));
  const relabelled = 'choices' in node && node.choices !== undefined ? { ...node, choices } : node;
  return relabelled.type === 'cta' ? { ...relabelled, link: relabel(relabelled.link, say) } : relabelled;
}

function relabelVariable<T extends Pick<VariableDeclaration, 'label' | 'writeBack'>>(
  declared: T,
  say: Say,
): T {
  const { writeBack } = declared;
  const labelled = relabel(declared, say);
  return typeof writeBack === 'object'
    ? { ...labelled, writeBack: { ...writeBack, purpose: say(writeBack.purpose) } }
    : labelled;
}

/** A story with each of its texts as `say` returns it. */
function mapTexts(story: Story, say: Say): Story {
  const { variables, nodes } = story;
  return {
    ...story,
    variables: mapValues(variables, (declared) => relabelVariable(declared, say)),
    nodes: mapValues(nodes, (node) => relabelNode(node, say)),
  };
}

/** The texts that viewers read on the page of a template's videos, each once. */
export function storyTexts({
  title,
  description,
  story,
}: Pick<Template, 'title' | 'description' | 'story'>): readonly string[] {
  const texts = new Set([title, description]);
  mapTexts(story, (text) => {
    texts.add(text);
    return text;
  });
  return [...texts];
}

const targetsOf = (edges: Edges | undefined): readonly string[] =>
  edges === undefined ? [] : typeof edges === 'string' ? [edges] : edges.map(({ to }) => to);

/** Whether edges may lead to an end before anything else is shown. */
function mayEnd(story: Story, edges: Edges | undefined, seen: ReadonlySet<string> = new Set()): boolean {
  return targetsOf(edges).some((id) => {
    const node = seen.has(id) ? undefined : member(story.nodes, id);
    if (node?.type === 'end') return true;
    return node?.type === 'router' && mayEnd(story, node.next, new Set([...seen, id]));
  });
}

/** A campaign's label in the first of some languages that it has, or else in its own first one. */
function labelIn(
  label: CampaignLink['label'],
  languages: readonly string[],
): { readonly words?: string | undefined; readonly language?: string } {
  if (typeof label !== 'object') return { words: label };
  const said = Object.keys(label);
  const [language = said[0]] = languages.flatMap((each) => findLanguage(each, said) ?? []);
  return language === undefined ? {} : { words: label[language], language };
}

/** The link of a campaign in a story: in place of the story's own, or with its last scenes where it has none. */
function withLink(story: Story, { to, label, query }: CampaignLink, languages: readonly string[]): Story {
  const { words, language } = labelIn(label, languages);
  const fixed = Object.entries(query ?? {}).map(([name, value]) => [name, { value }] as const);
  const of = ({ accessibleLabel, label: usual, query: _query, ...own }: Partial<Link>): Link => ({
    ...own,
    to,
    ...((words ?? usual) !== undefined && { label: words ?? usual }),
    ...(language !== undefined && { language }),
    ...(words === undefined && accessibleLabel !== undefined && { accessibleLabel }),
    query: Object.fromEntries(fixed),
  });
  const nodes = Object.entries(story.nodes);
  const isOwn = nodes.some(([, { type }]) => type === 'cta');
  const linked = nodes.map(([id, node]): readonly [string, StoryNode] => {
    if (node.type === 'cta') return [id, { ...node, link: of(node.link) }];
    const isLast =
      node.type === 'scene' &&
      [node.next, ...choicesOf(node).map((choice) => choice.to)].some((each) => mayEnd(story, each));
    return [id, isLast && !isOwn ? { ...node, type: 'cta', link: of({}) } : node];
  });
  return { ...story, links: [...story.links, ...originsOf(to)], nodes: Object.fromEntries(linked) };
}

const byTemplate = new WeakMap<Template, Map<string, LocalizedStory>>();

/** Links are few in a deployment, and locales are few: what is beyond that is not worth remembering. */
const mostRemembered = 500;

/**
 * A template's story in the language of a locale, where the template has it, and with the link of a campaign. The same
 * object whenever the arguments are equal, since others remember what they know of a story.
 */
export function localizeStory(
  template: Template,
  locale: string | undefined,
  link?: CampaignLink,
): LocalizedStory {
  const { translations = {}, title, description, story } = template;
  const own = languageOf(template);
  const language = findLanguage(locale ?? own, [own, ...Object.keys(translations)]) ?? own;
  const known = byTemplate.get(template) ?? new Map<string, LocalizedStory>();
  byTemplate.set(template, known);
  const spoken = link === undefined ? language : (locale ?? own);
  const name = JSON.stringify([spoken, link]);
  const before = known.get(name);
  if (before !== undefined) return before;
  const words = member(translations, language) ?? {};
  const say: Say = (text) => member(words, text) ?? text;
  const told = language === own ? story : mapTexts(story, say);
  const made: LocalizedStory = {
    story: link === undefined ? told : withLink(told, link, [spoken, language, own]),
    language,
    title: say(title),
    description: say(description),
  };
  if (known.size >= mostRemembered) known.clear();
  known.set(name, made);
  return made;
}
