import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel, type Point } from '@dagrejs/dagre';
import { storyEdges } from '../video/story/check/check-structure.ts';
import {
  operatorOf,
  sidesOf,
  type Condition,
  type Operand,
  type Operator,
} from '../video/story/engine/condition.ts';
import { choicesOf, hasView, type Edges, type Story, type StoryNode } from '../video/story/engine/graph.ts';
import type { Template } from '../video/story/template.ts';
import { wrapWords } from './terminal.ts';

/** What of a template is drawn. */
export type DrawnTemplate = Pick<Template, 'id' | 'title' | 'story'>;

type Kind = StoryNode['type'] | 'missing';

/** Fill, line and words of each type of node: dark on light, with words as well. */
const looks: Readonly<Record<Kind, { readonly fill: string; readonly line: string }>> = {
  scene: { fill: '#e8f0fe', line: '#3b6fd4' },
  hub: { fill: '#fdeccd', line: '#b36b00' },
  form: { fill: '#f3e6fb', line: '#8a3fb8' },
  cta: { fill: '#ddf4e2', line: '#1f7a3a' },
  router: { fill: '#f1f3f4', line: '#6b7280' },
  detour: { fill: '#e0f5f5', line: '#12807f' },
  return: { fill: '#e0f5f5', line: '#12807f' },
  end: { fill: '#2b2f36', line: '#2b2f36' },
  missing: { fill: '#fde2e2', line: '#c02626' },
};

const lineLooks: Readonly<Record<StoryLine['kind'], { readonly colour: string; readonly dash: string }>> = {
  next: { colour: '#4b5563', dash: '' },
  choice: { colour: '#b36b00', dash: '' },
  detour: { colour: '#12807f', dash: '' },
  return: { colour: '#12807f', dash: '5 4' },
};

const nodeFont = 14;
const smallFont = 12;
/** Wider than the widest common sans serif draws on average, so that no text leaves its box. */
const widthOf = (text: string, size: number): number => [...text].length * size * 0.6;
const lineHeight = 15;
const longestLine = 28;
const margin = 24;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML, without characters that XML cannot hold. */
const escape = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ').replace(/[&<>"]/g, (each) => escapes[each] ?? each);

interface Box extends NodeLabel {
  readonly kind: Kind;
  readonly title: string;
  readonly note: string;
}

interface Label extends EdgeLabel {
  readonly line: StoryLine;
  readonly words: readonly string[];
  readonly guards: readonly string[];
}

function boxOf(title: string, node: StoryNode | undefined, isStart: boolean): Box {
  const kind: Kind = node?.type ?? 'missing';
  const what = node !== undefined && hasView(node) ? `${kind} · ${node.scene}` : kind;
  const note = isStart ? `start · ${what}` : what;
  const width = Math.max(widthOf(title, nodeFont), widthOf(note, smallFont)) + 28;
  return { kind, title, note, width: Math.max(90, width), height: 48 };
}

function labelOf(line: StoryLine): Label {
  const words = line.label === '' ? [] : wrapWords(line.label, longestLine);
  const guards = line.guard === '' ? [] : wrapWords(line.guard, longestLine);
  const all = [...words, ...guards];
  const width = Math.max(0, ...all.map((each) => widthOf(each, smallFont))) + (all.length > 0 ? 12 : 0);
  return {
    line,
    words,
    guards,
    width,
    height: all.length * lineHeight + (all.length > 0 ? 4 : 0),
    labelpos: 'c',
  };
}

/** A number in SVG. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** A smooth line through the layout's points: their cubic B-spline, which stays among them. */
function curve(points: readonly Point[]): string {
  const [first, second] = points;
  const last = points.at(-1);
  if (first === undefined || second === undefined || last === undefined) return '';
  if (points.length === 2) return `M${n(first.x)},${n(first.y)}L${n(last.x)},${n(last.y)}`;
  const mix = (a: Point, b: Point, part: number): Point => ({
    x: a.x + (b.x - a.x) * part,
    y: a.y + (b.y - a.y) * part,
  });
  const middles = points.slice(1).map((point, index) => mix(points[index] ?? point, point, 0.5));
  const pieces = points.slice(1, -1).map((point, index) => {
    const to = middles[index + 1] ?? point;
    return `Q${n(point.x)},${n(point.y)} ${n(to.x)},${n(to.y)}`;
  });
  const start = middles[0] ?? second;
  return `M${n(first.x)},${n(first.y)}L${n(start.x)},${n(start.y)}${pieces.join('')}L${n(last.x)},${n(last.y)}`;
}

