import { bindPath, bindView, storyContextOf, type ResolvedImages } from './bind.ts';
import type { BoundScene } from './time-scene.ts';
import { chosenPlaythrough } from './playthrough.ts';
import { viewsFor } from './each.ts';
import { choicesOf, hasView } from './engine/graph.ts';
import { readVariables, startStory, type StoryContext } from './engine/state.ts';
import type { Template } from './template.ts';
import { tryTemplate } from './template-code.ts';
import { type Fixture, sampleAsOf } from './fixtures.ts';
import { type AudioInput, storedAudio } from './scene.ts';

/** A placeholder for a stored image's hash, derived from the file name so that it is stable. */
export function sampleImageHash(file: string): string {
  const hex = [...new TextEncoder().encode(file)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(-64).padStart(64, '0');
}

/** A placeholder for a stored recording. */
export const sampleAudio = (name: string, seconds: number): AudioInput =>
  storedAudio(`audio-${Math.round(seconds * 1000)}-${sampleImageHash(name)}`);

/** A fixture's images and recordings as scenes see them. */
function sampleImages({ images, audio = {} }: Fixture): ResolvedImages {
  return Object.fromEntries([
    ...Object.entries(images).map(([field, file]) => [
      field,
      { kind: 'stored', hash: sampleImageHash(file) } as const,
    ]),
    ...Object.entries(audio).map(([field, { seconds, file = field }]) => [field, sampleAudio(file, seconds)]),
  ]) as ResolvedImages;
}

/** What a story reads of a fixture. @throws BespokeError `template-failed` */
export const sampleContext = (template: Template, fixture: Fixture): StoryContext =>
  storyContextOf(template, fixture.record, sampleImages(fixture), { asOf: sampleAsOf });

/** The path of a fixture with these decisions. Default: the viewer only watches. */
export function samplePath(
  template: Template,
  fixture: Fixture,
  path: readonly string[] = [],
): readonly BoundScene[] {
  const context = { asOf: sampleAsOf };
  return bindPath(template, fixture.record, sampleImages(fixture), context, chosenPlaythrough(path));
}

/** A bound node, with the fixture that reaches it. */
export interface Sample {
  readonly bound: BoundScene;
  readonly fixture: Fixture;
}

/** All nodes that viewers of the fixtures reach, starting with the typical fixture. */
function visitedNodes(template: Template): readonly Sample[] {
  const { typical, ...others } = template.fixtures;
  const playthroughs = [
    ...[[], ...Object.values(template.paths ?? {})].map((path) => ({ fixture: typical, path })),
    ...Object.values(others).map((fixture) => ({ fixture, path: [] })),
  ];
  // A fixture that fails shows why where it is drawn itself.
  return playthroughs.flatMap(({ fixture, path }) => {
    const found = tryTemplate(() => samplePath(template, fixture, path));
    return found.ok ? found.value.map((bound) => ({ bound, fixture })) : [];
  });
}

/** All views of the story before any decision, including generic ones. */
function initialViews(template: Template): readonly Sample[] {
  const found = tryTemplate(() => typicalViews(template));
  return found.ok ? found.value : [];
}

function typicalViews(template: Template): readonly Sample[] {
  const { typical: fixture } = template.fixtures;
  const context = sampleContext(template, fixture);
  const variables = readVariables(context, startStory(context).variables);
  return Object.entries(template.story.nodes).flatMap(([node, shown]) => {
    if (!hasView(shown)) return [];
    return [shown, ...(shown.generic === undefined ? [] : [shown.generic])].flatMap((view) => {
      const [first] = viewsFor(template.story, node, view, variables);
      return first === undefined ? [] : [{ bound: bindView(template, node, first, variables), fixture }];
    });
  });
}

/** A scene as in the first fixture that reaches it, starting with the typical one. */
export function sampleScene(template: Template, scene: string): Sample | undefined {
  const shows = ({ bound }: Sample): boolean => bound.scene === scene;
  return visitedNodes(template).find(shows) ?? initialViews(template).find(shows);
}

/** All nodes with a view of an interactive story, as they first appear; empty for a linear story. */
export function sampleNodes(template: Template): readonly Sample[] {
  const nodes = Object.values(template.story.nodes);
  if (!nodes.some((node) => choicesOf(node).length > 0 || node.type === 'form')) return [];
  const samples = new Map<string, Sample>();
  for (const sample of [...visitedNodes(template), ...initialViews(template)]) {
    if (!samples.has(sample.bound.node)) samples.set(sample.bound.node, sample);
  }
  return Object.keys(template.story.nodes).flatMap((node) => samples.get(node) ?? []);
}
