import { errors } from '../../errors/messages.ts';
import { bindView, storyContextOf } from './bind.ts';
import { type Binding, hasView, type Story, type StoryNode, type ViewNode } from './engine/graph.ts';
import { readVariables, startStory } from './engine/state.ts';
import { sampleAsOf } from './fixtures.ts';
import type { Scene, SceneCue, SceneSound } from './scene.ts';
import type { Template } from './template.ts';

/** A part of a cut scene: it ends before `until`, counted from the scene's start, and its frames read these inputs. */
export interface CutPart {
  readonly until: number;
  readonly reads: readonly string[];
}

/** Parts of scenes, in order; the last ends with its scene. */
export type Cuts = Readonly<Partial<Record<string, readonly CutPart[]>>>;

const refused = (scene: string, why: string) =>
  errors.templateRefused({ why: `Its scene "${scene}" cannot be cut: ${why}` });

/** The parts' names: those of scenes, and of nodes. */
const partName = (name: string, index: number): string => `${name}-${index + 1}`;

function checkParts(name: string, scene: Scene, parts: readonly CutPart[]): number {
  const { durationInFrames: frames, inputs } = scene;
  if (typeof frames !== 'number') throw refused(name, 'its length depends on its inputs.');
  let before = 0;
  for (const { until, reads } of parts) {
    if (!Number.isInteger(until) || until <= before) {
      throw refused(
        name,
        `its parts end at ${parts.map((part) => part.until).join(', ')}, which do not rise.`,
      );
    }
    const unknown = reads.find((input) => !Object.hasOwn(inputs.shape, input));
    if (unknown !== undefined) throw refused(name, `it has no input "${unknown}".`);
    before = until;
  }
  if (before !== frames)
    throw refused(name, `it lasts ${frames} frames, and its last part ends at ${before}.`);
  return frames;
}

const within = (from: number, until: number) => ({
  cue: ({ fromFrame, toFrame, text }: SceneCue): readonly SceneCue[] =>
    toFrame <= from || fromFrame >= until
      ? []
      : [{ text, fromFrame: Math.max(fromFrame, from) - from, toFrame: Math.min(toFrame, until) - from }],
  sound: (sound: SceneSound): readonly SceneSound[] =>
    sound.atFrame < from || sound.atFrame >= until ? [] : [{ ...sound, atFrame: sound.atFrame - from }],
});

/** The parts of a scene as scenes. */
function cutScene(name: string, scene: Scene, parts: readonly CutPart[]): readonly Scene[] {
  const of = checkParts(name, scene, parts);
  return parts.map(({ until }, index) => {
    const from = parts[index - 1]?.until ?? 0;
    const { cue, sound } = within(from, until);
    return {
      inputs: scene.inputs,
      durationInFrames: until - from,
      captions: (inputs) => scene.captions(inputs).flatMap(cue),
      sounds: scene.sounds.flatMap(sound),
      excerpt: { scene: name, from, of },
    };
  });
}

type NamedNode = readonly [name: string, node: StoryNode];

/** A node that shows a cut scene, as one node for each part. What a part does not read is the same for everyone. */
function cutNode(
  name: string,
  node: ViewNode,
  parts: readonly CutPart[],
  neutral: Readonly<Record<string, unknown>>,
): readonly NamedNode[] {
  const { scene, inputs } = node;
  if (
    node.type !== 'scene' ||
    (node.generic ?? node.choices ?? node.decision ?? node.hotspots) !== undefined
  ) {
    throw refused(scene, `node "${name}", which shows it, offers choices, a link or a question.`);
  }
  if (node.each !== undefined) {
    throw refused(scene, `node "${name}", which shows it, is shown for each item of "${node.each}".`);
  }
  const nameOf = (index: number): string => (index === 0 ? name : partName(name, index));
  return parts.map(({ reads }, index) => {
    const bound = Object.entries(inputs).flatMap(
      ([input, binding]): readonly (readonly [string, Binding])[] => {
        if ('value' in binding || reads.includes(input)) return [[input, binding]];
        return neutral[input] === undefined ? [] : [[input, { value: neutral[input] }]];
      },
    );
    const next = index === parts.length - 1 ? node.next : nameOf(index + 1);
    return [
      nameOf(index),
      { ...node, scene: partName(scene, index), inputs: Object.fromEntries(bound), ...(next && { next }) },
    ];
  });
}

/**
 * A template whose cut scenes are shown in parts, each a clip of its own: a part that does not read what is personal is
 * shared. Of the inputs that a part does not read it gets those of the typical fixture, so nothing of them can reach a
 * shared clip. Frames are those of the whole scene. The first part's node keeps the name of the scene's.
 *
 * @throws BespokeError `template-invalid` when a scene cannot be cut in this way.
 */
export function withCuts<T extends Template>(template: T, cuts: Cuts = {}): T {
  const cut = Object.entries(cuts).flatMap(([name, parts]) => (parts === undefined ? [] : [{ name, parts }]));
  if (cut.length === 0) return template;
  const scenes: Record<string, Scene> = { ...template.scenes };
  for (const { name, parts } of cut) {
    const scene = template.scenes[name];
    if (scene === undefined) throw refused(name, 'there is no such scene.');
    for (const [index, part] of cutScene(name, scene, parts).entries()) {
      if (Object.hasOwn(scenes, partName(name, index))) {
        throw refused(name, `there is a scene "${partName(name, index)}" already.`);
      }
      scenes[partName(name, index)] = part;
    }
  }
  const { record } = template.fixtures.typical;
  const context = storyContextOf(template, record, {}, { asOf: sampleAsOf });
  const typical = readVariables(context, startStory(context).variables);
  const names = new Set(Object.keys(template.story.nodes));
  const nodes = Object.entries(template.story.nodes).flatMap(([name, node]): readonly NamedNode[] => {
    const parts = hasView(node) ? cuts[node.scene] : undefined;
    if (!hasView(node) || parts === undefined) return [[name, node]];
    const made = cutNode(name, node, parts, bindView(template, name, node, typical).inputs);
    const taken = made.slice(1).find(([part]) => names.has(part));
    if (taken !== undefined) throw refused(node.scene, `there is a node "${taken[0]}" already.`);
    return made;
  });
  const story: Story = { ...template.story, nodes: Object.fromEntries(nodes) };
  return { ...template, scenes, story, uncut: template };
}
