import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel, type Point } from '@dagrejs/dagre';
import { markup, type Markup } from '../documents/html.ts';
import type { CampaignWatching } from './watching-schema.ts';

/** The node that stands for the end of the story. */
const endNode = '\u0000end';

interface Box extends NodeLabel {
  readonly title: string;
  readonly note: string;
}

interface Flow extends EdgeLabel {
  readonly people: number;
}

const fontSize = 13;
const widthOf = (text: string): number => [...text].length * fontSize * 0.58;
const thickest = 16;

/** A number in SVG. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** A smooth line through points that stays among them. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const middles = rest.map((point, index) => {
    const before = points[index] ?? point;
    return { x: (before.x + point.x) / 2, y: (before.y + point.y) / 2 };
  });
  const pieces = rest.slice(0, -1).map((point, index) => {
    const to = middles[index + 1] ?? point;
    return `Q${n(point.x)},${n(point.y)} ${n(to.x)},${n(to.y)}`;
  });
  const [start = last] = middles;
  return `M${n(first.x)},${n(first.y)}L${n(start.x)},${n(start.y)}${pieces.join('')}L${n(last.x)},${n(last.y)}`;
}

/** Where each box and each way is. */
function layOut({ scenes, ways }: CampaignWatching): Graph<GraphLabel, Box, Flow> {
  const graph = new Graph<GraphLabel, Box, Flow>();
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 46, marginx: 16, marginy: 16 });
  const entered = new Map(scenes.map((scene) => [scene.node, scene]));
  const names = new Set([
    ...scenes.map(({ node }) => node),
    ...ways.flatMap(({ from, to }) => [from, to ?? endNode]),
  ]);
  for (const name of names) {
    const scene = entered.get(name);
    const title = name === endNode ? 'the end' : name;
    const left = scene === undefined || scene.left === 0 ? '' : ` · ${scene.left} left`;
    const note = scene === undefined ? '' : `${scene.entered}${left}`;
    const width = Math.max(84, widthOf(title), widthOf(note)) + 24;
    graph.setNode(name, { title, note, width, height: note === '' ? 30 : 46 });
  }
  for (const { from, to, first } of ways) graph.setEdge(from, to ?? endNode, { people: first });
  layout(graph);
  return graph;
}

/** The ways that viewers took, as lines between the nodes, the thicker the more went there. */
export function drawWays(watching: CampaignWatching): Markup | undefined {
  if (watching.ways.length === 0) return undefined;
  const graph = layOut(watching);
  const { width = 0, height = 0 } = graph.graph();
  const most = Math.max(...watching.ways.map(({ first }) => first));
  const lines = graph.edges().map((edge) => {
    const { people, points = [] } = graph.edge(edge);
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
    const thickness = n(Math.max(1.5, (people / most) * thickest));
    return markup`<g><path d="${curve(points)}" stroke-width="${thickness}"/><text x="${n(middle.x)}" y="${n(middle.y + 4)}">${people}</text></g>`;
  });
  const boxes = graph.nodes().map((name) => {
    const { title, note, x = 0, y = 0, width: wide, height: high } = graph.node(name);
    const top = note === '' ? y + 5 : y - 3;
    const below =
      note === '' ? undefined : markup`<text class="note" x="${n(x)}" y="${n(y + 14)}">${note}</text>`;
    return markup`<g><rect x="${n(x - wide / 2)}" y="${n(y - high / 2)}" width="${n(wide)}" height="${n(high)}" rx="8"/><text x="${n(x)}" y="${n(top)}">${title}</text>${below}</g>`;
  });
  return markup`<div class="flow"><svg viewBox="0 0 ${n(width)} ${n(height)}" width="${n(width)}" role="img" aria-label="Ways through the story; the table below has the same numbers.">${lines}${boxes}</svg></div>`;
}

/** How many saw each second of a scene, from its first to its last, as a line. */
export function drawSeconds(seconds: readonly number[]): Markup | undefined {
  const most = Math.max(0, ...seconds);
  if (seconds.length < 2 || most === 0) return undefined;
  const [width, height] = [140, 28];
  const at = (value: number, index: number): string =>
    `${n((index / (seconds.length - 1)) * width)},${n(height - (value / most) * (height - 2))}`;
  const line = seconds.map(at).join(' ');
  return markup`<svg class="seconds" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${`${seconds[0] ?? 0} viewers in the first second, ${seconds.at(-1) ?? 0} in the last`}"><polygon points="0,${height} ${line} ${width},${height}"/></svg>`;
}
