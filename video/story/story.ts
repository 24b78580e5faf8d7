import { z } from 'zod';
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
  z.strictObject({ type: z.literal('router'), next: edgesSchema }),
  z.strictObject({ type: z.literal('detour'), to: z.string(), next: edgesSchema }),
  z.strictObject({ type: z.literal('return') }),
  z.strictObject({ type: z.literal('end') }),
]);

/** Reads a story. */
export const storySchema = z.strictObject({
  version: z.literal(2, { error: 'A story must have version 2.' }),
  start: z.string(),
  variables: z.record(z.string(), variableSchema).default({}),
  links: z.array(z.string()).default([]),
  nodes: z.record(z.string(), nodeSchema),
});
