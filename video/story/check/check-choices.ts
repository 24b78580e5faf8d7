import { member } from '../engine/condition.ts';
import {
  choicesOf,
  hasView,
  type Area,
  type FormNode,
  type Hotspot,
  type Link,
  type ViewNode,
  type Story,
  type StoryNode,
} from '../engine/graph.ts';
import { frameSize, type Format } from '../format.ts';
import { storyTexts } from '../localized-story.ts';
import type { Template } from '../template.ts';
import type { Lengths } from './check-views.ts';
import { finding, quote, type Finding } from './finding.ts';

/** Characters per second that most people read easily: the rate of subtitles for adults. */
const readingSpeed = 15;
/** Seconds to notice a decision and to make it. */
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
  if (node.type === 'cta' && isBlank(node.link.label ?? 'the page’s own words'))
    found.push(missing('The link'));
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

/** Frames in which a viewer can decide; `undefined` if time is not limited. */
function windowOf(node: ViewNode, lengths: Lengths | undefined): number | undefined {
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  if (locksAtFrame !== undefined) return locksAtFrame - appearsAtFrame;
  if (node.type === 'hub' || node.type === 'form' || lengths === undefined) return undefined;
  const continues = node.next !== undefined || node.decision?.default !== undefined;
  return continues ? lengths.least - appearsAtFrame : undefined;
}

function checkReading(
  id: string,
  node: ViewNode,
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
  const message = `The labels of node ${quote(id)} take about ${seconds(needed)} to read and decide on, but its window is ${seconds(frames / fps)}.`;
  return [finding('label-too-long', { node: id }, message)];
}

function checkTranslations(template: Template): readonly Finding[] {
  const texts = storyTexts(template);
  return Object.entries(template.translations ?? {}).flatMap(([language, words]) =>
    texts
      .filter((text) => isBlank(member(words, text) ?? ''))
      .map((text) => {
        const message = `The translations into ${quote(language)} lack ${quote(text)}.`;
        return finding('translation-missing', {}, message);
      }),
  );
}

/** Labels that are missing, in the story or in a language, and labels that take too long to read. */
export function checkLabels(template: Template, lengths: ReadonlyMap<string, Lengths>): readonly Finding[] {
  return [
    ...Object.entries(template.story.nodes).flatMap(([id, node]) => [
      ...checkMissing(template, id, node),
      ...(hasView(node) ? checkReading(id, node, lengths.get(id), template.fps) : []),
    ]),
    ...checkTranslations(template),
  ];
}

/** Whether a node waits, so that its frames count beyond its clip's length. */
const waits = ({ type }: ViewNode): boolean => type === 'hub' || type === 'form';

function checkDecision(id: string, node: ViewNode, lengths: Lengths | undefined): readonly Finding[] {
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const impossible = (why: string) =>
    finding('window-impossible', { node: id }, `The decision of node ${quote(id)} ${why}.`);
  if (locksAtFrame !== undefined && appearsAtFrame >= locksAtFrame) {
    return [impossible(`appears at frame ${appearsAtFrame} and locks at frame ${locksAtFrame}`)];
  }
  if (waits(node) || lengths === undefined || choicesOf(node).length === 0) return [];
  if (appearsAtFrame >= lengths.least) {
    return [impossible(`appears at frame ${appearsAtFrame}, but the scene lasts ${lengths.least} frames`)];
  }
  if (locksAtFrame !== undefined && locksAtFrame > lengths.least) {
    return [impossible(`locks at frame ${locksAtFrame}, but the scene lasts ${lengths.least} frames`)];
  }
  return [];
}

function checkHotspotWindow(
  id: string,
  node: ViewNode,
  { choice, fromFrame = 0, toFrame = Infinity }: Hotspot,
  lengths: Lengths | undefined,
): readonly Finding[] {
  const { appearsAtFrame = 0, locksAtFrame = Infinity } = node.decision ?? {};
  const impossible = (why: string) =>
    finding(
      'window-impossible',
      { node: id, choice },
      `The hotspot of ${quote(choice)} at node ${quote(id)} ${why}.`,
    );
  if (fromFrame >= toFrame) return [impossible(`starts at frame ${fromFrame} and ends at frame ${toFrame}`)];
  if (fromFrame >= locksAtFrame || toFrame <= appearsAtFrame)
    return [impossible('is active only when nothing can be decided')];
  if (waits(node) || lengths === undefined || fromFrame < lengths.least) return [];
  return [impossible(`starts at frame ${fromFrame}, but the scene lasts ${lengths.least} frames`)];
}

function checkButtonWindow(id: string, { button }: Link, lengths: Lengths | undefined): readonly Finding[] {
  const { fromFrame = 0, toFrame = Infinity } = button ?? {};
  const last = lengths?.least ?? Infinity;
  if (fromFrame < toFrame && fromFrame < last) return [];
  const why =
    fromFrame < toFrame
      ? `starts at frame ${fromFrame}, but the scene lasts ${last} frames`
      : `starts at frame ${fromFrame} and ends at frame ${toFrame}`;
  const message = `The button of the link at node ${quote(id)} ${why}.`;
  return [finding('window-impossible', { node: id }, message)];
}

