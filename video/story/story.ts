import { z } from 'zod';
import { conditionSchema } from './condition.ts';

/** Where a scene input comes from: a variable (record field, fact or segment), or a constant. */
const bindingSchema = z.union([z.strictObject({ var: z.string() }), z.strictObject({ value: z.json() })]);

/** Edges in order; the first whose condition holds is taken, and the last must be unconditional. */
const edgesSchema = z.union([
  z.string(),
  z.array(z.strictObject({ when: conditionSchema.optional(), to: z.string() })).min(1),
]);

const sceneNodeSchema = z.strictObject({
  type: z.literal('scene'),
  scene: z.string(),
  inputs: z.record(z.string(), bindingSchema),
  next: edgesSchema,
});
const routerNodeSchema = z.strictObject({ type: z.literal('router'), next: edgesSchema });
const endNodeSchema = z.strictObject({ type: z.literal('end') });

export const storySchema = z.strictObject({
  version: z.literal(1),
  start: z.string(),
  nodes: z.record(
    z.string(),
    z.discriminatedUnion('type', [sceneNodeSchema, routerNodeSchema, endNodeSchema]),
  ),
});

/** A graph of scenes as JSON. A linear template is a story with only `next` edges. */
export type Story = z.infer<typeof storySchema>;
export type StoryNode = Story['nodes'][string];
export type SceneNode = Extract<StoryNode, { type: 'scene' }>;
export type Edges = z.infer<typeof edgesSchema>;
