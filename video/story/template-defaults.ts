import type { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import type { Binding, Story } from './engine/graph.ts';
import type { Scene } from './scene.ts';
import type { storySchema } from './story-schema.ts';

/** `spring-sale` as `Spring sale`. */
export function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Scenes by name, in the order in which they are declared. */
type Scenes = Readonly<Record<string, Scene>>;

/**
 * Binds each input to the variable of the same name. An input without one keeps the default of its schema.
 *
 * @throws BespokeError `template-invalid` naming the input that nothing fills.
 */
function bindingsByName(name: string, { inputs }: Scene, variables: ReadonlySet<string>) {
  const bindings: Record<string, Binding> = {};
  for (const [input, schema] of Object.entries<z.ZodType>(inputs.shape)) {
    if (variables.has(input)) {
      bindings[input] = { var: input };
      continue;
    }
    const fallback = schema.safeParse(undefined);
    if (!fallback.success) {
      const why = `Scene "${name}" has the input "${input}", and no field, fact or segment has this name. Rename it, or declare a story that binds it.`;
      throw errors.templateRefused({ why });
    }
    if (fallback.data !== undefined) bindings[input] = { value: fallback.data };
  }
  return bindings;
}

/** The scenes one after another, each showing the fields, facts and segments that its inputs are named after. */
export function storyInOrder(scenes: Scenes, variables: ReadonlySet<string>): z.input<typeof storySchema> {
  const names = Object.keys(scenes);
  const [start] = names;
  if (start === undefined) throw errors.templateRefused({ why: 'It has no scene.' });
  // `end` is the last node's name, unless a scene is called so.
  const end = names.includes('end') ? 'end-of-story' : 'end';
  const nodes = Object.entries(scenes).map(
    ([name, scene], index) =>
      [
        name,
        {
          type: 'scene' as const,
          scene: name,
          inputs: bindingsByName(name, scene, variables),
          next: names[index + 1] ?? end,
        },
      ] as const,
  );
  return { version: 2, start, nodes: { ...Object.fromEntries(nodes), [end]: { type: 'end' } } };
}

/** The first scene of a path, whichever that is. */
const firstOnPath = ({ nodes }: Story): readonly string[] =>
  Object.entries(nodes).flatMap(([name, node]) => ('scene' in node ? [name] : []));

/** A poster after two seconds. */
export const defaultPoster = (story: Story, fps: number) => ({
  nodes: firstOnPath(story),
  frame: Math.round(2 * fps),
});

/** A teaser of the first six seconds. */
export const defaultTeaser = (story: Story, fps: number) => ({
  nodes: firstOnPath(story),
  frame: 0,
  durationInFrames: Math.round(6 * fps),
});
