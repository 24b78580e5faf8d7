import { choicesOf, isShown, type Hotspot, type ShownNode, type Story } from '../engine/graph.ts';
import type { Lengths } from './check-pictures.ts';
import { finding, quote, type Finding } from './finding.ts';

/** Whether frames of a node count on while it waits. */
const waits = ({ type }: ShownNode): boolean => type === 'hub' || type === 'form';

function checkDecision(id: string, node: ShownNode, lengths: Lengths | undefined): readonly Finding[] {
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const impossible = (why: string) =>
    finding('window-impossible', { node: id }, `The decision of node ${quote(id)} ${why}.`);
  if (locksAtFrame !== undefined && appearsAtFrame >= locksAtFrame) {
    return [impossible(`appears at frame ${appearsAtFrame} and locks at frame ${locksAtFrame}`)];
  }
  if (waits(node) || lengths === undefined || choicesOf(node).length === 0) return [];
  if (appearsAtFrame >= lengths.least) {
    return [impossible(`appears at frame ${appearsAtFrame}, when ${lengths.least} frames are over`)];
  }
  if (locksAtFrame !== undefined && locksAtFrame > lengths.least) {
    return [impossible(`locks at frame ${locksAtFrame}, when ${lengths.least} frames are over`)];
  }
  return [];
}

function checkHotspot(
  id: string,
  node: ShownNode,
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
  if (fromFrame >= toFrame) return [impossible(`begins at frame ${fromFrame} and ends at frame ${toFrame}`)];
  if (fromFrame >= locksAtFrame || toFrame <= appearsAtFrame)
    return [impossible('is there when nothing can be decided')];
  if (waits(node) || lengths === undefined || fromFrame < lengths.least) return [];
  return [impossible(`begins at frame ${fromFrame}, when ${lengths.least} frames are over`)];
}

/** Times at which nobody can decide. */
export function checkWindows({ nodes }: Story, lengths: ReadonlyMap<string, Lengths>): readonly Finding[] {
  return Object.entries(nodes).flatMap(([id, node]) => {
    if (!isShown(node)) return [];
    const hotspots = node.type === 'form' ? [] : (node.hotspots ?? []);
    return [
      ...checkDecision(id, node, lengths.get(id)),
      ...hotspots.flatMap((each) => checkHotspot(id, node, each, lengths.get(id))),
    ];
  });
}
