import { rowFields } from '../../data/record.ts';
import { member, type Variables } from '../../video/story/engine/condition.ts';
import { choicesOf, hasView, type Edges, type Story } from '../../video/story/engine/graph.ts';
import type { Template } from '../../video/story/template.ts';
import { compactKey } from '../core/hmac.ts';
import type { CountedPlan } from '../core/plan-render.ts';
import type { NamesUsed } from '../people/known-view.ts';
import type { ContentVolume } from './advice-schema.ts';

/** Counts what the story has for the people of a file. Memory grows with the distinct shared clips and the nodes. */
export interface ContentCounter {
  readonly see: (plan: CountedPlan) => void;
  readonly result: (distinctClips: number) => ContentVolume;
}

/** Who has come to something: which audience segments all of them were in, and which some of them. */
interface Reach {
  all: bigint;
  some: bigint;
}

const has = (membership: bigint, index: number): boolean => ((membership >> BigInt(index)) & 1n) === 1n;

const round = (value: number): number => Math.round(value * 100) / 100;

const targets = (edges: Edges | undefined): readonly string[] =>
  edges === undefined ? [] : typeof edges === 'string' ? [edges] : edges.map(({ to }) => to);

/**
 * Nodes that some viewer of these rows may come to: those on the paths of viewers who only watch, and whatever a choice
 * leads to from there. A node counts as reached where that depends on what viewers answer.
 */
export function reachable(story: Story, watched: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(watched);
  const open: string[] = [];
  const follow = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    open.push(id);
  };
  for (const id of watched) {
    const node = member(story.nodes, id);
    if (node === undefined) continue;
    for (const { to } of choicesOf(node)) targets(to).forEach(follow);
    // What an answer decides may lead to any of them.
    if (node.type === 'form') targets(node.next).forEach(follow);
  }
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = member(story.nodes, id);
    if (node === undefined) continue;
    for (const { to } of choicesOf(node)) targets(to).forEach(follow);
    if ('next' in node) targets(node.next).forEach(follow);
    if (node.type === 'detour') follow(node.to);
  }
  return found;
}

/** @param used what the story reads. */
export function createContentCounter(template: Template, used: NamesUsed): ContentCounter {
  const { story, record: fields } = template;
  const segments = Object.keys(template.segments);
  const inSegment = segments.map(() => 0);
  const clips = new Map<string, Reach>();
  const nodes = new Map<string, Reach>();
  const choiceFields = Object.entries(rowFields(fields)).flatMap(([name, { kind, label, jsonSchema }]) => {
    const values = jsonSchema['enum'];
    const isShown = kind === 'choice' && used.has(name) && Array.isArray(values);
    return isShown ? [{ name, label, values: values.map(String), seen: new Set<unknown>() }] : [];
  });
  const shown = { rows: 0, all: 0, personal: 0, inNone: 0 };

  function note(reaches: Map<string, Reach>, name: string, membership: bigint): void {
    const known = reaches.get(name);
    if (known === undefined) {
      reaches.set(name, { all: membership, some: membership });
      return;
    }
    known.all &= membership;
    known.some |= membership;
  }

  function membershipOf(facts: Variables): bigint {
    let membership = 0n;
    segments.forEach((segment, index) => {
      if (facts[segment] !== true) return;
      membership |= 1n << BigInt(index);
      inSegment[index] = (inSegment[index] ?? 0) + 1;
    });
    return membership;
  }

  const ownOf = (reaches: ReadonlyMap<string, Reach>, index: number): readonly string[] => {
    // Where everybody is in it, nothing is seen by its people alone.
    if (inSegment[index] === shown.rows) return [];
    return [...reaches].flatMap(([name, { all }]) => (has(all, index) ? [name] : []));
  };

  return {
    see: ({ clips: path, beside, nodes: walked, facts }) => {
      const membership = membershipOf(facts);
      if (membership === 0n) shown.inNone += 1;
      shown.rows += 1;
      shown.all += path.length;
      shown.personal += path.filter(({ personal }) => personal).length;
      const shared = new Set([...path, ...beside].flatMap(({ personal, key }) => (personal ? [] : [key])));
      for (const key of shared) note(clips, compactKey(key), membership);
      for (const node of new Set(walked)) note(nodes, node, membership);
      for (const { name, seen } of choiceFields) seen.add(facts[name]);
    },
    result: (distinctClips) => {
      const reached = reachable(story, new Set(nodes.keys()));
      const mean = (sum: number): number => (shown.rows === 0 ? 0 : round(sum / shown.rows));
      return {
        segments: segments.map((segment, index) => ({
          segment,
          rows: inSegment[index] ?? 0,
          variants: [...clips.values()].filter(({ some }) => has(some, index)).length,
          own: { nodes: [...ownOf(nodes, index)].sort(), clips: ownOf(clips, index).length },
        })),
        inNoSegment: shown.inNone,
        unreached: Object.entries(story.nodes).flatMap(([id, node]) =>
          hasView(node) && !reached.has(id) ? [id] : [],
        ),
        unusedValues: choiceFields.flatMap(({ name, label, values, seen }) => {
          const unused = values.filter((value) => !seen.has(value));
          return unused.length === 0 ? [] : [{ field: name, label, values: unused }];
        }),
        clips: {
          shown: mean(shown.all),
          personal: mean(shown.personal),
          shared: clips.size,
          perPerson: mean(distinctClips),
        },
      };
    },
  };
}