/** Decisions, hotspots and buttons that are never open. */
export function checkWindows({ nodes }: Story, lengths: ReadonlyMap<string, Lengths>): readonly Finding[] {
  return Object.entries(nodes).flatMap(([id, node]) => {
    if (!hasView(node)) return [];
    const hotspots = node.type === 'form' ? [] : (node.hotspots ?? []);
    return [
      ...checkDecision(id, node, lengths.get(id)),
      ...hotspots.flatMap((each) => checkHotspotWindow(id, node, each, lengths.get(id))),
      ...(node.type === 'cta' ? checkButtonWindow(id, node.link, lengths.get(id)) : []),
    ];
  });
}

/** CSS pixels: a narrow phone, and the least target of WCAG 2.2 (2.5.8). */
const phoneWidth = 360;
const leastTarget = 24;

const isInFrame = ({ x, y, width, height }: Area): boolean =>
  // Fractions such as thirds do not add up exactly.
  x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;

/** Size of an area in CSS pixels on a phone whose width the film fills. */
function onPhone(
  { width, height }: Area,
  format: Format,
): { readonly width: number; readonly height: number } {
  const size = frameSize(format);
  return { width: width * phoneWidth, height: height * phoneWidth * (size.height / size.width) };
}

const overlaps = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const sameTime = (a: Hotspot, b: Hotspot): boolean =>
  (a.fromFrame ?? 0) < (b.toFrame ?? Infinity) && (b.fromFrame ?? 0) < (a.toFrame ?? Infinity);

/** @param where names what is clicked. */
function checkAreas(
  at: { readonly node: string; readonly choice?: string },
  where: string,
  areas: Hotspot['areas'],
  formats: readonly Format[],
): readonly Finding[] {
  return formats.flatMap((format) => {
    const area = areas[format];
    if (area === undefined) {
      return [finding('hotspot-format-missing', at, `${where} has no area for ${format}.`)];
    }
    if (!isInFrame(area)) {
      return [finding('hotspot-off-frame', at, `${where} is not within the frame at ${format}.`)];
    }
    const { width, height } = onPhone(area, format);
    if (width >= leastTarget && height >= leastTarget) return [];
    const size = `${Math.floor(width)} by ${Math.floor(height)} CSS pixels`;
    return [finding('hotspot-too-small', at, `${where} is ${size} on a phone at ${format}.`)];
  });
}

const checkHotspot = (
  node: string,
  { choice, areas }: Hotspot,
  formats: readonly Format[],
): readonly Finding[] =>
  checkAreas({ node, choice }, `The hotspot of ${quote(choice)} at node ${quote(node)}`, areas, formats);

const checkButton = (node: string, { button }: Link, formats: readonly Format[]): readonly Finding[] =>
  button === undefined
    ? []
    : checkAreas({ node }, `The button of the link at node ${quote(node)}`, button.areas, formats);

function checkOverlaps(
  node: string,
  hotspots: readonly Hotspot[],
  formats: readonly Format[],
): readonly Finding[] {
  return hotspots.flatMap((one, index) =>
    hotspots.slice(index + 1).flatMap((other) => {
      if (one.choice === other.choice || !sameTime(one, other)) return [];
      const format = formats.find((each) => {
        const [a, b] = [one.areas[each], other.areas[each]];
        return a !== undefined && b !== undefined && overlaps(a, b);
      });
      if (format === undefined) return [];
      const message = `Hotspots of ${quote(one.choice)} and ${quote(other.choice)} at node ${quote(node)} overlap at ${format}.`;
      return [finding('decisions-overlap', { node, choice: one.choice }, message)];
    }),
  );
}

/** Hotspots that cannot be seen or hit, and areas or keys that take two choices. */
export function checkHotspots({ story, formats }: Template): readonly Finding[] {
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!hasView(node) || node.type === 'form') return [];
    const { hotspots = [] } = node;
    const keyed = choicesOf(node).flatMap(({ id: choice, key }) =>
      key === undefined ? [] : [{ choice, key: key.toLowerCase() }],
    );
    const clashes = keyed.filter(({ key }, index) => keyed.findIndex((each) => each.key === key) !== index);
    return [
      ...hotspots.flatMap((each) => checkHotspot(id, each, formats)),
      ...(node.type === 'cta' ? checkButton(id, node.link, formats) : []),
      ...checkOverlaps(id, hotspots, formats),
      ...keyed
        .filter(({ key }) => key === ' ')
        .map(({ choice }) => {
          const message = `Choice ${quote(choice)} of node ${quote(id)} uses the space bar, which plays and pauses.`;
          return finding('decisions-overlap', { node: id, choice }, message);
        }),
      ...clashes.map(({ choice, key }) =>
        finding(
          'decisions-overlap',
          { node: id, choice },
          `Key ${quote(key)} takes two choices at node ${quote(id)}, ${quote(choice)} among them.`,
        ),
      ),
    ];
  });
}
