import { errors } from '../../errors/messages.ts';
import { type Bindings, hasView, type Story, type StoryNode } from './engine/graph.ts';
import type { Template } from './template.ts';

const replaced = <B extends Bindings>(bindings: B, instead: Readonly<Record<string, string>>): B =>
  Object.fromEntries(
    Object.entries(bindings).map(([input, binding]) => {
      const other =
        'var' in binding && Object.hasOwn(instead, binding.var) ? instead[binding.var] : undefined;
      return [input, other === undefined ? binding : { ...binding, var: other }];
    }),
  ) as B;

/** A node whose scenes and link show the other variables; what steers the story stays. */
function replaceInNode(node: StoryNode, instead: Readonly<Record<string, string>>): StoryNode {
  const shown = hasView(node)
    ? {
        ...node,
        inputs: replaced(node.inputs, instead),
        ...(node.generic && {
          generic: { ...node.generic, inputs: replaced(node.generic.inputs, instead) },
        }),
      }
    : node;
  if (shown.type !== 'cta' || shown.link.query === undefined) return shown;
  return { ...shown, link: { ...shown.link, query: replaced(shown.link.query, instead) } };
}

const madeOf = new WeakMap<Template, Map<string, Template>>();

/**
 * A template whose scenes and links read, in place of some fields, the variables that say less of them
 * (`Template.coarser`). Edges and facts read the record as before. The same fields give the same object.
 *
 * @throws BespokeError `coarser-unknown` for a field of which the template declares nothing coarser.
 */
export function withCoarser(template: Template, fields: readonly string[] = []): Template {
  if (fields.length === 0) return template;
  const { coarser = {} } = template;
  const names = [...new Set(fields)].sort();
  for (const field of names) {
    if (Object.hasOwn(coarser, field)) continue;
    throw errors.coarserNotOffered({ template: template.id, field, offered: Object.keys(coarser) });
  }
  const known = madeOf.get(template) ?? new Map<string, Template>();
  madeOf.set(template, known);
  const before = known.get(names.join(' '));
  if (before !== undefined) return before;
  const instead = Object.fromEntries(names.map((name) => [name, coarser[name] ?? name]));
  const story: Story = {
    ...template.story,
    nodes: Object.fromEntries(
      Object.entries(template.story.nodes).map(([name, node]) => [name, replaceInNode(node, instead)]),
    ),
  };
  const made: Template = { ...template, story, coarsened: names };
  known.set(names.join(' '), made);
  return made;
}
