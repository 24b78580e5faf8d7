import { member } from '../engine/condition.ts';
import { choicesOf, isShown, type FormNode, type ShownNode, type StoryNode } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import type { Lengths } from './check-pictures.ts';
import { finding, quote, type Finding } from './finding.ts';

/** Characters a second that most people read with ease: as subtitles are set for adults. */
const readingSpeed = 15;
/** Seconds to see that there is something to decide, and to take it. */
const reactionTime = 1;

const isBlank = (text: string): boolean => text.trim() === '';

function unlabelledAnswers({ story }: Template, { question }: FormNode): readonly string[] {
  const declaration = member(story.variables, question.variable);
  const values =
    declaration?.type === 'choice'
      ? declaration.values
      : declaration?.type === 'boolean'
        ? [true, false]
        : [];
  return values
    .filter((value) => !question.options?.some((option) => option.value === value))
    .map((value) => JSON.stringify(value));
}

function checkMissing(template: Template, id: string, node: StoryNode): readonly Finding[] {
  const missing = (what: string, choice?: string) =>
    finding('label-missing', { node: id, choice }, `${what} of node ${quote(id)} has no label.`);
  const found = choicesOf(node).flatMap((choice) =>
    isBlank(choice.label) ? [missing(`Choice ${quote(choice.id)}`, choice.id)] : [],
  );
  if (node.type === 'cta' && isBlank(node.link.label)) found.push(missing('The link'));
  if (node.type !== 'form') return found;
  const { label, options = [] } = node.question;
  return [
    ...found,
    ...(isBlank(label) ? [missing('The question')] : []),
    ...options.flatMap((option) =>
      isBlank(option.label) ? [missing(`Answer ${JSON.stringify(option.value)}`)] : [],
    ),
    ...unlabelledAnswers(template, node).map((value) => missing(`Answer ${value}`)),
  ];
}

/** Frames in which a viewer can decide; `undefined` where time is not limited. */
function windowOf(node: ShownNode, lengths: Lengths | undefined): number | undefined {
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  if (locksAtFrame !== undefined) return locksAtFrame - appearsAtFrame;
  if (node.type === 'hub' || node.type === 'form' || lengths === undefined) return undefined;
  const goesOn = node.next !== undefined || node.decision?.default !== undefined;
  return goesOn ? lengths.least - appearsAtFrame : undefined;
}

function checkReading(
  id: string,
  node: ShownNode,
  lengths: Lengths | undefined,
  fps: number,
): readonly Finding[] {
  const labels =
    node.type === 'form'
      ? [node.question.label, ...(node.question.options ?? []).map(({ label }) => label)]
      : choicesOf(node).map(({ label }) => label);
  const frames = windowOf(node, lengths);
  if (labels.length === 0 || frames === undefined || frames <= 0) return [];
  const characters = labels.reduce((sum, label) => sum + [...label].length, 0);
  const needed = characters / readingSpeed + reactionTime;
  if (needed <= frames / fps) return [];
  const seconds = (value: number): string => `${value.toFixed(1)} s`;
  const message = `The labels of node ${quote(id)} take about ${seconds(needed)} to read and to decide, and its window is ${seconds(frames / fps)}.`;
  return [finding('label-too-long', { node: id }, message)];
}

/** Labels that are missing, and labels that nobody can read in time. */
export function checkLabels(template: Template, lengths: ReadonlyMap<string, Lengths>): readonly Finding[] {
  return Object.entries(template.story.nodes).flatMap(([id, node]) => [
    ...checkMissing(template, id, node),
    ...(isShown(node) ? checkReading(id, node, lengths.get(id), template.fps) : []),
  ]);
}