function drawBox({ kind, title, note, x = 0, y = 0, width, height }: Box, isStart: boolean): string {
  const { fill, line } = looks[kind];
  const radius = kind === 'end' || kind === 'router' || kind === 'return' ? height / 2 : 10;
  const ink = kind === 'end' ? '#ffffff' : '#111827';
  const soft = kind === 'end' ? '#e5e7eb' : '#4b5563';
  const frame = `x="${n(x - width / 2)}" y="${n(y - height / 2)}" width="${n(width)}" height="${n(height)}" rx="${n(radius)}"`;
  return [
    `<g><title>${escape(`${title} (${note})`)}</title>`,
    `<rect ${frame} fill="${fill}" stroke="${line}" stroke-width="${isStart ? 3 : 1.5}"/>`,
    `<text x="${n(x)}" y="${n(y - 3)}" font-size="${nodeFont}" font-weight="600" fill="${ink}">${escape(title)}</text>`,
    `<text x="${n(x)}" y="${n(y + 14)}" font-size="${smallFont}" fill="${soft}">${escape(note)}</text></g>`,
  ].join('');
}

function drawLine({ line, points = [] }: Label): string {
  const { colour, dash } = lineLooks[line.kind];
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="${curve(points)}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes} marker-end="url(#to-${line.kind})"/>`;
}

function drawLabel({ line, words, guards, x = 0, y = 0, width = 0, height = 0 }: Label): string {
  const all = [...words, ...guards];
  if (all.length === 0) return '';
  const { colour } = lineLooks[line.kind];
  const ground = `<rect x="${n(x - width / 2)}" y="${n(y - height / 2)}" width="${n(width)}" height="${n(height)}" rx="3" fill="#ffffff" fill-opacity="0.92"/>`;
  const texts = all.map((text, index) => {
    const baseline = y - height / 2 + 13 + index * lineHeight;
    const style =
      index < words.length ? `fill="${colour}" font-weight="600"` : 'fill="#374151" font-style="italic"';
    return `<text x="${n(x)}" y="${n(baseline)}" font-size="${smallFont}" ${style}>${escape(text)}</text>`;
  });
  return ground + texts.join('');
}

const marker = (kind: StoryLine['kind']): string =>
  `<marker id="to-${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0,0L10,5L0,10z" fill="${lineLooks[kind].colour}"/></marker>`;

/** Draws a template's story as an SVG document: nodes by type, edges with the labels and conditions of choices. */
export function drawStory({ id, title, story }: DrawnTemplate): string {
  const graph = new Graph<GraphLabel, Box, Label>({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, edgesep: 22, ranksep: 44, marginx: margin, marginy: margin });
  for (const [name, node] of Object.entries(story.nodes)) {
    graph.setNode(name, boxOf(name, node, name === story.start));
  }
  storyLines(story).forEach((line, index) => {
    if (!graph.hasNode(line.to)) graph.setNode(line.to, boxOf(line.to, undefined, false));
    graph.setEdge(line.from, line.to, labelOf(line), String(index));
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const lines = graph.edges().map((edge) => graph.edge(edge));
  // The layout's own width does not include lines that go around everything.
  const across = lines.flatMap(({ points = [] }) => points.map(({ x }) => x));
  const left = Math.min(0, ...across.map((x) => x - margin));
  const right = Math.max(width, ...across.map((x) => x + margin));
  const head = 44;
  const wide = Math.max(right - left, widthOf(`${title} (${id})`, 18) + 2 * margin);
  const tall = height + head;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(wide)} ${n(tall)}" width="${n(wide)}" height="${n(tall)}" role="img" font-family="Inter, system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" text-anchor="middle">`,
    `<title>${escape(`The story of ${title}`)}</title>`,
    `<defs>${(['next', 'choice', 'detour', 'return'] as const).map(marker).join('')}</defs>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="24" y="32" font-size="18" font-weight="700" text-anchor="start" fill="#111827">${escape(title)} <tspan font-weight="400" fill="#6b7280">(${escape(id)})</tspan></text>`,
    `<g transform="translate(${n((wide - (right - left)) / 2 - left)} ${head})">`,
    ...lines.map(drawLine),
    ...graph.nodes().map((name) => drawBox(graph.node(name), name === story.start)),
    ...lines.map(drawLabel),
    '</g></svg>',
  ].join('\n')}\n`;
}

/** An edge of a story as it is drawn. */
export interface StoryLine {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'choice' | 'detour' | 'return';
  /** The choice's label. The conditions are in `guard`. */
  readonly label: string;
  readonly guard: string;
}

function targets(edges: Edges | undefined): readonly { readonly to: string; readonly guard: string }[] {
  if (edges === undefined) return [];
  if (typeof edges === 'string') return [{ to: edges, guard: '' }];
  return edges.map(({ to, when }, index) => ({
    to,
    guard: when === undefined ? (index === 0 ? '' : 'else') : `if ${wordCondition(when)}`,
  }));
}

function linesFrom(from: string, node: StoryNode): readonly StoryLine[] {
  const byDefault = hasView(node) && node.type !== 'form' ? node.decision?.default : undefined;
  const chosen = choicesOf(node).flatMap(({ id, label, to, when, once, comesBack }, index) => {
    const isDefault =
      byDefault === 'first-enabled' ? index === 0 : typeof byDefault === 'object' && byDefault.choice === id;
    const notes = [
      ...(isDefault ? ['default'] : []),
      ...(once === true ? ['once'] : []),
      ...(comesBack === true ? ['comes back'] : []),
    ];
    const words = notes.length === 0 ? label : `${label} (${notes.join(', ')})`;
    const enabled = when === undefined ? '' : `if ${wordCondition(when)}`;
    return targets(to).map((each) => ({
      from,
      to: each.to,
      kind: 'choice' as const,
      label: words,
      guard: [enabled, each.guard].filter((guard) => guard !== '').join('; '),
    }));
  });
  const onwards = 'next' in node ? targets(node.next) : [];
  const silent = node.type === 'form' ? 'answered' : choicesOf(node).length > 0 ? 'no choice' : '';
  const after = node.type === 'detour' ? 'then' : silent;
  return [
    ...chosen,
    ...(node.type === 'detour' ? [{ from, to: node.to, kind: 'detour' as const, label: '', guard: '' }] : []),
    ...onwards.map(({ to, guard }) => ({ from, to, kind: 'next' as const, label: after, guard })),
  ];
}

/** Every edge of a story, including those to missing nodes. */
export function storyLines(story: Story): readonly StoryLine[] {
  return [
    ...Object.entries(story.nodes).flatMap(([id, node]) => linesFrom(id, node)),
    ...storyEdges(story)
      .filter(({ by }) => by === 'return')
      .map(({ from, to }) => ({ from, to, kind: 'return' as const, label: '', guard: '' })),
  ];
}

function word(operand: Operand): string {
  if (typeof operand !== 'object') return typeof operand === 'string' ? `“${operand}”` : String(operand);
  if ('visits' in operand) return `visits of ${operand.visits}`;
  if ('length' in operand) return `length of ${operand.length}`;
  return operand.item === undefined ? operand.var : `${operand.var}.${operand.item}`;
}

const signs: Readonly<Record<Operator, string>> = {
  ...{ eq: '=', lt: '<', lte: '≤', gt: '>', gte: '≥' },
  ...{ before: 'is before', after: 'is after', contains: 'contains' },
};

const isLeaf = (condition: Condition): boolean => !('all' in condition || 'any' in condition);

const part = (condition: Condition): string =>
  isLeaf(condition) ? wordCondition(condition) : `(${wordCondition(condition)})`;

/** A condition as a person would write it, such as `plan = “Basic” and visits of menu < 3`. */
export function wordCondition(condition: Condition): string {
  if ('all' in condition) return condition.all.map(part).join(' and ') || 'always';
  if ('any' in condition) return condition.any.map(part).join(' or ') || 'never';
  if ('not' in condition) {
    const { not } = condition;
    if ('eq' in not) return not.eq.map(word).join(' ≠ ');
    if ('present' in not) return `${not.present} is absent`;
    if ('visited' in not) return `${not.visited} not visited`;
    return `not ${part(not)}`;
  }
  if ('in' in condition) return `${word(condition.in[0])} is ${condition.in[1].map(word).join(' or ')}`;
  if ('present' in condition) return `${condition.present} is there`;
  if ('visited' in condition) return `${condition.visited} visited`;
  const [left, right] = sidesOf(condition);
  const operator = operatorOf(condition);
  if (operator === 'eq' && right === true) return word(left);
  if (operator === 'eq' && right === false) return `not ${word(left)}`;
  return `${word(left)} ${signs[operator]} ${word(right)}`;
}
