import { choicesOf, isShown, type StoryNode } from '../engine/graph.ts';
import { nodesCounted } from '../engine/condition.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';
import { storyConditions } from './known-variables.ts';

const isBlank = (name: string): boolean => name.trim() === '';

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function checkChoices(node: string, of: StoryNode): readonly Finding[] {
  const ids = choicesOf(of).map(({ id }) => id);
  const found = [
    ...ids.flatMap((id, index) =>
      isBlank(id)
        ? [finding('id-missing', { node }, `Choice ${index + 1} of node ${quote(node)} has no name.`)]
        : [],
    ),
    ...repeated(ids).map((id) =>
      finding('id-duplicate', { node, choice: id }, `Node ${quote(node)} has two choices ${quote(id)}.`),
    ),
  ];
  if (!isShown(of) || of.type === 'form') return found;
  const { decision, hotspots = [] } = of;
  const byDefault = decision?.default;
  const named = [
    ...(typeof byDefault === 'object' ? [['The default', byDefault.choice] as const] : []),
    ...hotspots.map(({ choice }, index) => [`Hotspot ${index + 1}`, choice] as const),
  ];
  const unknown = named.filter(([, choice]) => !ids.includes(choice));
  return [
    ...found,
    ...unknown.map(([what, choice]) => {
      const message = `${what} of node ${quote(node)} names choice ${quote(choice)}, which the node does not have.`;
      return finding('choice-unknown', { node, choice }, message);
    }),
  ];
}

/** Names that are missing, that stand twice, or that name nothing. */
export function checkNames({ story, record, facts, segments }: Template): readonly Finding[] {
  const taken = [record, facts, segments].flatMap((each) => Object.keys(each));
  const own = Object.entries(story.variables).filter(([, { source }]) => source !== 'record');
  const blank = [
    ...Object.keys(story.nodes)
      .filter(isBlank)
      .map((node) => finding('id-missing', { node }, 'A node has no name.')),
    ...Object.keys(story.variables)
      .filter(isBlank)
      .map(() => finding('id-missing', {}, 'A variable has no name.')),
  ];
  const hiding = own
    .filter(([name]) => taken.includes(name))
    .map(([name]) =>
      finding(
        'id-duplicate',
        {},
        `Variable ${quote(name)} has the name of a field, fact or segment of the record.`,
      ),
    );
  const counted = storyConditions(story).flatMap(({ node, choice, condition }) =>
    [...nodesCounted(condition)]
      .filter((name) => !Object.hasOwn(story.nodes, name))
      .map((name) => {
        const message = `A condition of node ${quote(node)} counts visits of node ${quote(name)}, which the story does not have.`;
        return finding('node-unknown', { node, choice }, message);
      }),
  );
  const choices = Object.entries(story.nodes).flatMap(([node, of]) => checkChoices(node, of));
  return [...blank, ...hiding, ...counted, ...choices];
}
