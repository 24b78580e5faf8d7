import { z } from 'zod';
import type { Story } from './engine/graph.ts';
import {
  bindingsSchema,
  choiceSchema,
  decisionSchema,
  edgesSchema,
  hotspotSchema,
  linkSchema,
  questionSchema,
  variableSchema,
  windowSchema,
} from './interaction.ts';

const picture = { scene: z.string(), inputs: bindingsSchema };
const shown = { ...picture, generic: z.strictObject(picture).optional() };
const choosing = {
  ...shown,
  decision: decisionSchema.optional(),
  hotspots: z.array(hotspotSchema).optional(),
  next: edgesSchema.optional(),
};
const waiting = z.enum(['loop', 'hold']);

const routerNode = z.strictObject({ type: z.literal('router'), next: edgesSchema });
const endNode = z.strictObject({ type: z.literal('end') });

const nodeSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...choosing, type: z.literal('scene'), choices: z.array(choiceSchema).optional() }),
  z.strictObject({ ...choosing, type: z.literal('hub'), while: waiting, choices: z.array(choiceSchema) }),
  z.strictObject({
    ...shown,
    type: z.literal('form'),
    while: waiting,
    question: questionSchema,
    decision: windowSchema.optional(),
    next: edgesSchema,
  }),
  z.strictObject({
    ...choosing,
    type: z.literal('cta'),
    link: linkSchema,
    choices: z.array(choiceSchema).optional(),
  }),
  routerNode,
  z.strictObject({ type: z.literal('detour'), to: z.string(), next: edgesSchema }),
  z.strictObject({ type: z.literal('return') }),
  endNode,
]);

/** Version 1: scenes, routers and ends, nothing for a viewer to decide. */
const firstVersion = z.strictObject({
  version: z.literal(1),
  start: z.string(),
  nodes: z.record(
    z.string(),
    z.discriminatedUnion('type', [
      z.strictObject({ ...picture, type: z.literal('scene'), next: edgesSchema }),
      routerNode,
      endNode,
    ]),
  ),
});

const secondVersion = z.strictObject({
  version: z.literal(2),
  start: z.string(),
  variables: z.record(z.string(), variableSchema).default({}),
  links: z.array(z.string()).default([]),
  nodes: z.record(z.string(), nodeSchema),
});

/** A story of version 1 in the form of version 2; it means the same. */
function upgradeStory({ start, nodes }: z.infer<typeof firstVersion>): Story {
  return { version: 2, start, variables: {}, links: [], nodes };
}

/** Reads a story of any version and gives it in the newest form. */
export const storySchema = z
  .discriminatedUnion('version', [firstVersion, secondVersion])
  .transform((story): Story => (story.version === 1 ? upgradeStory(story) : story));
