import { z } from 'zod';
import type { Condition, Operand } from './engine/condition.ts';
import { formats } from './format.ts';

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

const operand: z.ZodType<Operand> = z.union([
  z.strictObject({ var: z.string() }),
  z.strictObject({ visits: z.string() }),
  valueSchema,
]);
const pair = z.tuple([operand, operand]);

/** Reads a condition as JSON. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ eq: pair }),
    z.strictObject({ lt: pair }),
    z.strictObject({ lte: pair }),
    z.strictObject({ in: z.tuple([operand, z.array(valueSchema)]) }),
    z.strictObject({ present: z.string() }),
    z.strictObject({ visited: z.string() }),
  ]),
);

/** Where a value comes from: a variable (record field, fact, segment, story variable), or a constant. */
const bindingSchema = z.union([z.strictObject({ var: z.string() }), z.strictObject({ value: z.json() })]);

const bindingsSchema = z.record(z.string(), bindingSchema);

/** Edges in order; the first whose condition holds is taken, and the last must be unconditional. */
const edgesSchema = z.union([
  z.string(),
  z.array(z.strictObject({ when: conditionSchema.optional(), to: z.string() })).min(1),
]);

const effectSchema = z.union([
  z.strictObject({ set: z.string(), to: z.union([valueSchema, z.strictObject({ var: z.string() })]) }),
  z.strictObject({ add: z.string(), by: z.number() }),
  z.strictObject({ toggle: z.string() }),
]);

const frame = z.int().min(0);

const choiceSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  accessibleLabel: z.string().optional(),
  picture: z.string().optional(),
  to: edgesSchema,
  effects: z.array(effectSchema).optional(),
  when: conditionSchema.optional(),
  once: z.boolean().optional(),
  whenDisabled: z.enum(['hide', 'show']).optional(),
  comesBack: z.boolean().optional(),
  analytics: z.string().optional(),
  key: z.string().optional(),
});

const windowSchema = z.strictObject({
  appearsAtFrame: frame.optional(),
  locksAtFrame: frame.optional(),
});

const decisionSchema = windowSchema.extend({
  default: z
    .union([z.strictObject({ choice: z.string() }), z.literal('first-enabled'), z.literal('repeat')])
    .optional(),
  switchAt: z.enum(['end', 'now']).optional(),
});

const areaSchema = z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const hotspotSchema = z.strictObject({
  choice: z.string(),
  areas: z.partialRecord(z.enum(formats), areaSchema),
  fromFrame: frame.optional(),
  toFrame: frame.optional(),
});

const questionSchema = z.strictObject({
  label: z.string(),
  accessibleLabel: z.string().optional(),
  variable: z.string(),
  options: z
    .array(z.strictObject({ value: valueSchema, label: z.string(), accessibleLabel: z.string().optional() }))
    .optional(),
  optional: z.boolean().optional(),
  otherwise: valueSchema.optional(),
});

const linkSchema = z.strictObject({
  label: z.string(),
  accessibleLabel: z.string().optional(),
  to: z.string(),
  query: bindingsSchema.optional(),
});

const fromVariable = z.strictObject({ var: z.string() });

const declared = {
  source: z.enum(['record', 'viewer', 'session']),
  personal: z.boolean().optional(),
  writeBack: z
    .union([z.enum(['none', 'session']), z.strictObject({ field: z.string(), purpose: z.string() })])
    .optional(),
  label: z.string().optional(),
};

const variableSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...declared,
    type: z.literal('boolean'),
    initial: z.union([z.boolean(), fromVariable]).optional(),
  }),
  z.strictObject({
    ...declared,
    type: z.literal('number'),
    min: z.number(),
    max: z.number(),
    integer: z.boolean().optional(),
    initial: z.union([z.number(), fromVariable]).optional(),
  }),
  z.strictObject({
    ...declared,
    type: z.literal('choice'),
    values: z.array(z.string()),
    initial: z.union([z.string(), fromVariable]).optional(),
  }),
  z.strictObject({
    ...declared,
    type: z.literal('text'),
    maxLength: z.int(),
    initial: z.union([z.string(), fromVariable]).optional(),
  }),
]);

const view = { scene: z.string(), inputs: bindingsSchema };
const shown = { ...view, generic: z.strictObject(view).optional() };
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

/** Schema of a story as JSON. `engine/graph.ts` has its types, which viewers' browsers load without zod. */
export const storySchema = z.strictObject({
  version: z.literal(2, { error: 'A story must have version 2.' }),
  start: z.string(),
  variables: z.record(z.string(), variableSchema).default({}),
  links: z.array(z.string()).default([]),
  nodes: z.record(z.string(), nodeSchema),
});
