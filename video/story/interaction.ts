import { z } from 'zod';
import { conditionSchema, valueSchema } from './condition.ts';
import { formats } from './format.ts';

/** Where a value comes from: a variable (record field, fact, segment, story variable), or a constant. */
const bindingSchema = z.union([z.strictObject({ var: z.string() }), z.strictObject({ value: z.json() })]);

export const bindingsSchema = z.record(z.string(), bindingSchema);

/** Edges in order; the first whose condition holds is taken, and the last must be unconditional. */
export const edgesSchema = z.union([
  z.string(),
  z.array(z.strictObject({ when: conditionSchema.optional(), to: z.string() })).min(1),
]);

const effectSchema = z.union([
  z.strictObject({ set: z.string(), to: z.union([valueSchema, z.strictObject({ var: z.string() })]) }),
  z.strictObject({ add: z.string(), by: z.number() }),
  z.strictObject({ toggle: z.string() }),
]);

const frame = z.int().min(0);

export const choiceSchema = z.strictObject({
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

export const windowSchema = z.strictObject({
  appearsAtFrame: frame.optional(),
  locksAtFrame: frame.optional(),
});

export const decisionSchema = windowSchema.extend({
  default: z
    .union([z.strictObject({ choice: z.string() }), z.literal('first-enabled'), z.literal('repeat')])
    .optional(),
  switchAt: z.enum(['end', 'now']).optional(),
});

const areaSchema = z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

export const hotspotSchema = z.strictObject({
  choice: z.string(),
  areas: z.partialRecord(z.enum(formats), areaSchema),
  fromFrame: frame.optional(),
  toFrame: frame.optional(),
});

export const questionSchema = z.strictObject({
  label: z.string(),
  accessibleLabel: z.string().optional(),
  variable: z.string(),
  options: z
    .array(z.strictObject({ value: valueSchema, label: z.string(), accessibleLabel: z.string().optional() }))
    .optional(),
  optional: z.boolean().optional(),
  otherwise: valueSchema.optional(),
});

export const linkSchema = z.strictObject({
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

export const variableSchema = z.discriminatedUnion('type', [
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
