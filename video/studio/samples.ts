import { z } from 'zod';
import { bindPath, bindView, storyContextOf, type BoundScene, type ResolvedImages } from '../story/bind.ts';
import { chosenPlaythrough } from '../story/playthrough.ts';
import { choicesOf, hasView } from '../story/engine/graph.ts';
import { startStory, readVariables } from '../story/engine/state.ts';
import type { Fixture, Template } from '../story/template.ts';

/**
 * A real row for Studio. Handed over as `{ "bespokeRow": ... }` in a file that `remotion studio
 * --props` reads, which lies in the workspace and is never copied into a bundle.
 */
export const rowPropsSchema = z.object({
  template: z.string(),
  /** What the row is called in the list of compositions, for example `row-12`. */
  name: z.string().regex(/^[a-zA-Z0-9-]+$/),
  record: z.record(z.string(), z.unknown()),
  /** `data:` URLs by image field. */
  images: z.record(z.string(), z.string()),
  /** ISO `YYYY-MM-DD`. */
  asOf: z.string(),
});

export type RowProps = z.infer<typeof rowPropsSchema>;

/** The row among Remotion's input props, if one was handed over. */
export function rowFrom(inputProps: Readonly<Record<string, unknown>>): RowProps | undefined {
  const { bespokeRow } = inputProps;
  return bespokeRow === undefined ? undefined : rowPropsSchema.parse(bespokeRow);
}

/** The campaign's date of everything that is shown from fixtures. */
export const sampleAsOf = '2026-01-15';

/** A stand-in for a stored image's hash, made from the file's name so that it is the same every time. */
export function sampleImageHash(file: string): string {
  const hex = [...new TextEncoder().encode(file)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(-64).padStart(64, '0');
}

/** A fixture's images as scenes see them. */
function sampleImages(fixture: Fixture): ResolvedImages {
  return Object.fromEntries(
    Object.entries(fixture.images).map(([field, file]) => [
      field,
      { kind: 'stored', hash: sampleImageHash(file) } as const,
    ]),
  );
}

/** The path that a fixture's person sees who decides so; one who only watches if not said. */
export function samplePath(
  template: Template,
  fixture: Fixture,
  path: readonly string[] = [],
): readonly BoundScene[] {
  const context = { asOf: sampleAsOf };
  return bindPath(template, fixture.record, sampleImages(fixture), context, chosenPlaythrough(path));
}

/** A place of the story as a fixture's viewer comes to it. */
export interface Sample {
  readonly bound: BoundScene;
  readonly fixture: Fixture;
}

/** Every place that viewers of the fixtures come to, the typical one before all others. */
function visitedPlaces(template: Template): readonly Sample[] {
  const { typical, ...others } = template.fixtures;
  const walks = [
    ...[[], ...Object.values(template.paths ?? {})].map((path) => ({ fixture: typical, path })),
    ...Object.values(others).map((fixture) => ({ fixture, path: [] })),
  ];
  return walks.flatMap(({ fixture, path }) =>
    samplePath(template, fixture, path).map((bound) => ({ bound, fixture })),
  );
}

/** Every picture of the story as it is before anything was decided, those that stand in for others too. */
function unvisitedPictures(template: Template): readonly Sample[] {
  const { typical: fixture } = template.fixtures;
  const context = storyContextOf(template, fixture.record, sampleImages(fixture), { asOf: sampleAsOf });
  const variables = readVariables(context, startStory(context).variables);
  return Object.entries(template.story.nodes).flatMap(([node, shown]) => {
    if (!hasView(shown)) return [];
    return [shown, ...(shown.generic === undefined ? [] : [shown.generic])].map((view) => ({
      bound: bindView(template, node, view, variables),
      fixture,
    }));
  });
}

/** A scene as the first fixture that reaches it shows it, the typical one before all others. */
export function sampleScene(template: Template, scene: string): Sample | undefined {
  const shows = ({ bound }: Sample): boolean => bound.scene === scene;
  return visitedPlaces(template).find(shows) ?? unvisitedPictures(template).find(shows);
}

/** Every node of an interactive story that shows something, as it is shown first; none of a linear one. */
export function sampleNodes(template: Template): readonly Sample[] {
  const nodes = Object.values(template.story.nodes);
  if (!nodes.some((node) => choicesOf(node).length > 0 || node.type === 'form')) return [];
  const samples = new Map<string, Sample>();
  for (const sample of [...visitedPlaces(template), ...unvisitedPictures(template)]) {
    if (!samples.has(sample.bound.node)) samples.set(sample.bound.node, sample);
  }
  return Object.keys(template.story.nodes).flatMap((node) => samples.get(node) ?? []);
}
