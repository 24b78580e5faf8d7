import { variablesRead, type Condition } from '../../video/story/engine/condition.ts';
import { choicesOf, hasView, type Edges, type StoryNode } from '../../video/story/engine/graph.ts';
import type { Template } from '../../video/story/template.ts';

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
  const linked = node.type === 'cta' ? namesBound(node.link.query ?? {}) : [];
  return [...conditions.flatMap((each) => [...variablesRead(each)]), ...copied, ...linked];
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
