import { choicesOf, isShown, type Area, type Hotspot } from '../engine/graph.ts';
import { frameSizes, type Format } from '../format.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';

/** CSS pixels: a narrow phone, and the least target of WCAG 2.2 (2.5.8). */
const phoneWidth = 360;
const leastTarget = 24;

const isInFrame = ({ x, y, width, height }: Area): boolean =>
  // Thirds and the like do not add up exactly.
  x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;

/** An area on a phone in CSS pixels, where the film fills its width. */
function onPhone(
  { width, height }: Area,
  format: Format,
): { readonly width: number; readonly height: number } {
  const size = frameSizes[format];
  return { width: width * phoneWidth, height: height * phoneWidth * (size.height / size.width) };
}

const overlaps = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const sameTime = (a: Hotspot, b: Hotspot): boolean =>
  (a.fromFrame ?? 0) < (b.toFrame ?? Infinity) && (b.fromFrame ?? 0) < (a.toFrame ?? Infinity);

function checkHotspot(
  node: string,
  { choice, areas }: Hotspot,
  formats: readonly Format[],
): readonly Finding[] {
  const where = `The hotspot of ${quote(choice)} at node ${quote(node)}`;
  return formats.flatMap((format) => {
    const area = areas[format];
    if (area === undefined) {
      return [finding('hotspot-format-missing', { node, choice }, `${where} has no area for ${format}.`)];
    }
    if (!isInFrame(area)) {
      return [
        finding('hotspot-off-frame', { node, choice }, `${where} is not within the frame at ${format}.`),
      ];
    }
    const { width, height } = onPhone(area, format);
    if (width >= leastTarget && height >= leastTarget) return [];
    const size = `${Math.floor(width)} by ${Math.floor(height)} CSS pixels`;
    return [finding('hotspot-too-small', { node, choice }, `${where} is ${size} on a phone at ${format}.`)];
  });
}

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

/** Hotspots that cannot be seen or hit, and places or keys that mean two choices. */
export function checkHotspots({ story, formats }: Template): readonly Finding[] {
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (!isShown(node) || node.type === 'form') return [];
    const { hotspots = [] } = node;
    const keyed = choicesOf(node).flatMap(({ id: choice, key }) =>
      key === undefined ? [] : [{ choice, key: key.toLowerCase() }],
    );
    const clashes = keyed.filter(({ key }, index) => keyed.findIndex((each) => each.key === key) !== index);
    return [
      ...hotspots.flatMap((each) => checkHotspot(id, each, formats)),
      ...checkOverlaps(id, hotspots, formats),
      ...keyed
        .filter(({ key }) => key === ' ')
        .map(({ choice }) => {
          const message = `Choice ${quote(choice)} of node ${quote(id)} has the space bar, which plays and pauses.`;
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
